import type { FastifyRequest } from 'fastify';
import type { Witness, Witnessed } from '../access/witness.ts';
import { Problem } from '../problems.ts';
import type { Admission } from './admission.ts';
import { UNRECORDED } from './health.ts';
import { type Telling, witnessedOf } from './told.ts';

/** @throws Problem when the access cannot be accounted for, or may not be had any more: nothing may leave then */
export type TellAccess = (request: FastifyRequest, asked: Witnessed['asked'], told: Telling) => Promise<void>;

export function createTellAccess(access: Admission, witness: Witness): TellAccess {
  return async (request, asked, told) => {
    await access.requireStanding(request, asked);
    const asker = access.admittedOf(request);
    const { id, method, routeOptions } = request;
    const witnessed = { ...witnessedOf(id, asker, asked, told), method, route: routeOptions.url ?? null };
    const isRemembered = await new Promise<boolean>((resolve) => witness(witnessed, resolve));
    if (!isRemembered) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
  };
}
