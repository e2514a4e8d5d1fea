import { latestProceedings, type Observation, type Proceedings } from '../sources/registry-observations.ts';
import { inFrench } from '../sources/wording.ts';
import {
  contradicted,
  established,
  inconclusive,
  type Judgement,
  type Left,
  notApplicable,
} from './examine.ts';
import { later } from './existence-activite.ts';
import {
  isPublicBody,
  type Noted,
  nameOf,
  notesIn,
  REGISTERS,
  silence,
  silentRegisters,
} from './registers.ts';
import { asked, isAwaited, standingOf, tells, tellsAgainst } from './standing.ts';
import type { Known } from './usage-definition.ts';

/**
 * No judicial liquidation nor recovery on the day examined (CCP, article L2141-3). Notes of registers are free
 * text: only an opening of liquidation that nothing seems to end contradicts. A company under recovery may
 * tender if its judgment allows it, and gives its copy (CCP, article R2143-9). Safeguard excludes nobody, but
 * proceedings are open: they are not said absent, and nothing is asked. Public bodies know no such proceedings.
 */
export function absenceProcedureCollective(known: Known): Judgement {
  if (isPublicBody(known)) {
    const motif = 'Les procédures collectives ne visent pas les personnes morales de droit public.';
    return notApplicable(motif, ['insee_unite_legale']);
  }
  const noted = notesIn(known);
  if (noted.length === 0) return untold(known);
  const found = openedBy(noted, known);
  if (found) return ofProceedings(found, noted, known);
  const speaking = noted.map(({ register }) => register).filter((id) => tells(id, known));
  if (speaking.length === 0) return untold(known);
  const silent = silentRegisters(known);
  if (silent.length > 0) return halfTold(speaking, silent, known);
  const since = latestProceedings(allOf(noted))
    ? ' Une mention postérieure à la date examinée existe : voir les alertes.'
    : '';
  return established(`Aucune procédure collective n'est mentionnée aux registres.${since}`, speaking);
}

/** The latest proceedings noted up to the day examined. */
export function openedBy(noted: readonly Noted[], { date }: Known): Proceedings | null {
  return latestProceedings(allOf(noted).filter((note) => note.date === null || note.date <= date));
}

/** `une procédure de sauvegarde, le 01/09/2026` */
export function inWords({ kind, note }: Proceedings): string {
  return `une procédure de ${NAMES[kind]}${note.date === null ? '' : `, le ${inFrench(note.date)}`}`;
}

function ofProceedings(found: Proceedings, noted: readonly Noted[], known: Known): Judgement {
  const { kind, note, mayHaveEnded } = found;
  const words = `Le registre porte ${inWords(found)}`;
  const certain = bearing(note, noted).filter((id) => isCertain(id, note, known));
  if (kind === 'liquidation' && !mayHaveEnded && certain.length > 0) {
    return contradicted(`${words}.`, certain);
  }
  const pieces = bearing(note, noted);
  return kind === 'sauvegarde'
    ? inconclusive(`${words}, qui n'exclut pas l'entreprise, sauf conversion à vérifier.`, pieces)
    : inconclusive(`${words} : ses suites sont à vérifier.`, pieces, JUDGMENT);
}

const NAMES = {
  liquidation: 'liquidation judiciaire',
  redressement: 'redressement judiciaire',
  sauvegarde: 'sauvegarde',
  autre: 'procédure collective',
};

const JUDGMENT: Left = {
  piece: 'Copie du ou des jugements prononcés',
  recours:
    "L'entreprise la produit : le jugement dit si elle peut poursuivre son activité pendant l'exécution.",
};

function allOf(noted: readonly Noted[]): Observation[] {
  return noted.flatMap(({ notes }) => notes);
}

function bearing({ texte, date }: Observation, noted: readonly Noted[]): string[] {
  return noted
    .filter(({ notes }) => notes.some((note) => note.texte === texte && note.date === date))
    .map(({ register }) => register);
}

/** Told, for the day examined, by a register whose answer is not stale; of what bears no date, as of today. */
function isCertain(register: string, note: Observation, known: Known): boolean {
  return tellsAgainst(register, known) && (note.date !== null || known.date >= known.today);
}

/** What one register does not note, another that may know the company may. */
function halfTold(speaking: string[], silent: string[], known: Known): Judgement {
  const motif = `Le ${speaking.map(nameOf).join(' et le ')} ne mentionne aucune procédure collective. ${silence(silent, known)}`;
  const left = isAwaited(silent, known) ? undefined : SWORN;
  return inconclusive(motif, [...speaking, ...silent], left);
}

function untold(known: Known): Judgement {
  const pieces = asked(REGISTERS, known);
  if (known.date > known.today) return inconclusive(later(known.date), pieces);
  const isUnknown = REGISTERS.every((id) => standingOf(id, known) === 'absent');
  if (isUnknown) {
    const motif = "Aucun registre ne connaît l'entreprise : rien n'y dit si une procédure est ouverte.";
    return inconclusive(motif, pieces, SWORN);
  }
  const silent = silentRegisters(known);
  if (silent.length === 0) return inconclusive("Les registres n'ont pas donné leurs mentions.", pieces);
  return inconclusive(silence(silent, known), pieces, isAwaited(silent, known) ? undefined : SWORN);
}

const SWORN: Left = {
  piece: "Déclaration sur l'honneur de n'être ni en liquidation ni en redressement judiciaire",
  recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
};
