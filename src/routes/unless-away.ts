import type { FastifyBaseLogger } from 'fastify';
import { StoreAway } from '../documents/files.ts';
import { Problem } from '../problems.ts';

const AWAY = 'Le stockage des documents ne répond pas. Réessayez dans quelques instants.';

/** @throws Problem when the documents cannot be looked at for now: they may well be there */
export async function unlessAway<T>(reading: Promise<T>, log: FastifyBaseLogger): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error;
    log.warn({ err: error }, 'a document cannot be read for now');
    throw new Problem('passerelle-indisponible', { detail: AWAY });
  }
}
