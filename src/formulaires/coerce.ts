import { parisTimeOf } from '../dossier/time.ts';
import type { Scalar } from './accepts.ts';

/** What a schema says in words that a conversion depends on, wherever it says them. */
export interface Expectation {
  /** JSON Schema types; empty when it does not say. */
  types: readonly string[];
  formats: readonly string[];
  /** Of `enum` and `const`. */
  members: readonly unknown[];
}

export function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/**
 * The forms in which a value of the dossier may be written without adding to it, changing it or leaving anything
 * out, the most faithful first: a number whose text is another number (a SIREN that begins with 0) stays a text, a
 * day is given no hour, a list of lines is one text.
 */
export function candidatesFor(value: unknown, { types, formats, members }: Expectation): Scalar[] {
  const asText = Array.isArray(value) && value.every((line) => typeof line === 'string');
  const plain = asText && value.length > 0 ? value.join(', ') : value;
  if (!isScalar(plain)) return [];
  const candidates = [
    plain,
    ...memberLike(plain, members),
    ...dayIn(plain, formats),
    ...(wants(types, 'number', 'integer') ? numberIn(plain) : []),
    ...(wants(types, 'string') && typeof plain === 'number' ? [String(plain)] : []),
  ];
  return candidates.filter((one) => fits(one, types));
}

function wants(types: readonly string[], ...any: string[]): boolean {
  return any.some((type) => types.includes(type));
}

function fits(value: Scalar, types: readonly string[]): boolean {
  if (types.length === 0) return true;
  if (typeof value !== 'number') return types.includes(typeof value);
  return types.includes('number') || (types.includes('integer') && Number.isInteger(value));
}

const YES_NO: Record<string, readonly string[]> = { true: ['oui', 'true'], false: ['non', 'false'] };

/** The only member of an enumeration that says the same but for capitals, or yes or no. */
function memberLike(value: Scalar, members: readonly unknown[]): Scalar[] {
  const words = YES_NO[String(value)] ?? [String(value).toLowerCase()];
  const alike = members.filter(
    (member): member is Scalar => isScalar(member) && words.includes(String(member).toLowerCase()),
  );
  return alike.length === 1 ? alike : [];
}

/** The day, in Paris, of an instant where a day is expected. */
function dayIn(value: Scalar, formats: readonly string[]): Scalar[] {
  if (typeof value !== 'string' || !formats.includes('date')) return [];
  const epochMs = /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(epochMs) ? [] : [parisTimeOf(epochMs).toPlainDate().toString()];
}

/** A number that is written back as the same text. */
function numberIn(value: Scalar): Scalar[] {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) && String(number) === value ? [number] : [];
}
