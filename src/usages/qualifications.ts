import { qualibatCertification } from '../sources/qualibat-certification.ts';
import { inFrench } from '../sources/wording.ts';
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
    const words = found.map(({ id, names }) => `${known.pieces[id]?.administration} (${shown(names)})`);
    const motif = `Qualifications en cours de validité, à comparer au niveau exigé : ${words.join(' ; ')}.`;
    return established(
      motif,
      found.map(({ id }) => id),
    );
  }
  const pieces = asked(SOURCES, known);
  const toRead = onlyInDocument(known);
  if (toRead) return inconclusive(toRead.motif, [toRead.id]);
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

interface Qualified {
  id: string;
  names: string[];
}

function inForce(known: Known): Qualified[] {
  const { certifications } = known.sections;
  const listed = Object.entries(LISTS).map(([list, id]) => ({
    id,
    names: namesIn(certifications[list as keyof typeof LISTS] ?? [], known),
  }));
  const actions = Object.entries(certifications.qualiopi ?? {}).filter(([, isCertified]) => isCertified);
  return [
    ...listed,
    {
      id: CARD,
      names: certifications.travaux_publics?.carte_professionnelle ? ['carte des travaux publics'] : [],
    },
    { id: QUALIOPI, names: actions.map(([action]) => `Qualiopi, ${ACTIONS[action] ?? action}`) },
  ].filter(
    ({ id, names }) => names.length > 0 && (!OF_THE_DAY.includes(id) || standingOf(id, known) === 'holds'),
  );
}

/** What states the day of its answer only. */
const OF_THE_DAY: readonly string[] = [CARD, QUALIOPI];
const ACTIONS: Record<string, string> = {
  action_formation: 'actions de formation',
  bilan_competences: 'bilans de compétences',
  validation_acquis_experience: "validation des acquis de l'expérience",
  apprentissage: 'apprentissage',
};

type Line = NonNullable<Known['sections']['certifications']['qualibat']>[number];

function namesIn(lines: Line[], { date }: Known): string[] {
  const current = lines.filter(({ du, au }) => (du === null || du <= date) && au !== null && date <= au);
  return [...new Set(current.map(({ code, libelle }) => libelle ?? code ?? 'qualification sans nom'))];
}

const SHOWN = 3;

function shown(names: string[]): string {
  const rest = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? `, et ${rest} autre${rest > 1 ? 's' : ''}` : '');
}

/** A certificate was delivered of which the answer does not give the dates: the document is there to be read. */
function onlyInDocument(known: Known): { id: string; motif: string } | null {
  if (donneesOf(qualibatCertification, known)?.contenu_lu === false) {
    const motif =
      'Qualibat a délivré un certificat dont seul le document dit les qualifications et les dates.';
    return { id: LISTS.qualibat, motif };
  }
  if (known.pieces[CARD]?.statut !== 'obtenu') return null;
  const motif = `${known.pieces[CARD].explication} C'est au document de dire s'il vaut au ${inFrench(known.date)}.`;
  return { id: CARD, motif };
}

const EQUIVALENT: Left = {
  piece: 'Certificats de qualification professionnelle, ou preuves équivalentes, si la consultation en exige',
  recours: "L'entreprise produit ses certificats, ou tout moyen de preuve équivalent, comme des références.",
};
