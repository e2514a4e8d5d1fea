/** A civil day in Paris, `YYYY-MM-DD`. */
export type Day = string;
/** An instant, RFC 3339 in UTC, to the second. */
export type Instant = string;

const PARIS = 'Europe/Paris';

export function parisTimeOf(epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(PARIS);
}

export function dayOf(epochMs: number): Day {
  return parisTimeOf(epochMs).toPlainDate().toString();
}

/** INSEE gives days as Unix seconds of Paris midnight, negative before 1970: read in UTC they slip by one. */
export function dayOfUnixSeconds(seconds: number): Day {
  return dayOf(seconds * 1000);
}

export function instantOf(epochMs: number): Instant {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The day a text begins with (`2026-11-23`, `2026-11-23T10:00:00+01:00`), or null when that is no day. */
export function dayIn(text: string | null | undefined): Day | null {
  const day = text?.slice(0, 10) ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const time = Date.parse(day);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? null : day;
}
