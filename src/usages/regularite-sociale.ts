import type { Piece } from '../dossier/piece.ts';
import { inconclusive, type Judgement } from './examine.ts';
import type { Known } from './usage-definition.ts';

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';

/**
 * Social regularity: towards Urssaf for the general regime, MSA for the agricultural one. One statement of
 * refusal contradicts it; one proof in force establishes it; nothing else concludes.
 */
export function regulariteSociale({ pieces }: Known): Judgement {
  const urssaf = pieces[URSSAF];
  const msa = pieces[MSA];
  if (urssaf?.statut === 'refuse') {
    const motif = "L'Urssaf refuse de délivrer l'attestation de vigilance.";
    return { conclusion: 'contredite', motif, pieces: [URSSAF] };
  }
  if (msa?.statut === 'refuse') {
    const motif = 'La MSA indique que les cotisations ne sont pas à jour.';
    return { conclusion: 'contredite', motif, pieces: [MSA] };
  }
  if (urssaf?.statut === 'obtenu' && urssaf.validite.etat !== 'expiree') {
    return { conclusion: 'etablie', motif: motifOf(urssaf), pieces: [URSSAF] };
  }
  if (msa?.statut === 'obtenu') {
    return { conclusion: 'etablie', motif: 'La MSA indique que les cotisations sont à jour.', pieces: [MSA] };
  }
  return undecided(
    [urssaf, msa].filter((piece) => piece !== undefined && piece.statut !== 'non_demande') as Piece[],
  );
}

/** A certificate whose PDF could not be read was delivered all the same, in the terms of the day. */
function motifOf({ validite }: Piece): string {
  if (validite.etat === 'valide') return `L'attestation de vigilance est valable jusqu'au ${validite.au}.`;
  return "L'Urssaf a délivré l'attestation de vigilance ; ses dates sont à lire sur le document.";
}

function undecided(asked: Piece[]): Judgement {
  const pieces = asked.map(({ source }) => source);
  if (asked.some(({ statut }) => statut === 'en_examen')) {
    return inconclusive("L'organisme examine encore la situation de l'entreprise.", pieces);
  }
  const expired = asked.find(({ statut }) => statut === 'obtenu');
  if (expired) {
    const motif = `L'attestation de vigilance a expiré le ${expired.validite.au}.`;
    return { ...inconclusive(motif, pieces), left: CERTIFICATE };
  }
  if (asked.every(({ statut }) => statut === 'non_trouve' || statut === 'hors_perimetre')) {
    const motif =
      'Les organismes sociaux ne connaissent pas cette entreprise : cela ne dit rien de sa régularité.';
    return { ...inconclusive(motif, pieces), left: CERTIFICATE };
  }
  return inconclusive("L'Urssaf ou la MSA n'a pas encore donné de réponse.", pieces);
}

const CERTIFICATE = {
  piece: 'Attestation de vigilance, ou attestation équivalente de son régime social',
  recours: "L'entreprise l'obtient dans son espace en ligne Urssaf ou MSA, selon son régime.",
};
