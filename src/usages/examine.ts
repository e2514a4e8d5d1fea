import type { Examination } from '../dossier/assemble.ts';
import type { ADemander, Constat } from '../dossier/dossier.ts';
import type { Known } from './usage-definition.ts';

/** What a requirement comes to, and the document left to ask of the company where nothing can be concluded. */
export interface Judgement extends Pick<Constat, 'conclusion' | 'motif' | 'pieces'> {
  left?: Pick<ADemander, 'piece' | 'recours'>;
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
  const judged = requirements.map(({ judge, ...requirement }) => ({
    ...requirement,
    ...(redirected ? inconclusive(redirected.message, redirected.pieces) : judge(known)),
  }));
  return {
    constats: judged.map(({ left, ...constat }) => constat),
    a_demander: judged.flatMap(({ left, motif, base_legale }) =>
      left ? [{ ...left, motif, base_legale }] : [],
    ),
  };
}

export function inconclusive(motif: string, pieces: string[]): Judgement {
  return { conclusion: 'impossible_a_conclure', motif, pieces };
}
