import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { excerptOf, inFrench } from './wording.ts';

export const observationSchema = z.object({
  numero: z.string().nullable(),
  date: z.iso.date().nullable(),
  texte: z.string(),
});
export type Observation = z.infer<typeof observationSchema>;

const KINDS = {
  liquidation: 'liquidation judiciaire',
  redressement: 'redressement judiciaire',
  sauvegarde: 'sauvegarde',
  autre: 'procedure collective',
} as const;
const ENDS = [' cloture', ' fin ', ' annul', ' infirm', ' mainlevee', ' main levee', ' rapporte '];

export interface Proceedings {
  note: Observation;
  /** The gravest that the note names. */
  kind: keyof typeof KINDS;
  /** Whether the note, or a later one, seems to speak of an end. */
  mayHaveEnded: boolean;
}

/**
 * The latest note about collective proceedings, undated notes coming first. Notes are free text: one that ends
 * the proceedings may not name them.
 */
export function latestProceedings(observations: Observation[]): Proceedings | null {
  const inOrder = observations.toSorted((a, b) => (a.date ?? '').localeCompare(b.date ?? ''));
  const at = inOrder.findLastIndex(({ texte }) => mentions(texte, Object.values(KINDS)));
  const note = inOrder[at];
  if (!note) return null;
  const kind = Object.entries(KINDS).find(([, words]) => mentions(note.texte, [words]))?.[0];
  return {
    note,
    kind: kind as Proceedings['kind'],
    mayHaveEnded: inOrder.slice(at).some(({ texte }) => mentions(texte, ENDS)),
  };
}

/**
 * Warns of the latest note about collective proceedings; a reader is told to check rather than told what is.
 *
 * @param registry named in the alert: `registre du commerce et des sociétés`
 */
export function collectiveProceedings(observations: Observation[], registry: string): Alerte[] {
  const note = latestProceedings(observations)?.note;
  if (!note) return [];
  const dated = note.date === null ? '' : `, du ${inFrench(note.date)}`;
  const advice = mentions(note.texte, ENDS)
    ? 'Cette mention semble parler de la fin ou de la remise en cause de la procédure : à vérifier.'
    : "Une autre mention peut y avoir mis fin : à vérifier auprès du greffe ou de l'entreprise.";
  return [
    {
      code: 'procedure_collective',
      niveau: 'critique',
      message: `Mention au ${registry}${dated} : « ${excerptOf(note.texte)} ». ${advice}`,
    },
  ];
}

function mentions(text: string, expressions: readonly string[]): boolean {
  const words = wordsOf(text);
  return expressions.some((expression) => words.includes(expression));
}

/** Lower-case unaccented words, a space around each: linear in the length of the text. */
function wordsOf(text: string): string {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${letters.replace(/[^a-z0-9]+/g, ' ')} `;
}
