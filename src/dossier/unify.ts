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

type Leaf = { section: SectionName; key: string; value: unknown; piece: string };

/**
 * Brings the contributions together: for each value the first piece that knows it prevails, so that the
 * order of the catalogue is the order of precedence. Later pieces are compared with it, never mixed in.
 */
export function unify(contributions: Contribution[]): UnifiedValues {
  const sections = emptySections();
  const provenance: Record<string, string> = {};
  const divergences: AlerteComplete[] = [];
  for (const { section, key, value, piece } of contributions.flatMap(leavesOf)) {
    const values = sections[section] as Record<string, unknown>;
    const pointer = `/${section}/${key}`;
    const first = provenance[pointer];
    if (first === undefined) {
      values[key] = value;
      provenance[pointer] = piece;
    } else if (diverge(pointer, values[key], value)) {
      divergences.push(divergence(pointer, first, piece));
    }
  }
  return { sections, provenance, divergences };
}

function leavesOf({ piece, values }: Contribution): Leaf[] {
  return Object.entries(values).flatMap(([section, part]) =>
    Object.entries(part)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => ({ section: section as SectionName, key, value, piece })),
  );
}

/** Registers write the same name with other accents, dashes and legal forms: only letters and digits count. */
function lettersOf(value: unknown): string {
  return String(value)
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

const COMPARED: Record<string, (value: unknown) => string> = {
  '/identite/denomination': lettersOf,
  '/identite/type': String,
  '/identite/numero_rna': lettersOf,
};

function diverge(pointer: string, kept: unknown, other: unknown): boolean {
  const comparable = COMPARED[pointer];
  return comparable !== undefined && comparable(kept) !== comparable(other);
}

function divergence(pointer: string, kept: string, other: string): AlerteComplete {
  return {
    code: 'sources_divergentes',
    niveau: 'attention',
    message: `Deux sources ne donnent pas la même valeur pour ${pointer} : celle de ${kept} est retenue.`,
    pieces: [kept, other],
  };
}
