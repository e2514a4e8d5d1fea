import type { Piece } from '../dossier/piece.ts';
import { inFrench } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement, type Left } from './examine.ts';
import { asked, isAwaited, standingOf } from './standing.ts';
import type { Known } from './usage-definition.ts';

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const BODIES = [URSSAF, MSA];

/**
 * Social regularity: towards Urssaf for the general regime, MSA for the agricultural one. One statement of
 * refusal contradicts it; one proof in force establishes it; nothing else concludes.
 *
 * @param certificate what the company may give when neither knows it
 */
export function regulariteSociale(certificate: Left): (known: Known) => Judgement {
  return (known) => {
    const { pieces } = known;
    if (standingOf(URSSAF, known) === 'refused') {
      return contradicted("L'Urssaf refuse de délivrer l'attestation de vigilance.", [URSSAF]);
    }
    if (standingOf(MSA, known) === 'refused') {
      return contradicted('La MSA indique que les cotisations ne sont pas à jour.', [MSA]);
    }
    if (standingOf(URSSAF, known) === 'holds') return established(vigilance(pieces[URSSAF]), [URSSAF]);
    if (standingOf(MSA, known) === 'holds') {
      return established('La MSA indique que les cotisations sont à jour.', [MSA]);
    }
    return undecided(known, certificate);
  };
}

export const CERTIFICATE: Left = {
  piece: 'Attestation de vigilance, ou attestation équivalente de son régime social',
  recours: "L'entreprise l'obtient dans son espace en ligne Urssaf ou MSA, selon son régime.",
};

/** A certificate whose PDF could not be read was delivered all the same, in the terms of the day. */
function vigilance(piece: Piece | undefined): string {
  const au = piece?.validite.au ?? null;
  return au === null
    ? "L'Urssaf a délivré l'attestation de vigilance ; ses dates sont à lire sur le document."
    : `L'attestation de vigilance est valable jusqu'au ${inFrench(au)}.`;
}

function undecided(known: Known, certificate: Left): Judgement {
  const pieces = asked(BODIES, known);
  if (pieces.some((id) => known.pieces[id]?.statut === 'en_examen')) {
    return inconclusive("L'organisme examine encore la situation de l'entreprise.", pieces);
  }
  if (isAwaited(BODIES, known)) {
    return inconclusive(
      "L'Urssaf ou la MSA n'a pas encore donné de réponse qui vaille à cette date.",
      pieces,
    );
  }
  return inconclusive(reasonOf(known), pieces, certificate);
}

function reasonOf(known: Known): string {
  const { validite, statut } = known.pieces[URSSAF] ?? {};
  if (statut === 'obtenu' && validite?.au && validite.au < known.date) {
    return `L'attestation de vigilance a expiré le ${inFrench(validite.au)}.`;
  }
  if (BODIES.some((id) => standingOf(id, known) === 'outdated')) {
    return `Ce que les organismes sociaux disent aujourd'hui ne prouve rien au ${inFrench(known.date)}.`;
  }
  if (BODIES.some((id) => standingOf(id, known) === 'closed')) {
    return 'Les droits disponibles ne permettent pas de consulter les organismes sociaux.';
  }
  return 'Les organismes sociaux ne connaissent pas cette entreprise : cela ne dit rien de sa régularité.';
}
