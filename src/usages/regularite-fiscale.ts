import type { Statut } from '../dossier/outcome.ts';
import type { Finding } from './examine.ts';
import type { Known } from './usage-definition.ts';

const ATTESTATION = 'dgfip_attestation_fiscale';
const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
const BASE_LEGALE = 'CCP L2141-2 ; CCP annexe 4';
/** CGI, article 223 A: the share of the capital that a mother company holds in its group. */
const GROUP_SHARE_PERCENT = 95;

/**
 * Fiscal regularity (CCP, article L2141-2), by the tax certificate. For a subsidiary of an integrated group
 * the certificate does not suffice: the tax is paid by the mother company (CGI, article 223 A), whose own
 * certificate is needed. No answer of DGFIP ever states that a company does not comply.
 */
export function regulariteFiscale(known: Known): Finding {
  const statut = known.pieces[ATTESTATION]?.statut ?? 'non_demande';
  if (statut !== 'obtenu') return withoutCertificate(statut);
  const group = groupMembership(known);
  if (group === 'subsidiary') return subsidiary();
  if (group === 'unknown') {
    return concluded(
      'impossible_a_conclure',
      "L'attestation fiscale est délivrée, mais l'appartenance à un groupe fiscal intégré n'a pas pu être vérifiée : dans un groupe, celle de la société mère est aussi nécessaire.",
      [ATTESTATION, LIASSES],
    );
  }
  return concluded('etablie', "La DGFiP a délivré l'attestation de régularité fiscale (IS et TVA).", [
    ATTESTATION,
  ]);
}

type Membership = 'none' | 'subsidiary' | 'unknown';

/** A member's returns say so; failing returns, a shareholder company with less than the legal share cannot be the mother. */
function groupMembership({ pieces, sections }: Known): Membership {
  const group = sections.fiscal.groupe_fiscal;
  if (group) return group.membre && group.role !== 'mere' ? 'subsidiary' : 'none';
  if (pieces[LIENS]?.statut === 'obtenu') {
    const holders = sections.fiscal.actionnaires_personnes_morales ?? [];
    const mayBeMother = holders.some(
      ({ pourcentage }) => pourcentage === null || pourcentage >= GROUP_SHARE_PERCENT,
    );
    return mayBeMother ? 'unknown' : 'none';
  }
  const nothingFiled = pieces[LIASSES]?.statut === 'non_trouve' && pieces[LIENS]?.statut === 'non_trouve';
  return nothingFiled ? 'none' : 'unknown';
}

function subsidiary(): Finding {
  const motif =
    "L'entreprise est filiale d'un groupe fiscal intégré : l'impôt sur les sociétés est payé par la société mère, dont l'attestation fiscale est aussi nécessaire.";
  return {
    ...concluded('impossible_a_conclure', motif, [ATTESTATION, LIASSES]),
    a_demander: {
      piece: 'Attestation de régularité fiscale de la société mère du groupe intégré',
      motif,
      recours:
        "L'entreprise la demande à sa société mère, qui l'obtient dans son espace professionnel sur impots.gouv.fr.",
      base_legale: BASE_LEGALE,
    },
  };
}

function withoutCertificate(statut: Statut): Finding {
  if (statut !== 'non_trouve' && statut !== 'hors_perimetre') {
    return concluded('impossible_a_conclure', WAITING[statut] ?? WAITING.indisponible, [ATTESTATION]);
  }
  const motif =
    "La DGFiP ne délivre pas d'attestation en ligne pour cette entreprise : imposée à l'impôt sur le revenu, créée cette année, en plan ou en procédure, inconnue ou non à jour, la réponse ne permet pas de le savoir.";
  return {
    ...concluded('impossible_a_conclure', motif, [ATTESTATION]),
    a_demander: {
      piece: 'Attestation de régularité fiscale',
      motif,
      recours: "L'entreprise remplit le formulaire n° 3666 auprès de son service des impôts, qui le vise.",
      base_legale: BASE_LEGALE,
    },
  };
}

const WAITING: Partial<Record<Statut, string>> & { indisponible: string } = {
  indisponible: "L'attestation fiscale n'a pas pu être obtenue : la source n'a pas répondu.",
  differe: "L'attestation fiscale n'est pas encore arrivée ; elle sera dans le dossier à un prochain appel.",
  non_autorise: "Les droits disponibles ne permettent pas de consulter l'attestation fiscale.",
};

function concluded(conclusion: Finding['constat']['conclusion'], motif: string, pieces: string[]): Finding {
  return {
    constat: { exigence: 'regularite_fiscale', conclusion, motif, base_legale: BASE_LEGALE, pieces },
    a_demander: null,
  };
}
