/** A source that asks for more is misunderstood. */
export const LONGEST_RETRY_SECONDS = 30 * 86_400;

const SECONDS = /^\d+(\.\d+)?$/;
/** The dates of RFC 9110 (5.6.7) that name their zone; its third form names none and nobody sends it. */
const HTTP_DATE = /^[a-z]{3,9}, [\w :-]+ GMT$/i;

/** Seconds to wait, from a `Retry-After` header: a number or a date. Null when it says nothing. */
export function retryAfterSeconds(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  const seconds = SECONDS.test(text) ? Number(text) : secondsUntil(text, nowMs);
  return Number.isNaN(seconds) ? null : Math.min(seconds, LONGEST_RETRY_SECONDS);
}

function secondsUntil(text: string, nowMs: number): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  return Math.max(0, Math.ceil((Date.parse(text) - nowMs) / 1000));
}
