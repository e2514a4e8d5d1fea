import type { Examination } from '../dossier/assemble.ts';
import type { ADemander, Constat } from '../dossier/dossier.ts';
import type { Known } from './usage-definition.ts';

/** What one requirement comes to, and what is left to ask where nothing can be concluded. */
export interface Finding {
  constat: Constat;
  a_demander: ADemander | null;
}

export type Requirement = (known: Known) => Finding;

/**
 * Examines each requirement. Pieces about a company that has been replaced by another prove nothing about
 * the one that stands in its place: nothing can then be concluded.
 */
export function examine(requirements: readonly Requirement[], known: Known): Examination {
  const redirected = known.alertes.find(({ code }) => code === 'siret_redirige');
  const findings = requirements
    .map((requirement) => requirement(known))
    .map((finding) => (redirected ? unconcluded(finding, redirected.message) : finding));
  return {
    constats: findings.map(({ constat }) => constat),
    a_demander: findings.map((finding) => finding.a_demander).filter((demande) => demande !== null),
  };
}

function unconcluded({ constat }: Finding, motif: string): Finding {
  return { constat: { ...constat, conclusion: 'impossible_a_conclure', motif }, a_demander: null };
}
