import { parisTimeOf } from '../dossier/time.ts';

/**
 * How long an answer stays fresh: for a time, until an hour of the Paris clock at which the source
 * publishes anew, or until the month ends.
 */
export type Freshness = { forSeconds: number } | { untilHour: number } | { untilEndOfMonth: true };

/** @returns epoch milliseconds at which an answer given at `nowMs` stops being fresh */
export function freshUntil(freshness: Freshness, nowMs: number): number {
  if ('forSeconds' in freshness) return nowMs + freshness.forSeconds * 1000;
  const now = parisTimeOf(nowMs);
  if ('untilHour' in freshness) {
    const today = now.startOfDay().with({ hour: freshness.untilHour });
    return (Temporal.ZonedDateTime.compare(today, now) > 0 ? today : today.add({ days: 1 }))
      .epochMilliseconds;
  }
  return now.with({ day: 1 }).add({ months: 1 }).startOfDay().epochMilliseconds;
}
