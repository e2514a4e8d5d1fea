import type { Asked } from '../collection/ask-source.ts';
import type { Collected } from '../collection/collect.ts';
import { isFact } from '../dossier/outcome.ts';
import { catalog } from '../sources/catalog.ts';
import type { Source } from '../sources/source.ts';
import type { UsageDefinition } from '../usages/usage-definition.ts';

const byId = new Map<string, Source>(catalog.map((source) => [source.id, source]));

/** What a usage may be shown of what was collected: pieces are kept for all usages alike, with all that they say. */
export function usageViewOf(collected: Collected, usage: UsageDefinition): Collected {
  return new Map([...collected].map(([id, asked]) => [id, viewOf(byId.get(id), asked, usage)] as const));
}

export function viewOf(source: Source | undefined, asked: Asked, { permitted }: UsageDefinition): Asked {
  const { outcome } = asked;
  if (!source?.commonPart || !isFact(outcome) || outcome.donnees === null) return asked;
  if (permitted.some(({ id, whole }) => id === source.id && whole)) return asked;
  return { ...asked, outcome: { ...outcome, donnees: source.commonPart(outcome.donnees) } };
}
