import {
  isSafeguardAlone,
  latestBan,
  latestProceedings,
  type Mention,
  type Observation,
  type Proceedings,
} from '../sources/registry-observations.ts';
import { contradicted, established, inconclusive, type Judgement, notApplicable } from './examine.ts';
import { later } from './existence-activite.ts';
import { BAN, dated, FOLLOWING, inWords, SWORN } from './proceedings-wording.ts';
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
 * (CCP, article R2143-9). Safeguard is none of the grounds: where registers note nothing else, none is noted, and the
 * alert says what is open. Public bodies know no such proceedings.
 */
export function absenceLiquidationRedressement(known: Known): Judgement {
  if (isPublicBody(known)) {
    const motif = 'Les procédures collectives ne visent pas les personnes morales de droit public.';
    return notApplicable(motif, ['insee_unite_legale']);
  }
  const noted = notesIn(known);
  if (noted.length === 0) return untold(known);
  const [found, ban] = [openedBy(noted, known), latestBan(notedUpTo(noted, known))];
  if (found && isOpenLiquidation(found, noted, known)) return liquidated(found, noted, known);
  if (ban) return barred(ban, noted);
  if (found && !isSafeguardAlone(notedUpTo(noted, known))) return ofProceedings(found, noted);
  return unopposed(found, noted, known);
}

/** No ground is noted. @param safeguard that is noted all the same */
function unopposed(safeguard: Proceedings | null, noted: readonly Noted[], known: Known): Judgement {
  const speaking = noted.map(({ register }) => register).filter((id) => tells(id, known));
  if (speaking.length === 0) return untold(known);
  const silent = silentRegisters(known);
  if (silent.length > 0) return halfTold(safeguard, speaking, silent, known);
  const isLast = latestProceedings(allOf(noted))?.note === safeguard?.note;
  const since = isLast ? '' : ' Une mention postérieure à la date examinée existe : voir les alertes.';
  const words = safeguard
    ? onlyNoted(safeguard)
    : "Aucune procédure collective n'est mentionnée aux registres.";
  return established(words + since, speaking);
}

function onlyNoted(safeguard: Proceedings): string {
  return `Les registres ne portent qu'${inWords(safeguard)} : elle n'exclut pas l'entreprise.`;
}

/** The latest proceedings noted up to the day examined. */
export function openedBy(noted: readonly Noted[], known: Known): Proceedings | null {
  return latestProceedings(notedUpTo(noted, known));
}

function notedUpTo(noted: readonly Noted[], { date }: Known): Observation[] {
  return allOf(noted).filter((note) => note.date === null || note.date <= date);
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
function halfTold(
  safeguard: Proceedings | null,
  speaking: string[],
  silent: string[],
  known: Known,
): Judgement {
  const told = safeguard
    ? onlyNoted(safeguard)
    : `Le ${speaking.map(nameOf).join(' et le ')} ne mentionne aucune procédure collective.`;
  const left = isAwaited(silent, known) ? undefined : SWORN;
  return inconclusive(`${told} ${silence(silent, known)}`, [...speaking, ...silent], left);
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
