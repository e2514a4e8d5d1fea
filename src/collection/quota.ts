import type { Quota } from '../sources/source.ts';
import { createHubClock } from './hub-clock.ts';
import { BUCKETS, type QuotaLedger } from './quota-ledger.ts';
import { lessonOf } from './quota-lesson.ts';
import { type Caller, createQuotaLine, type Full } from './quota-line.ts';
import { type ReceivedHeaders, readDateMs, readRateLimitHeaders } from './rate-limit-headers.ts';

export interface HubAnswer {
  status: number;
  headers: ReceivedHeaders;
}

/** The right to make one call, now. */
export interface Permit {
  /** To be told once how the call ended: null when no answer came, though the hub may have counted it. */
  settle(answer: HubAnswer | null): void;
}

export interface QuotaBudget {
  /** At once as a rule; else a promise, which resolves when the call may be made. */
  take(caller: Caller): Permit | Promise<Permit | Full>;
  /** Calls left in the current minute, as far as this process knows. */
  remaining(bucket: Quota): number;
  /** Calls a minute. */
  limit(bucket: Quota): number;
  /** How many wait. */
  pending(): number;
  /** Nobody waits any more: whoever does, or would have to, is told that it is full. */
  close(): void;
}

export interface QuotaOptions {
  ledger: QuotaLedger;
  now: () => number;
  /** Runs something later, unless what it returns is called before. */
  schedule?: (delayMs: number, run: () => void) => () => void;
}

/**
 * Spends the quotas of the hub. Each call has its place counted in the ledger: first come first served over
 * all processes, and when it will be made is known at once.
 */
export function createQuota({ ledger, now, schedule = afterDelay }: QuotaOptions): QuotaBudget {
  const clock = createHubClock({ now });
  const line = createQuotaLine({ ledger, clock, now, schedule });
  const inFlight = Object.fromEntries(BUCKETS.map((bucket) => [bucket, 0])) as Record<Quota, number>;
  let lastDate: ReceivedHeaders[string];
  ledger.onChanged(line.wake);

  function permit(bucket: Quota): Permit {
    const sentMs = now();
    let isSettled = false;
    inFlight[bucket]++;
    return {
      settle(answer) {
        if (isSettled) return;
        isSettled = true;
        inFlight[bucket]--;
        if (answer) learn(bucket, answer, sentMs);
      },
    };
  }

  function learn(bucket: Quota, { status, headers }: HubAnswer, sentMs: number): void {
    if (headers.date !== lastDate) compareClocks(headers, sentMs);
    const lesson = lessonOf(readRateLimitHeaders(headers), {
      isRefusal: status === 429,
      known: ledger.known(bucket),
      inFlight: inFlight[bucket],
      windows: clock.windows(),
      askedMs: clock.hubMs() - (now() - sentMs),
    });
    if (lesson) ledger.learn(bucket, lesson);
  }

  /** Once for each date that is told: reading one costs as much as all the rest. */
  function compareClocks(headers: ReceivedHeaders, sentMs: number): void {
    lastDate = headers.date;
    const dateMs = readDateMs(headers);
    const { first } = clock.windows();
    if (dateMs !== null && clock.observe(dateMs, sentMs)) carryOver(first);
  }

  /** The last minute's calls were counted by a clock that was wrong: all may be in what is the hub's minute. */
  function carryOver(wrong: number): void {
    const { first: window } = clock.windows();
    for (const bucket of BUCKETS) {
      const { counts } = ledger.known(bucket);
      const used = (counts.get(wrong - 1) ?? 0) + (counts.get(wrong) ?? 0);
      if (window !== wrong) ledger.learn(bucket, { usage: { window, used, inFlight: 0 } });
    }
    line.wake();
  }

  return {
    take(caller) {
      const { bucket } = caller;
      const reserved = line.reserve(caller);
      const isDue = reserved !== null && !(reserved instanceof Promise) && line.isDue(bucket, reserved);
      if (isDue) return permit(bucket);
      return line.stand(caller, reserved).then((full) => full ?? permit(bucket));
    },
    remaining(bucket) {
      const { limit, open, counts } = ledger.known(bucket);
      const { first } = clock.windows();
      return first < open ? 0 : Math.max(0, limit - (counts.get(first) ?? 0));
    },
    limit: (bucket) => ledger.known(bucket).limit,
    pending: line.size,
    close: line.close,
  };
}

function afterDelay(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
