import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';

/** Text, or null when the source has none: several write an empty string for it. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);

export const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

export const codeLibelle = z
  .object({ code: text, libelle: text })
  .nullish()
  .transform((value) => (value && (value.code || value.libelle) ? value : null));

/** A code, a year, a rank: text that some sources write as a number. */
export const code = z.union([text, z.number().transform(String)]);

/** A number that some sources write as text; null when there is none to read. */
export const amount = z.union([number, z.string().transform(amountIn)]);

const DECIMAL = /^\d+(\.\d+)?$/;

/** A measure: a number, or one written as text; any other text is not understood. */
export const decimal = z.union([z.number(), z.string().regex(DECIMAL).transform(Number)]).nullish();

/** The day a text begins with, or null. */
export const day = text.transform(dayIn);

/** A SIREN or a SIRET as received, never checked; one written as a number has lost its leading zeros. */
export function identifier(length: 9 | 14) {
  return z
    .union([z.string(), z.number().transform((digits) => String(digits).padStart(length, '0'))])
    .transform((value) => value.replaceAll(' ', ''));
}

/** The same where the source may have none. */
export function identifierOrNull(length: 9 | 14) {
  return identifier(length)
    .nullish()
    .transform((value) => value || null);
}

/** A list, or null when the source gives none. */
export function list<I extends z.ZodType>(item: I) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? null);
}

function amountIn(written: string): number | null {
  const value = Number(written.replaceAll(' ', '').replace(',', '.'));
  return written.trim() === '' || !Number.isFinite(value) ? null : value;
}
