import { hash } from 'node:crypto';
import { catalog } from '../sources/catalog.ts';
import type { Quota, Source } from '../sources/source.ts';
import { usages } from '../usages/usages.ts';
import type { Habilitation } from './habilitation.ts';

/** What somebody may be shown of a company. Bodies with the same rights share the same answers. */
export interface Rights {
  /** The same for those who may be shown the same, and for nobody else. */
  key: string;
  /** Whether the reader may be anybody: open data only, nothing of whom its owner keeps from the public. */
  isPublic: boolean;
  /** Ids of the sources that may be asked. */
  sources: ReadonlySet<string>;
  /** Families of these sources. */
  families: ReadonlySet<Quota>;
}

export function rightsOf({ audience, sources, usage }: Habilitation): Rights {
  const isPublic = audience === 'public';
  const useful: readonly string[] = usage ? usages[usage].permitted.map(({ id }) => id) : [];
  const granted = catalog.filter(
    (source) => useful.includes(source.id) && sources.includes(source.id) && (!isPublic || isOpen(source)),
  );
  const ids = granted.map(({ id }) => id);
  return {
    key: hash('sha256', `${audience} ${ids.join(' ')}`, 'base64url'),
    isPublic,
    sources: new Set(ids),
    families: new Set(granted.map(({ quota }) => quota)),
  };
}

/** Open data, or a source of which a part is. */
function isOpen({ opening, publicPart }: Source): boolean {
  return opening === 'ouvert' || publicPart !== undefined;
}
