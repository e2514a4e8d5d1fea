import { LRUCache } from 'lru-cache';

/** Calls a minute, for one token: endpoints of one bucket are counted together, all versions too. */
const PER_MINUTE = {
  json: 250,
  document: 50,
  attestation_fiscale: 5,
  cibtp: 5,
  urssaf: 100,
  extrait_rne: 15,
  actes_bilans: 15,
  gip_mds: 50,
  files: 50,
} as const;
export type Bucket = keyof typeof PER_MINUTE;

/** What every bucket announces when quotas are off: who starts from the real limits learns that it may go on. */
const UNLIMITED_PER_MINUTE = 1_000_000;

const WINDOW_MS = 60_000;
const COUNTED_AT_ONCE = 10_000;

export interface Quota {
  exceeded: boolean;
  headers: Record<string, string>;
}

export type TakeQuota = (bucket: Bucket, bearer: string) => Quota;

export interface TakeQuotaOptions {
  now: () => number;
  /** False for measuring: calls are counted all the same. */
  limited: boolean;
}

/** Counts calls in windows of 60 s aligned on the minute of the clock, not on the first call. */
export function createTakeQuota({ now, limited }: TakeQuotaOptions): TakeQuota {
  const counts = new LRUCache<string, { window: number; calls: number }>({ max: COUNTED_AT_ONCE });
  return (bucket, bearer) => {
    const nowMs = now();
    const window = Math.floor(nowMs / WINDOW_MS);
    const key = `${bucket} ${bearer}`;
    const before = counts.get(key);
    const calls = before?.window === window ? before.calls + 1 : 1;
    counts.set(key, { window, calls });
    return quotaOf(limited ? PER_MINUTE[bucket] : UNLIMITED_PER_MINUTE, calls, nowMs);
  };
}

/** What the bucket looks like when a storm of 429 is staged. */
export function exhausted(bucket: Bucket, nowMs: number): Quota {
  return quotaOf(PER_MINUTE[bucket], Number.POSITIVE_INFINITY, nowMs);
}

function quotaOf(limit: number, calls: number, nowMs: number): Quota {
  const endMs = (Math.floor(nowMs / WINDOW_MS) + 1) * WINDOW_MS;
  const exceeded = calls > limit;
  const headers: Record<string, string> = {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(Math.max(0, limit - calls)),
    'ratelimit-reset': String(endMs / 1000),
  };
  if (exceeded) headers['retry-after'] = String(Math.ceil((endMs - nowMs) / 1000));
  return { exceeded, headers };
}
