import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { excerptOf, inFrench } from './wording.ts';

export const observationSchema = z.object({
  numero: z.string().nullable(),
  date: z.iso.date().nullable(),
  texte: z.string(),
});
export type Observation = z.infer<typeof observationSchema>;

/** Beginnings of words that end what was decided, or put it in question. */
const ENDS = [
  ...[' cloture', ' fin ', ' annul', ' infirm', ' mainlevee', ' main levee', ' rapporte '],
  ...[' rejet', ' refus', ' lieu a ', ' reform', ' retract', ' suspen', ' sursis', ' appel ', ' cassa'],
];
const BAN_ENDS = [...ENDS, ' relev', ' levee'];
const OPENINGS = [' ouvr', ' ouver', ' pronon', ' conver'];
/** To ask for an opening is not to open. */
const REQUESTS = [' demande d ouverture ', ' demande aux fins ', ' assign'];
const PLANS = [' plan de redressement ', ' plan de continuation '];
/** A dissolution that the partners decided is wound up as well. */
const AMICABLE = [' amiable ', ' dissolution '];
const OTHERS = [' procedure collective ', ' plan de cession ', ' cessation des paiements '];
/** What a safeguard turns into, or betrays. */
const TURNS = [' conver', ' resol', ' cessation des paiements '];
/** Measures against persons (code de commerce, articles L653-1 to L653-8). */
const BANS = [
  ' faillite personnelle ',
  ' interdiction de gerer ',
  ' interdiction de diriger ',
  ' interdit de gerer ',
];

export type ProceedingsKind = 'liquidation' | 'redressement' | 'plan_redressement' | 'sauvegarde' | 'autre';

export interface Mention {
  note: Observation;
  /** Whether the note, or a later one, seems to speak of an end, or of what puts it in question. */
  mayHaveEnded: boolean;
}

export interface Proceedings extends Mention {
  /** The gravest that the note names. */
  kind: ProceedingsKind;
  /** Whether the note announces an opening, rather than naming the proceedings only. */
  isOpening: boolean;
}

/**
 * The latest note about collective proceedings, undated notes coming first. Notes are free text: one that ends
 * the proceedings may not name them.
 */
export function latestProceedings(observations: Observation[]): Proceedings | null {
  const found = latestOf(observations, (words) => kindIn(words) !== null, ENDS);
  if (!found) return null;
  const words = wordsOf(found.note.texte);
  const isOpening = hasAny(words, OPENINGS) && !hasAny(words, REQUESTS);
  return { ...found, kind: kindIn(words) ?? 'autre', isOpening };
}

/**
 * Whether safeguard is all that notes ever name. What one turns into may be noted beside it, on the same day and
 * in any order: the latest note alone does not tell.
 */
export function isSafeguardAlone(observations: Observation[]): boolean {
  const named = observations.map(({ texte }) => wordsOf(texte)).filter((words) => kindIn(words) !== null);
  const isPlain = (words: string) => kindIn(words) === 'sauvegarde' && !hasAny(words, TURNS);
  return named.length > 0 && named.every(isPlain);
}

/** The latest note about a personal bankruptcy or a ban from managing. Whom it is about, the text alone says. */
export function latestBan(observations: Observation[]): Mention | null {
  return latestOf(observations, (words) => hasAny(words, BANS), BAN_ENDS);
}

function latestOf(
  observations: Observation[],
  isAbout: (words: string) => boolean,
  ends: readonly string[],
): Mention | null {
  const inOrder = observations
    .toSorted((a, b) => (a.date ?? '').localeCompare(b.date ?? ''))
    .map((note) => ({ note, words: wordsOf(note.texte) }));
  const at = inOrder.findLastIndex(({ words }) => isAbout(words));
  const note = inOrder[at]?.note;
  return note ? { note, mayHaveEnded: inOrder.slice(at).some(({ words }) => hasAny(words, ends)) } : null;
}

function kindIn(words: string): ProceedingsKind | null {
  if (words.includes(' liquidation judiciaire ')) return 'liquidation';
  if (words.includes(' liquidation ') && !hasAny(words, AMICABLE)) return 'liquidation';
  if (hasAny(words, PLANS) && !words.includes(' resol')) return 'plan_redressement';
  if (words.includes(' redressement ')) return 'redressement';
  if (words.includes(' sauvegarde ')) return 'sauvegarde';
  return hasAny(words, OTHERS) ? 'autre' : null;
}

/**
 * Warns of the latest note about collective proceedings, and of the latest about a ban from managing; a reader is
 * told to check rather than told what is.
 *
 * @param registry named in the alerts: `registre du commerce et des sociétés`
 */
export function notesToCheck(observations: Observation[], registry: string): Alerte[] {
  const proceedings = latestProceedings(observations);
  const ban = latestBan(observations);
  return [
    ...(proceedings ? [alerte('procedure_collective', proceedings, registry, adviceOn(proceedings))] : []),
    ...(ban ? [alerte('interdiction_gerer', ban, registry, adviceOnBan(ban))] : []),
  ];
}

function alerte(code: Alerte['code'], { note }: Mention, registry: string, advice: string): Alerte {
  const dated = note.date === null ? '' : `, du ${inFrench(note.date)}`;
  const message = `Mention au ${registry}${dated} : « ${excerptOf(note.texte)} ». ${advice}`;
  return { code, niveau: 'critique', message };
}

function adviceOn({ note, kind }: Proceedings): string {
  if (hasAny(wordsOf(note.texte), ENDS)) {
    return 'Cette mention semble parler de la fin ou de la remise en cause de la procédure : à vérifier.';
  }
  if (kind === 'plan_redressement') {
    return "Cette mention parle d'un plan de redressement, sous lequel l'entreprise poursuit son activité : reste à vérifier qu'il est encore suivi.";
  }
  return "Une autre mention peut y avoir mis fin : à vérifier auprès du greffe ou de l'entreprise.";
}

function adviceOnBan({ mayHaveEnded }: Mention): string {
  return mayHaveEnded
    ? 'Cette mention, ou une suivante, semble parler de sa fin ou de sa remise en cause : à vérifier.'
    : "Elle peut viser un dirigeant ou l'entreprise : à vérifier auprès du greffe ou de l'entreprise.";
}

function hasAny(words: string, expressions: readonly string[]): boolean {
  return expressions.some((expression) => words.includes(expression));
}

/** Lower-case unaccented words, a space around each: linear in the length of the text. */
function wordsOf(text: string): string {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${letters.replace(/[^a-z0-9]+/g, ' ')} `;
}
