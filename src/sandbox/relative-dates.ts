import { dayAfter, endOfMonth, endOfVigilance, lastFiledYear, unixOf } from './calendar.ts';

/** What the placeholders of a fixture are resolved against. */
export interface Moment {
  /** Today in Paris, `YYYY-MM-DD`. */
  today: string;
  /** What was asked: `year`, `month` and `nature_effectif` have a placeholder of their own. */
  parameters: Readonly<Record<string, string>>;
}

type Word = (offset: number, moment: Moment) => string | number;

const yearOf = (day: string) => Number(day.slice(0, 4));
const thisYear = (offset: number, today: string) => {
  const day = dayAfter(today, offset);
  const january = `${yearOf(today)}-01-01`;
  return day < january ? january : day;
};

/** Every word a placeholder may use; `fixtures/README.md` describes them to whoever writes a fixture. */
const WORDS: Readonly<Record<string, Word>> = {
  jour: (days, { today }) => dayAfter(today, days),
  unix: (days, { today }) => unixOf(dayAfter(today, days)),
  jour_cette_annee: (days, { today }) => thisYear(days, today),
  unix_cette_annee: (days, { today }) => unixOf(thisYear(days, today)),
  fin_de_mois: (months, { today }) => endOfMonth(today, months),
  fin_de_vigilance: (days, { today }) => endOfVigilance(dayAfter(today, days)),
  annee: (years, { today }) => String(yearOf(today) + years),
  annee_nombre: (years, { today }) => yearOf(today) + years,
  exercice: (years, { today }) => String(lastFiledYear(today) + years),
  annee_demandee: (years, { parameters }) => String(Number(parameters.year) + years),
  mois_demande: (_, { parameters }) => parameters.month ?? '',
  nature_demandee: (_, { parameters }) => parameters.nature_effectif ?? 'moyen',
};

const PLACEHOLDER = /\$\{([a-z_]+)(?: ([+-]?\d+))?\}/g;
const ALONE = /^\$\{([a-z_]+)(?: ([+-]?\d+))?\}$/;

function resolveWord(word: string, offset: string | undefined, moment: Moment): string | number {
  const resolve = WORDS[word];
  if (!resolve) throw new Error(`unknown placeholder in a fixture: ${word}`);
  return resolve(Number(offset ?? 0), moment);
}

function resolveText(text: string, moment: Moment): string | number {
  const alone = ALONE.exec(text);
  if (alone?.[1]) return resolveWord(alone[1], alone[2], moment);
  return text.replace(PLACEHOLDER, (_, word, offset) => String(resolveWord(word, offset, moment)));
}

/** A copy of `value` with each placeholder replaced; a number stays one when it is alone in its string. */
export function resolveDates<T>(value: T, moment: Moment): T;
export function resolveDates(value: unknown, moment: Moment): unknown {
  if (typeof value === 'string') return value.includes('${') ? resolveText(value, moment) : value;
  if (Array.isArray(value)) return value.map((item) => resolveDates(item, moment));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveDates(item, moment)]));
}
