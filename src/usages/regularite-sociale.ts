import type { Piece } from '../dossier/piece.ts';
import type { Finding } from './examine.ts';
import type { Known } from './usage-definition.ts';

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const BASE_LEGALE = 'CCP L2141-2 ; code du travail L8222-1 ; CSS L243-15';

/**
 * Social regularity (CCP, article L2141-2): towards Urssaf for the general regime, MSA for the agricultural
 * one. One statement of refusal contradicts it; one proof in force establishes it; nothing else concludes.
 */
export function regulariteSociale({ pieces }: Known): Finding {
  const urssaf = pieces[URSSAF];
  const msa = pieces[MSA];
  if (urssaf?.statut === 'refuse') {
    return concluded('contredite', "L'Urssaf refuse de délivrer l'attestation de vigilance.", [URSSAF]);
  }
  if (msa?.statut === 'refuse') {
    return concluded('contredite', 'La MSA indique que les cotisations ne sont pas à jour.', [MSA]);
  }
  if (urssaf?.statut === 'obtenu' && urssaf.validite.etat !== 'expiree') {
    return concluded('etablie', motifOf(urssaf), [URSSAF]);
  }
  if (msa?.statut === 'obtenu') {
    return concluded('etablie', 'La MSA indique que les cotisations sont à jour.', [MSA]);
  }
  return inconclusive(urssaf, msa);
}

/** A certificate whose PDF could not be read was delivered all the same, in the terms of the day. */
function motifOf({ validite }: Piece): string {
  if (validite.etat === 'valide') return `L'attestation de vigilance est valable jusqu'au ${validite.au}.`;
  return "L'Urssaf a délivré l'attestation de vigilance ; ses dates sont à lire sur le document.";
}

function inconclusive(urssaf: Piece | undefined, msa: Piece | undefined): Finding {
  const asked = [urssaf, msa].filter((piece) => piece !== undefined && piece.statut !== 'non_demande');
  const pieces = asked.map((piece) => piece?.source ?? '');
  if (asked.some((piece) => piece?.statut === 'en_examen')) {
    return concluded(
      'impossible_a_conclure',
      "L'organisme examine encore la situation de l'entreprise.",
      pieces,
    );
  }
  if (urssaf?.statut === 'obtenu') {
    const motif = `L'attestation de vigilance a expiré le ${urssaf.validite.au}.`;
    return toAsk(motif, pieces);
  }
  if (asked.every((piece) => piece?.statut === 'non_trouve' || piece?.statut === 'hors_perimetre')) {
    return toAsk(
      "Ni l'Urssaf ni la MSA ne connaissent cette entreprise : cela ne dit rien de sa régularité.",
      pieces,
    );
  }
  return concluded('impossible_a_conclure', "L'Urssaf ou la MSA n'a pas encore donné de réponse.", pieces);
}

function toAsk(motif: string, pieces: string[]): Finding {
  return {
    ...concluded('impossible_a_conclure', motif, pieces),
    a_demander: {
      piece: 'Attestation de vigilance, ou attestation de non-emploi sur l’honneur',
      motif,
      recours: "L'entreprise l'obtient dans son espace en ligne Urssaf ou MSA, selon son régime.",
      base_legale: BASE_LEGALE,
    },
  };
}

function concluded(conclusion: Finding['constat']['conclusion'], motif: string, pieces: string[]): Finding {
  return {
    constat: { exigence: 'regularite_sociale', conclusion, motif, base_legale: BASE_LEGALE, pieces },
    a_demander: null,
  };
}
