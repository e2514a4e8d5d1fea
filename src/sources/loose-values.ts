import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { number, text } from './envelope.ts';

/** A code, a year, a rank: text that some sources write as a number. */
export const code = z.union([text, z.number().transform(String)]);

/** A number that some sources write as text; null when there is none to read. */
export const amount = z.union([number, z.string().transform(amountIn)]);

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
