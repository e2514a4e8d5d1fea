import { WINDOW_MS, type Windows } from './hub-clock.ts';
import type { BucketState, Lesson } from './quota-ledger.ts';
import type { RateLimitHeaders } from './rate-limit-headers.ts';

export interface LessonContext {
  isRefusal: boolean;
  known: BucketState;
  /** Calls of this process to which no answer came yet. */
  inFlight: number;
  /** Those of now, by the hub's clock. */
  windows: Windows;
  /** When the hub was asked: epoch milliseconds of its clock. */
  askedMs: number;
}

const ONE_DAY_MS = 86_400_000;

/** What an answer tells that was not known; null in the usual case that it tells nothing. */
export function lessonOf(heard: RateLimitHeaders, context: LessonContext): Lesson | null {
  const { known, isRefusal } = context;
  const isNewLimit = heard.limit !== null && heard.limit !== known.limit;
  const usage = usageOf(heard, context);
  if (!isNewLimit && !usage && !isRefusal) return null;
  return {
    ...(isNewLimit && heard.limit !== null && { limit: heard.limit }),
    ...(usage && { usage }),
    ...(isRefusal && { open: openOf(heard, context) }),
  };
}

/** More than this fleet made: somebody else calls with the same token. */
function usageOf(heard: RateLimitHeaders, { known, inFlight, windows }: LessonContext) {
  const { limit, remaining, resetMs } = heard;
  if (limit === null || remaining === null || resetMs === null) return undefined;
  const used = limit - remaining;
  const window = Math.ceil(resetMs / WINDOW_MS) - 1;
  const isOfNow = window >= windows.first - 1 && window <= windows.last + 1;
  const isNews = used > (known.counts.get(window) ?? 0);
  return isOfNow && isNews ? { window, used, inFlight } : undefined;
}

/** After a 429: the window that begins when the hub says so, at worst the next. */
function openOf(
  { resetMs, retryAfterSeconds }: RateLimitHeaders,
  { windows, askedMs }: LessonContext,
): number {
  const waits = resetMs !== null && Math.abs(resetMs - askedMs) <= ONE_DAY_MS ? [resetMs] : [];
  // Whole seconds, rounded up, from when it answered: taken for longer than meant, they would cost a whole window.
  if (retryAfterSeconds !== null) waits.push(askedMs + Math.max(0, retryAfterSeconds - 1) * 1000);
  return waits.length > 0 ? Math.ceil(Math.max(...waits) / WINDOW_MS) : windows.last + 1;
}
