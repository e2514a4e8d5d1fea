import {
  latestBan,
  latestProceedings,
  type Mention,
  type Observation,
  type Proceedings,
} from '../sources/registry-observations.ts';
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
 * No judicial liquidation, recovery, personal bankruptcy nor ban from managing on the day examined (CCP, article
 * L2141-3). Notes of registers are free text: only an announced opening of liquidation that nothing seems to end
 * contradicts. A company under recovery may tender if it has a plan or its judgment allows it, and gives its copy
 * (CCP, article R2143-9). Safeguard excludes nobody, but proceedings are open: they are not said absent, and nothing
 * is asked. Public bodies know no such proceedings.
 */
export function absenceProcedureCollective(known: Known): Judgement {
  if (isPublicBody(known)) {
    const motif = 'Les procédures collectives ne visent pas les personnes morales de droit public.';
    return notApplicable(motif, ['insee_unite_legale']);
  }
  const noted = notesIn(known);
  if (noted.length === 0) return untold(known);
  const [found, ban] = [openedBy(noted, known), latestBan(notedUpTo(noted, known))];
  if (found && isOpenLiquidation(found, noted, known)) return liquidated(found, noted, known);
  if (ban) return barred(ban, noted);
  if (found) return ofProceedings(found, noted);
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
export function openedBy(noted: readonly Noted[], known: Known): Proceedings | null {
  return latestProceedings(notedUpTo(noted, known));
}

function notedUpTo(noted: readonly Noted[], { date }: Known): Observation[] {
  return allOf(noted).filter((note) => note.date === null || note.date <= date);
}

/** `une procédure de sauvegarde, le 01/09/2026` */
export function inWords({ kind, note }: Proceedings): string {
  return `${NAMES[kind]}${dated(note)}`;
}

function dated({ date }: Observation): string {
  return date === null ? '' : `, le ${inFrench(date)}`;
}

function isOpenLiquidation(found: Proceedings, noted: readonly Noted[], known: Known): boolean {
  const { kind, isOpening, mayHaveEnded } = found;
  return kind === 'liquidation' && isOpening && !mayHaveEnded && certainOf(found, noted, known).length > 0;
}

function liquidated(found: Proceedings, noted: readonly Noted[], known: Known): Judgement {
  return contradicted(`Le registre porte ${inWords(found)}.`, certainOf(found, noted, known));
}

function ofProceedings(found: Proceedings, noted: readonly Noted[]): Judgement {
  const { kind, note } = found;
  const [follow, left] = FOLLOWING[kind];
  return inconclusive(`Le registre porte ${inWords(found)}${follow}`, bearing(note, noted), left);
}

/** Whom a note bars and until when, its text alone tells, and only a person can read it. */
function barred({ note }: Mention, noted: readonly Noted[]): Judgement {
  const motif = `Le registre porte une faillite personnelle ou une interdiction de gérer${dated(note)} : le registre ne dit pas à coup sûr qui elle vise, ni si elle dure encore.`;
  return inconclusive(motif, bearing(note, noted), BAN);
}

const NAMES = {
  liquidation: 'une procédure de liquidation judiciaire',
  redressement: 'une procédure de redressement judiciaire',
  plan_redressement: 'un plan de redressement judiciaire',
  sauvegarde: 'une procédure de sauvegarde',
  autre: 'une procédure collective',
};

const BAN: Left = {
  piece: "Déclaration sur l'honneur de n'être visé par aucune faillite personnelle ni interdiction de gérer",
  recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
};

/** Under a plan of recovery that it follows, a company is not excluded (CCP, article L2141-3, 3°). */
const PLAN: Left = {
  piece: 'Copie du jugement qui arrête le plan de redressement',
  recours: "L'entreprise la produit, et dit qu'elle suit le plan.",
};

const JUDGMENT: Left = {
  piece: 'Copie du ou des jugements prononcés',
  recours:
    "L'entreprise la produit : le jugement dit si elle peut poursuivre son activité pendant l'exécution.",
};

const TO_CHECK = ' : ses suites sont à vérifier.';

/** What is said after the name of each, and what is asked for. */
const FOLLOWING: Record<Proceedings['kind'], [follow: string, left?: Left]> = {
  liquidation: [TO_CHECK, JUDGMENT],
  redressement: [TO_CHECK, JUDGMENT],
  plan_redressement: [" : reste à vérifier qu'il est encore suivi.", PLAN],
  sauvegarde: [", qui n'exclut pas l'entreprise, sauf conversion à vérifier."],
  autre: [TO_CHECK, JUDGMENT],
};

function allOf(noted: readonly Noted[]): Observation[] {
  return noted.flatMap(({ notes }) => notes);
}

function bearing({ texte, date }: Observation, noted: readonly Noted[]): string[] {
  return noted
    .filter(({ notes }) => notes.some((note) => note.texte === texte && note.date === date))
    .map(({ register }) => register);
}

function certainOf({ note }: Proceedings, noted: readonly Noted[], known: Known): string[] {
  return bearing(note, noted).filter((id) => isCertain(id, note, known));
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
