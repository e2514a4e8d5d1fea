import { parisTimeOf } from '../dossier/time.ts';

/**
 * How long an answer stays fresh: for a time, until an hour of the Paris clock at which the source
 * publishes anew, or until the month ends.
 */
export type Freshness = { forSeconds: number } | { untilHour: number } | { untilEndOfMonth: true };

interface Answered {
  fromMs: number;
  untilMs: number;
}

/** The last answer for each freshness by the calendar: it holds until the instant that it gives. */
const known = new WeakMap<Freshness, Answered>();

/** @returns epoch milliseconds at which an answer given at `nowMs` stops being fresh */
export function freshUntil(freshness: Freshness, nowMs: number): number {
  if ('forSeconds' in freshness) return nowMs + freshness.forSeconds * 1000;
  const last = known.get(freshness);
  if (last && last.fromMs <= nowMs && nowMs < last.untilMs) return last.untilMs;
  const untilMs = nextPublication(freshness, parisTimeOf(nowMs)).epochMilliseconds;
  known.set(freshness, { fromMs: nowMs, untilMs });
  return untilMs;
}

function nextPublication(
  freshness: { untilHour: number } | { untilEndOfMonth: true },
  now: Temporal.ZonedDateTime,
): Temporal.ZonedDateTime {
  if ('untilEndOfMonth' in freshness) return now.with({ day: 1 }).add({ months: 1 }).startOfDay();
  const today = now.startOfDay().with({ hour: freshness.untilHour });
  return Temporal.ZonedDateTime.compare(today, now) > 0 ? today : today.add({ days: 1 });
}
