import type { FastifyReply } from 'fastify';

/** Each holds a document, ten mebibytes at the most. */
const MAX_UNDER_WAY = 32;
/** Somebody who does not read what is sent leaves his place to others. */
const LONGEST_MS = 300_000;

/** Counts an answer until it has gone, or its reader has. */
export type CountSending = (reply: FastifyReply) => void;

/** @param shed refuses, by throwing, what would be one too many */
export function createSendingLimit(shed: () => never, maxUnderWay = MAX_UNDER_WAY): CountSending {
  let underWay = 0;
  return ({ raw }) => {
    if (underWay >= maxUnderWay) shed();
    underWay++;
    const timer = setTimeout(() => raw.destroy(), LONGEST_MS).unref();
    raw.once('close', () => {
      underWay--;
      clearTimeout(timer);
    });
  };
}
