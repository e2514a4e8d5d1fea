import type { AlerteComplete } from './alerte.ts';
import { emptySections, type SectionName, type Sections, type Unified } from './unified.ts';

/** The values one piece contributes. */
export interface Contribution {
  piece: string;
  values: Unified;
}

export interface UnifiedValues {
  sections: Sections;
  /** JSON pointer of a value → piece it came from. */
  provenance: Record<string, string>;
  divergences: AlerteComplete[];
}

interface Leaf {
  section: SectionName;
  key: string;
  pointer: string;
  value: unknown;
  piece: string;
}

/**
 * Brings the contributions together: for each value the first piece that knows it prevails, so that the
 * order of the catalogue is the order of precedence. Later pieces are compared with it, never mixed in.
 */
export function unify(contributions: Contribution[]): UnifiedValues {
  const sections = emptySections();
  const provenance = new Map<string, string>();
  const divergences: AlerteComplete[] = [];
  for (const leaf of contributions.flatMap(leavesOf)) {
    const values = sections[leaf.section] as Record<string, unknown>;
    const first = provenance.get(leaf.pointer);
    if (first === undefined) {
      values[leaf.key] = leaf.value;
      provenance.set(leaf.pointer, leaf.piece);
    } else {
      divergences.push(...divergence(leaf, sections, first));
    }
  }
  // Filled key by key it would become an object of the slow kind.
  return { sections, provenance: Object.fromEntries(provenance), divergences };
}

function leavesOf({ piece, values }: Contribution): Leaf[] {
  return Object.entries(values).flatMap(([section, part]) =>
    Object.entries(part)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => {
        return { section: section as SectionName, key, pointer: `/${section}/${key}`, value, piece };
      }),
  );
}

const LEGAL_FORMS = new Set([
  'SA',
  'SARL',
  'SAS',
  'SASU',
  'EURL',
  'EARL',
  'GAEC',
  'SCI',
  'SCM',
  'SCOP',
  'SNC',
  'SELARL',
]);

/** Registers write one name with other accents, ligatures, dashes, initials and legal forms: only its words count. */
function wordsOf(value: unknown): string {
  const words = String(value)
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll('Æ', 'AE')
    .replaceAll('&', ' ET ')
    .normalize('NFD')
    .replace(/\p{M}|\./gu, '')
    .replace(/(?<=\b\p{L})\s(?=\p{L}\b)/gu, '')
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => !LEGAL_FORMS.has(word)).join('');
}

interface Comparison {
  name: string;
  comparable(value: unknown): string;
}

/** Values that two registers must give alike; the others differ by nature or by date. */
const COMPARED: Record<string, Comparison> = {
  '/identite/denomination': { name: 'la même dénomination', comparable: wordsOf },
  '/identite/type': { name: 'le même type de personne', comparable: String },
  '/identite/numero_rna': { name: 'le même numéro RNA', comparable: wordsOf },
};

/** Of a natural person some registers write the birth name and others the name in use: both are right. */
function divergence(
  { section, key, pointer, value, piece }: Leaf,
  sections: Sections,
  first: string,
): AlerteComplete[] {
  const compared = COMPARED[pointer];
  const kept = (sections[section] as Record<string, unknown>)[key];
  if (!compared || compared.comparable(kept) === compared.comparable(value)) return [];
  if (pointer === '/identite/denomination' && sections.identite.type === 'personne_physique') return [];
  const message = `Deux sources ne donnent pas ${compared.name} : la première prévaut, l'écart est à éclaircir.`;
  return [{ code: 'sources_divergentes', niveau: 'attention', message, pieces: [first, piece] }];
}
