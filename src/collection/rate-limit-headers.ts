export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What an answer says of quotas; null where it says nothing, or nonsense. */
export interface RateLimitHeaders {
  /** Calls a minute of the bucket. */
  limit: number | null;
  /** Calls left in the hub's window. */
  remaining: number | null;
  /** Epoch milliseconds of the hub's clock at which its window ends. */
  resetMs: number | null;
  retryAfterSeconds: number | null;
}

const MAX_CALLS_PER_MINUTE = 10_000_000;
const MAX_RETRY_SECONDS = 86_400;
/** A reset in seconds from now, as others write it, is far below: it is not the hub's. */
const MIN_EPOCH_SECONDS = 1_000_000_000;
const MAX_EPOCH_SECONDS = 9_999_999_999;

const HTTP_DATE = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** @param headers named in lower case */
export function readRateLimitHeaders(headers: ReceivedHeaders): RateLimitHeaders {
  const resetSeconds = integerOf(headers['ratelimit-reset'], MIN_EPOCH_SECONDS, MAX_EPOCH_SECONDS);
  return {
    limit: integerOf(headers['ratelimit-limit'], 1, MAX_CALLS_PER_MINUTE),
    remaining: integerOf(headers['ratelimit-remaining'], 0, MAX_CALLS_PER_MINUTE),
    resetMs: resetSeconds === null ? null : resetSeconds * 1000,
    retryAfterSeconds: integerOf(headers['retry-after'], 0, MAX_RETRY_SECONDS),
  };
}

/** Epoch milliseconds of the hub's clock, to the second, when it answered. */
export function readDateMs({ date }: ReceivedHeaders): number | null {
  if (typeof date !== 'string' || !HTTP_DATE.test(date)) return null;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? null : ms;
}

/** Written as it would be by us: `Number` reads an empty text, hexadecimals and exponents too. */
function integerOf(value: string | string[] | undefined, min: number, max: number): number | null {
  const number = Number(value);
  return String(number) === value && number >= min && number <= max && Number.isInteger(number)
    ? number
    : null;
}
