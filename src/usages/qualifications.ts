import { qualibatCertification } from '../sources/qualibat-certification.ts';
import { established, inconclusive, type Judgement, type Left, notApplicable } from './examine.ts';
import { isOfBtp } from './fonds-btp.ts';
import { asked, donneesOf, isAwaited, standingOf } from './standing.ts';
import type { Known } from './usage-definition.ts';

const LISTS = {
  qualibat: 'qualibat_certification',
  qualifelec: 'qualifelec_certificats',
  opqibi: 'opqibi_certification',
  rge: 'ademe_certification_rge',
} as const;
const CARD = 'fntp_carte_professionnelle';
const QUALIOPI = 'carif_oref_qualiopi';
const SOURCES = [...Object.values(LISTS), CARD, QUALIOPI];

/**
 * Professional qualifications in force on the day examined. Lines that have expired do not count, and the source
 * of RGE gives some. A company may prove its abilities by any other means: without works, none is to be asked.
 */
export function qualifications(known: Known): Judgement {
  const found = inForce(known);
  if (found.length > 0) {
    const names = found.map((id) => known.pieces[id]?.administration).join(', ');
    return established(`Des qualifications sont en cours de validité : ${names}.`, found);
  }
  const pieces = asked(SOURCES, known);
  if (donneesOf(qualibatCertification, known)?.contenu_lu === false) {
    const motif =
      'Qualibat a délivré un certificat dont seul le document dit les qualifications et les dates.';
    return inconclusive(motif, [LISTS.qualibat]);
  }
  if (isAwaited(SOURCES, known)) {
    return inconclusive("Les organismes de qualification n'ont pas tous répondu.", pieces);
  }
  if (SOURCES.some((id) => standingOf(id, known) === 'closed')) {
    return inconclusive('Les droits disponibles ne permettent pas de consulter les qualifications.', pieces);
  }
  const ofBtp = isOfBtp(known);
  if (ofBtp === null) {
    const motif = "Aucune qualification n'est connue, ni l'activité de l'entreprise.";
    return inconclusive(motif, pieces);
  }
  if (!ofBtp) {
    const motif =
      "Aucune qualification n'est connue ; l'entreprise n'a à en prouver que si la consultation l'exige, et par tout moyen équivalent.";
    return notApplicable(motif, pieces);
  }
  return inconclusive('Aucune qualification en cours de validité n’est connue.', pieces, EQUIVALENT);
}

function inForce(known: Known): string[] {
  const { certifications } = known.sections;
  const listed = Object.entries(LISTS).filter(([list]) =>
    certifications[list as keyof typeof LISTS]?.some(
      ({ du, au }) => (du === null || du <= known.date) && au !== null && known.date <= au,
    ),
  );
  const qualiopi = Object.values(certifications.qualiopi ?? {}).includes(true);
  return [
    ...listed.map(([, id]) => id),
    ...(certifications.travaux_publics && standingOf(CARD, known) === 'holds' ? [CARD] : []),
    ...(qualiopi && standingOf(QUALIOPI, known) === 'holds' ? [QUALIOPI] : []),
  ];
}

const EQUIVALENT: Left = {
  piece: 'Certificats de qualification professionnelle, ou preuves équivalentes, si la consultation en exige',
  recours: "L'entreprise produit ses certificats, ou tout moyen de preuve équivalent, comme des références.",
};
