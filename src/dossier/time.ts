import { inOnePiece } from './in-one-piece.ts';

/** A civil day in Paris, `YYYY-MM-DD`. */
export type Day = string;
/** An instant, RFC 3339 in UTC, to the second. */
export type Instant = string;

const PARIS = 'Europe/Paris';
const DAY_MS = 86_400_000;

export function parisTimeOf(epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(PARIS);
}

let known = { fromMs: 0, untilMs: 0, day: '' };

/** For what happens now: the day is remembered until it ends. */
export function dayOf(epochMs: number): Day {
  if (known.fromMs <= epochMs && epochMs < known.untilMs) return known.day;
  const start = parisTimeOf(epochMs).startOfDay();
  const day = start.toPlainDate().toString();
  known = { fromMs: start.epochMilliseconds, untilMs: endOfDay(day), day };
  return day;
}

/** Epoch milliseconds of the midnight in Paris that ends a day. */
export function endOfDay(day: Day): number {
  if (day === known.day) return known.untilMs;
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(PARIS).epochMilliseconds;
}

/** Days are counted, whatever the time zone. */
export function daysAfter(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Time zones are slow, and most dates of a register are those of many companies. */
const daysKnown = new Map<number, Day>();
const MAX_DAYS_KNOWN = 50_000;

/** INSEE gives days as Unix seconds of Paris midnight, negative before 1970: read in UTC they slip by one. */
export function dayOfUnixSeconds(seconds: number): Day {
  const known = daysKnown.get(seconds);
  if (known !== undefined) return known;
  const day = parisTimeOf(seconds * 1000)
    .toPlainDate()
    .toString();
  if (daysKnown.size >= MAX_DAYS_KNOWN) daysKnown.clear();
  daysKnown.set(seconds, day);
  return day;
}

let last = { seconds: Number.NaN, instant: '' };

/** Most of a dossier happens within one second, whose text is remembered. */
export function instantOf(epochMs: number): Instant {
  const seconds = Math.floor(epochMs / 1000);
  if (seconds !== last.seconds)
    last = { seconds, instant: inOnePiece(`${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`) };
  return last.instant;
}

/** The day a text begins with (`2026-11-23`, `2026-11-23T10:00:00+01:00`), or null when that is no day. */
export function dayIn(text: string | null | undefined): Day | null {
  const day = text?.slice(0, 10) ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  // A 31 June is read as 1 July; what is no day at all, as NaN.
  return new Date(day).getUTCDate() === Number(day.slice(8)) ? day : null;
}
