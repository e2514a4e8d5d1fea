import type { Question } from './answer.ts';
import { endOfMonth, lastFiledYear } from './calendar.ts';

export interface Month {
  /** Four digits. */
  year: string;
  /** Two digits. */
  month: string;
}

const FILED_YEARS_KEPT = 3;
const HEADCOUNT_YEARS_KEPT = 5;

const yearIn = (day: string) => Number(day.slice(0, 4));
/** Months counted from year 0, to compare and step them. */
const rankOf = (year: string, month: string) => Number(year) * 12 + Number(month) - 1;
const monthAt = (rank: number): Month => ({
  year: String(Math.floor(rank / 12)).padStart(4, '0'),
  month: String((rank % 12) + 1).padStart(2, '0'),
});

/** A month's headcounts are published on the last day of the month after it. */
function lastPublishedRank(today: string): number {
  const isLastDay = endOfMonth(today, 0) === today;
  return rankOf(today.slice(0, 4), today.slice(5, 7)) - (isLastDay ? 1 : 2);
}

/**
 * The published months an `effectifs_mensuels` question covers, the asked one first. `profondeur` counts the
 * months before it (0 when absent), so 12 gives thirteen months.
 */
export function monthsAsked({ parameters, today }: Question): Month[] {
  const asked = rankOf(parameters.year ?? '', parameters.month ?? '');
  const [first, last] = [(yearIn(today) - HEADCOUNT_YEARS_KEPT) * 12, lastPublishedRank(today)];
  return Array.from({ length: Number(parameters.profondeur ?? 0) + 1 }, (_, back) => asked - back)
    .filter((rank) => rank >= first && rank <= last)
    .map(monthAt);
}

/** The headcounts of a year are published on 31 January of the next. */
function isStaffYearPublished(year: number, today: string): boolean {
  const last = yearIn(today) - (today.slice(5) < '01-31' ? 2 : 1);
  return year <= last && year > last - HEADCOUNT_YEARS_KEPT;
}

/** Whether the administration can know anything yet, or still, about the year or month that is asked. */
export function isPublished(question: Question): boolean {
  const { endpoint, parameters, today } = question;
  if (parameters.year === undefined) return true;
  const year = Number(parameters.year);
  if (endpoint === 'gip_mds_effectifs_mensuels') return monthsAsked(question).length > 0;
  if (endpoint === 'gip_mds_effectifs_annuels') return isStaffYearPublished(year, today);
  return year <= lastFiledYear(today) && year > lastFiledYear(today) - FILED_YEARS_KEPT;
}
