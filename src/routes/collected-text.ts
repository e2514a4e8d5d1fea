import { z } from 'zod';
import type { Asked } from '../collection/ask-source.ts';
import type { Collected } from '../collection/collect.ts';
import { factSchema, isFact, type Outcome } from '../dossier/outcome.ts';
import { catalog } from '../sources/catalog.ts';
import type { Source } from '../sources/source.ts';

const storedSchema = z.record(
  z.string(),
  z.object({ outcome: z.looseObject({ statut: z.string() }), perime: z.boolean() }),
);

/** What was collected as text: pieces as their sources gave them, to be assembled again by whoever reads. */
export function collectedText(collected: Collected): string {
  const pieces = [...collected].map(([id, { outcome, perime }]) => [id, { outcome, perime }]);
  return JSON.stringify(Object.fromEntries(pieces));
}

/** What another version of this program stored, and this one does not read any more, is left out. */
export function collectedIn(text: string): Collected {
  const stored = storedSchema.parse(JSON.parse(text));
  const collected = new Map<string, Asked>();
  for (const source of catalog) {
    const piece = stored[source.id];
    const outcome = piece?.outcome as Outcome | undefined;
    if (!piece || !outcome || !isReadable(source, outcome)) continue;
    const from = 'regle' in outcome ? 'rule' : 'kept';
    collected.set(source.id, { outcome, perime: piece.perime, from, freshUntilMs: null, entry: null });
  }
  return collected;
}

function isReadable({ schemas }: Source, outcome: Outcome): boolean {
  if (!isFact(outcome)) return true;
  return (
    factSchema.safeParse(outcome).success && schemas.donnees.nullable().safeParse(outcome.donnees).success
  );
}

/** What need not be asked again. */
export function statedIn(collected: Collected): Collected {
  return new Map([...collected].filter(([, { outcome, perime }]) => isFact(outcome) && !perime));
}
