import { QUOTAS, type Quota } from '../sources/source.ts';
import type { Windows } from './hub-clock.ts';
import {
  BUCKETS,
  type BucketState,
  hasRoom,
  type Place,
  type QuotaLedger,
  type Reservation,
} from './quota-ledger.ts';

export interface MemoryQuotaLedger extends QuotaLedger {
  /** @param weight how many calls one is counted for: as many as there are processes that cannot consult each other */
  reserve(reservation: Reservation, weight?: number): Place | null;
  /** Takes over what is known elsewhere; `merge` keeps what is known here and not there. */
  adopt(bucket: Quota, state: BucketState, merge: boolean): void;
}

interface Bucket {
  limit: number;
  open: number;
  counts: Map<number, number>;
  /** Windows before it are forgotten. */
  oldest: number;
}

/** The ledger of one process, which a ledger in Redis also goes on from when Redis is away. */
export function createMemoryQuotaLedger(): MemoryQuotaLedger {
  const buckets = Object.fromEntries(
    BUCKETS.map((name) => [name, { limit: QUOTAS[name].perMinute, open: 0, counts: new Map(), oldest: 0 }]),
  ) as Record<Quota, Bucket>;
  let changed: (bucket: Quota) => void = () => {};

  function set(name: Quota, limit: number, open: number): void {
    const bucket = buckets[name];
    const isChange = limit !== bucket.limit || open > bucket.open;
    bucket.limit = limit;
    bucket.open = Math.max(open, bucket.open);
    if (isChange) changed(name);
  }

  return {
    reserve({ bucket: name, lane, windows, furthest }, weight = 1) {
      const bucket = buckets[name];
      forgetBefore(bucket, windows.first - 1);
      const isFree = (window: number) =>
        window >= bucket.open && hasRoom(bucket.counts.get(window) ?? 0, weight, bucket.limit, lane);
      if (isFree(windows.first) && (windows.last === windows.first || isFree(windows.last))) {
        return book(bucket, windows, weight);
      }
      for (let window = windows.first + 1; window <= furthest; window++) {
        if (isFree(window)) return book(bucket, { first: window, last: window }, weight);
      }
      return null;
    },
    release(name, { first, last }) {
      const { counts } = buckets[name];
      for (let window = first; window <= last; window++) {
        counts.set(window, Math.max(0, (counts.get(window) ?? 0) - 1));
      }
    },
    learn(name, { limit, usage, open = 0 }) {
      const bucket = buckets[name];
      if (usage && usage.used > (bucket.counts.get(usage.window) ?? 0)) {
        bucket.counts.set(usage.window, usage.used + usage.inFlight);
      }
      set(name, limit ?? bucket.limit, open);
    },
    adopt(name, { limit, open, counts }, merge) {
      const bucket = buckets[name];
      if (!merge) bucket.counts.clear();
      for (const [window, count] of counts) {
        bucket.counts.set(window, Math.max(count, bucket.counts.get(window) ?? 0));
      }
      set(name, limit, open);
    },
    known: (name) => buckets[name],
    onChanged(listener) {
      changed = listener;
    },
  };
}

function book({ counts }: Bucket, { first, last }: Windows, weight: number): Place {
  let rank = 0;
  for (let window = first; window <= last; window++) {
    const before = counts.get(window) ?? 0;
    counts.set(window, before + weight);
    rank = before + 1;
  }
  return { first, last, rank };
}

/** The last window is kept: clocks that turn out to differ may still need it. */
function forgetBefore(bucket: Bucket, oldest: number): void {
  if (oldest <= bucket.oldest) return;
  bucket.oldest = oldest;
  for (const window of bucket.counts.keys()) if (window < oldest) bucket.counts.delete(window);
}
