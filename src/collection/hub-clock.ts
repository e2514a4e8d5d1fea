/** The hub counts calls by minute of its clock. */
export const WINDOW_MS = 60_000;

/** How long after the start of a window a call may still be counted in the one before: clocks differ a little. */
const GUARD_MS = 1000;

/** How long before its end it may be counted in the next: besides, a call takes some time to leave and to arrive. */
const ARRIVAL_GUARD_MS = 2500;

/** Clocks that differ by less are taken for equal: the date of an answer is only known to the second. */
const TOLERATED_MS = 1000;
/** What a slower exchange says of the hub's time is too vague. */
const QUICK_MS = 500;
/** Further off, it is the date that is wrong. */
const MAX_SKEW_MS = 3_600_000;

/** Windows are numbered by the minutes since the epoch of the hub's clock. */
export interface Windows {
  first: number;
  last: number;
}

export interface HubClock {
  /** Those in which the hub may count a call made now: one, or two around a border. */
  windows(): Windows;
  /** Epoch milliseconds of our clock from which on a call is counted in this window, or in a later one. */
  startsAtMs(window: number): number;
  /** Epoch milliseconds of the hub's clock. */
  hubMs(): number;
  /**
   * Compares the clocks. One answer alone changes nothing: the next must say the same.
   *
   * @param dateMs what the hub's clock said between `sentMs` and now
   * @returns whether the windows have shifted
   */
  observe(dateMs: number, sentMs: number): boolean;
}

export function createHubClock({ now }: { now: () => number }): HubClock {
  let skewMs = 0;
  let suspectedMs: number | null = null;
  const hubMs = () => now() + skewMs;

  return {
    hubMs,
    windows() {
      const nowMs = hubMs();
      return { first: windowOf(nowMs - GUARD_MS), last: windowOf(nowMs + ARRIVAL_GUARD_MS) };
    },
    startsAtMs: (window) => window * WINDOW_MS + GUARD_MS - skewMs,
    observe(dateMs, sentMs) {
      const receivedMs = now();
      if (receivedMs - sentMs > QUICK_MS) return false;
      const seenMs = dateMs + 500 - (sentMs + receivedMs) / 2;
      if (isNear(seenMs, skewMs) || Math.abs(seenMs) > MAX_SKEW_MS) {
        suspectedMs = null;
        return false;
      }
      if (suspectedMs === null || !isNear(seenMs, suspectedMs)) {
        suspectedMs = seenMs;
        return false;
      }
      skewMs = Math.round((suspectedMs + seenMs) / 2);
      suspectedMs = null;
      return true;
    },
  };
}

const isNear = (oneMs: number, otherMs: number) => Math.abs(oneMs - otherMs) <= TOLERATED_MS;

function windowOf(hubMs: number): number {
  return Math.floor(hubMs / WINDOW_MS);
}
