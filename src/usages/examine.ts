import type { Examination } from '../dossier/assemble.ts';
import type { ADemander, Constat } from '../dossier/dossier.ts';
import { inOnePiece } from '../dossier/in-one-piece.ts';
import type { Known } from './usage-definition.ts';

/** A document of the company that would conclude, and how it gets it. */
export type Left = Pick<ADemander, 'piece' | 'recours'>;

/** What a requirement comes to, and the document left to ask of the company where nothing can be concluded. */
export interface Judgement extends Pick<Constat, 'conclusion' | 'motif' | 'pieces'> {
  left?: Left;
}

export type Judge = (known: Known) => Judgement;

/** One requirement of a usage, with the text that founds it there. */
export interface Requirement {
  exigence: string;
  base_legale: string;
  judge: Judge;
}

/**
 * Examines each requirement. Pieces about a company that has been replaced by another prove nothing about
 * the one that stands in its place: nothing can then be concluded.
 */
export function examine(requirements: readonly Requirement[], known: Known): Examination {
  const redirected = known.alertes.find(({ code }) => code === 'siret_redirige');
  const judged = requirements.map(({ exigence, base_legale, judge }) => ({
    exigence,
    base_legale,
    ...(redirected ? inconclusive(redirected.message, redirected.pieces) : judge(known)),
  }));
  return {
    constats: judged.map(({ left, ...constat }) => ({ ...constat, motif: inOnePiece(constat.motif) })),
    a_demander: onceEach(
      judged.flatMap(({ left, motif, base_legale }) => (left ? [{ ...left, motif, base_legale }] : [])),
    ),
  };
}

/** One document may serve several requirements: it is asked for once, for all of them. */
function onceEach(all: ADemander[]): ADemander[] {
  return [...Map.groupBy(all, ({ piece }) => piece).values()].map((alike) => ({
    ...(alike[0] as ADemander),
    motif: inOnePiece(alike.map(({ motif }) => motif).join(' ')),
    base_legale: [...new Set(alike.map(({ base_legale }) => base_legale))].join(' ; '),
  }));
}

export function established(motif: string, pieces: string[]): Judgement {
  return { conclusion: 'etablie', motif, pieces };
}

export function contradicted(motif: string, pieces: string[]): Judgement {
  return { conclusion: 'contredite', motif, pieces };
}

export function notApplicable(motif: string, pieces: string[] = []): Judgement {
  return { conclusion: 'sans_objet', motif, pieces };
}

/** @param left only where no later call will conclude */
export function inconclusive(motif: string, pieces: string[], left?: Left): Judgement {
  return { conclusion: 'impossible_a_conclure', motif, pieces, ...(left && { left }) };
}
