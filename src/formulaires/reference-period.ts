import { valueAt } from './json-pointer.ts';
import { isJsonObject } from './json-schema.ts';

/** Insee works out its category and the headcount bracket of a company from the same year, which stands with the bracket. */
const CATEGORY = 'identite/categorie_entreprise';
const BRACKET = ['identite', 'effectif'];

/**
 * What time a value of a dossier is of, as its source says beside it: a year (`2025`), a month (`2026-09`), or the day on
 * which an exercise was closed. Null when it says none.
 */
export function referencePeriodOf(root: unknown, segments: readonly string[]): string | null {
  const from = segments.join('/') === CATEGORY ? BRACKET : segments;
  for (let length = from.length; length > 1; length--) {
    const around = valueAt(root, from.slice(0, length));
    const period = isJsonObject(around) ? periodIn(around) : null;
    if (period !== null) return period;
  }
  return null;
}

function periodIn({ date_fin_exercice, annee, mois }: Readonly<Record<string, unknown>>): string | null {
  const parts = [date_fin_exercice ?? annee, date_fin_exercice ? null : mois].filter(
    (part) => typeof part === 'string',
  );
  return parts.length === 0 ? null : parts.join('-');
}
