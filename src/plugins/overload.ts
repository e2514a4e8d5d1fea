import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems.ts';

const SAMPLE_MS = 1_500;
/** A kept dossier takes a twentieth of a millisecond: this is some thousands of requests behind. */
const MAX_EVENT_LOOP_DELAY_MS = 500;

const LATER =
  "La passerelle reçoit plus de demandes qu'elle n'en peut traiter : réessayez dans quelques secondes.";

/** Those who watch the process must see it, above all when it is not well. */
const EXEMPT = ['/livez', '/readyz', '/metrics'];

/** @throws Problem 503 */
export type Shed = () => never;

export function createShed(onShed: () => void): Shed {
  return () => {
    onShed();
    throw new Problem('passerelle-indisponible', { detail: LATER });
  };
}

/** Refuses at once what the process could not answer in time: what it accepts stays fast. */
export async function overload(app: FastifyInstance, shed: Shed): Promise<void> {
  await app.register(underPressure, {
    sampleInterval: SAMPLE_MS,
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    pressureHandler(request) {
      if (!EXEMPT.includes(request.routeOptions.url ?? '')) shed();
    },
  });
}
