import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { excerptOf, inFrench } from './wording.ts';

export const observationSchema = z.object({
  numero: z.string().nullable(),
  date: z.iso.date().nullable(),
  texte: z.string(),
});
export type Observation = z.infer<typeof observationSchema>;

const PROCEDURES = [
  'liquidation judiciaire',
  'redressement judiciaire',
  'sauvegarde',
  'procedure collective',
];
const ENDS = [' cloture', ' fin ', ' annul', ' infirm', ' mainlevee', ' main levee', ' rapporte '];

/**
 * Warns of the latest note about collective proceedings. Notes are free text: one that ends the proceedings
 * may not name them, so that a reader is told to check rather than told what is.
 *
 * @param registry named in the alert: `registre du commerce et des sociétés`
 */
export function collectiveProceedings(observations: Observation[], registry: string): Alerte[] {
  const notes = observations.filter(({ texte }) => mentions(texte, PROCEDURES));
  const latest = notes.toSorted((a, b) => (a.date ?? '').localeCompare(b.date ?? '')).at(-1);
  if (!latest) return [];
  const dated = latest.date === null ? '' : `, du ${inFrench(latest.date)}`;
  const advice = mentions(latest.texte, ENDS)
    ? 'Cette mention semble parler de la fin ou de la remise en cause de la procédure : à vérifier.'
    : "Une autre mention peut y avoir mis fin : à vérifier auprès du greffe ou de l'entreprise.";
  return [
    {
      code: 'procedure_collective',
      niveau: 'critique',
      message: `Mention au ${registry}${dated} : « ${excerptOf(latest.texte)} ». ${advice}`,
    },
  ];
}

function mentions(text: string, expressions: string[]): boolean {
  const words = wordsOf(text);
  return expressions.some((expression) => words.includes(expression));
}

/** Lower-case unaccented words, a space around each: linear in the length of the text. */
function wordsOf(text: string): string {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${letters.replace(/[^a-z0-9]+/g, ' ')} `;
}
