import { createInFlight } from '../collection/in-flight.ts';
import type { Constitute, Constituted } from './constitute-dossier.ts';
import { variantOf } from './dossier-question.ts';

/**
 * A crowd that asks for the same dossier at the same time waits for the same one. Whoever came later than the
 * first, and has time left when that one is answered without all pieces, goes on waiting by itself.
 */
export function createSharedConstitute(constitute: Constitute, now: () => number): Constitute {
  const inFlight = createInFlight<Constituted>();
  return async (question, options = {}) => {
    if (question.refresh || options.onPiece) return constitute(question, options);
    const { siret, usage, waitMs, rights } = question;
    const cameMs = now();
    const key = `${siret} ${usage.id} ${variantOf(question)} ${waitMs} ${rights.key}`;
    const { result, joined } = inFlight.run(key, () => constitute(question, options));
    const constituted = await result;
    const leftMs = waitMs - (now() - cameMs);
    if (!joined || leftMs <= 0 || !isPartial(constituted)) return constituted;
    return constitute({ ...question, waitMs: leftMs }, options);
  };
}

function isPartial({ collected }: Constituted): boolean {
  return collected.values().some(({ from }) => from === 'late');
}
