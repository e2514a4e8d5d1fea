import { catalog } from '../sources/catalog.ts';
import type { Known } from './usage-definition.ts';

const BY_ESTABLISHMENT: ReadonlySet<string> = new Set(
  catalog.filter(({ identifiant }) => identifiant === 'siret').map(({ id }) => id),
);

/**
 * SIRET of the head office, where a source that answers by establishment does not know the secondary one asked
 * about: it may know the head office, whose dossier tells. Null otherwise.
 */
export function headOfficeOf(sources: readonly string[], { pieces, sections }: Known): string | null {
  const { etablissement, siege } = sections.identite;
  const isUnknown = sources.some((id) => BY_ESTABLISHMENT.has(id) && pieces[id]?.statut === 'non_trouve');
  return isUnknown && etablissement?.siege === false ? (siege?.siret ?? null) : null;
}
