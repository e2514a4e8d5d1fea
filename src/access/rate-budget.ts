/** What is left of a rate after somebody took of it, or could not. */
export interface Taken {
  isTaken: boolean;
  left: number;
  /** Seconds until the minute ends. */
  resetSeconds: number;
}

/** Calls a minute of the clock, by name, for all processes together. */
export interface RateBudget {
  /** Takes one at once; null, and nothing is taken, when the others must be asked first. */
  takeNow(name: string, perMinute: number): Taken | null;
  take(name: string, perMinute: number): Promise<Taken>;
}

export const MINUTE_MS = 60_000;
/** More names than that were used in one minute: those of the minutes before are let go. */
export const MAX_NAMES = 10_000;

export function resetSecondsAt(nowMs: number): number {
  return Math.ceil((MINUTE_MS - (nowMs % MINUTE_MS)) / 1000);
}

/** For a process that shares with nobody. */
export function createMemoryRateBudget({ now }: { now: () => number }): RateBudget {
  const used = new Map<string, { minute: number; calls: number }>();

  function takeNow(name: string, perMinute: number): Taken {
    const nowMs = now();
    const minute = Math.floor(nowMs / MINUTE_MS);
    let count = used.get(name);
    if (!count || count.minute !== minute) {
      if (!count && used.size >= MAX_NAMES) used.clear();
      count = { minute, calls: 0 };
      used.set(name, count);
    }
    const isTaken = count.calls < perMinute;
    if (isTaken) count.calls++;
    return { isTaken, left: perMinute - count.calls, resetSeconds: resetSecondsAt(nowMs) };
  }

  return { takeNow, take: async (...args) => takeNow(...args) };
}
