import type { Statut } from '../dossier/outcome.ts';
import { inconclusive, type Judgement } from './examine.ts';
import type { Known } from './usage-definition.ts';

const ATTESTATION = 'dgfip_attestation_fiscale';
const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
/** CGI, article 223 A: the share of the capital that a mother company holds in its group. */
const GROUP_SHARE_PERCENT = 95;

/**
 * Fiscal regularity, by the tax certificate. For a subsidiary of an integrated group the certificate does not
 * suffice: the tax is paid by the mother company (CGI, article 223 A), whose own certificate is needed.
 * No answer of DGFiP ever states that a company does not comply, so nothing contradicts this requirement.
 */
export function regulariteFiscale(known: Known): Judgement {
  const statut = known.pieces[ATTESTATION]?.statut ?? 'non_demande';
  if (statut !== 'obtenu') return withoutCertificate(statut);
  const membership = membershipOf(known);
  if (membership !== 'none') return { ...inconclusive(...MEMBER[membership]), ...(LEFT[membership] ?? {}) };
  const motif = "La DGFiP a délivré l'attestation de régularité fiscale (IS et TVA).";
  return { conclusion: 'etablie', motif, pieces: [ATTESTATION] };
}

type Membership = 'none' | 'subsidiary' | 'unknown';

/**
 * A member's returns say so. Without returns, a company that nobody holds at the legal share has no mother;
 * one of which DGFiP holds neither returns nor capital links belongs to no group that files any.
 */
function membershipOf({ pieces, sections }: Known): Membership {
  const group = sections.fiscal.groupe_fiscal;
  if (group) return group.membre && group.role !== 'mere' ? 'subsidiary' : 'none';
  if (pieces[LIENS]?.statut === 'obtenu') {
    const holders = sections.fiscal.actionnaires_personnes_morales ?? [];
    return holders.some(({ pourcentage }) => (pourcentage ?? 100) >= GROUP_SHARE_PERCENT)
      ? 'unknown'
      : 'none';
  }
  const nothingFiled = pieces[LIASSES]?.statut === 'non_trouve' && pieces[LIENS]?.statut === 'non_trouve';
  return nothingFiled ? 'none' : 'unknown';
}

const MEMBER: Record<Exclude<Membership, 'none'>, [motif: string, pieces: string[]]> = {
  subsidiary: [
    "L'entreprise est filiale d'un groupe fiscal intégré : l'impôt sur les sociétés est payé par la société mère, dont l'attestation fiscale est aussi nécessaire.",
    [ATTESTATION, LIASSES],
  ],
  unknown: [
    "L'attestation fiscale est délivrée, mais l'appartenance à un groupe fiscal intégré n'a pas pu être exclue : dans un groupe, celle de la société mère est aussi nécessaire.",
    [ATTESTATION, LIASSES, LIENS],
  ],
};

const LEFT: Partial<Record<Membership, Pick<Judgement, 'left'>>> = {
  subsidiary: {
    left: {
      piece: 'Attestation de régularité fiscale de la société mère du groupe intégré',
      recours:
        "L'entreprise la demande à sa société mère, qui l'obtient dans son espace professionnel sur impots.gouv.fr.",
    },
  },
};

function withoutCertificate(statut: Statut): Judgement {
  if (statut !== 'non_trouve' && statut !== 'hors_perimetre') {
    return inconclusive(WAITING[statut] ?? WAITING.indisponible, [ATTESTATION]);
  }
  const motif =
    "La DGFiP ne délivre pas d'attestation en ligne pour cette entreprise : imposée à l'impôt sur le revenu, créée cette année, en plan ou en procédure, inconnue ou non à jour, la réponse ne permet pas de le savoir.";
  const left = {
    piece: 'Attestation de régularité fiscale',
    recours: "L'entreprise remplit le formulaire n° 3666 auprès de son service des impôts, qui le vise.",
  };
  return { ...inconclusive(motif, [ATTESTATION]), left };
}

const WAITING: Partial<Record<Statut, string>> & { indisponible: string } = {
  indisponible: "L'attestation fiscale n'a pas pu être obtenue : la source n'a pas répondu.",
  differe: "L'attestation fiscale n'est pas encore arrivée ; elle sera dans le dossier à un prochain appel.",
  non_autorise: "Les droits disponibles ne permettent pas de consulter l'attestation fiscale.",
};
