import type { FastifyReply } from 'fastify';
import type { Holder } from '../access/register.ts';
import { createFairPlaces } from './fair-places.ts';

/** Each holds a document, ten mebibytes at the most. */
const MAX_UNDER_WAY = 32;
/** Somebody who does not read what is sent leaves his place to others. */
const LONGEST_MS = 300_000;

/** Counts an answer until it has gone, or its reader has. */
export type CountSending = (reply: FastifyReply, holder: Pick<Holder, 'habilitation'>) => void;

/** @param shed refuses, by throwing, what would be one too many */
export function createSendingLimit(shed: () => never, maxUnderWay = MAX_UNDER_WAY): CountSending {
  const take = createFairPlaces(maxUnderWay, shed);
  return ({ raw }, { habilitation }) => {
    const leave = take(habilitation.id);
    const timer = setTimeout(() => raw.destroy(), LONGEST_MS).unref();
    raw.once('close', () => {
      leave();
      clearTimeout(timer);
    });
  };
}
