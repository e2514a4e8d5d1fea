import { LRUCache } from 'lru-cache';

/** Calls a minute from one address, all tokens together: one more and the address is banned. */
const PER_MINUTE = 1_000;
const WINDOW_MS = 60_000;
const BAN_MS = 12 * 3_600_000;
const REMEMBERED_ADDRESSES = 10_000;

export interface Bans {
  /** Counts a call from `ip`; true while that address is banned, and then nothing may be answered. */
  strikes(ip: string): boolean;
  lift(): void;
}

/** `onBan` is how a person learns why the sandbox went silent: the real one says nothing at all. */
export function createBans({ now, onBan }: { now: () => number; onBan: (ip: string) => void }): Bans {
  const addresses = new LRUCache<string, { window: number; calls: number; bannedUntilMs: number }>({
    max: REMEMBERED_ADDRESSES,
  });
  return {
    lift: () => addresses.clear(),
    strikes(ip) {
      const nowMs = now();
      const window = Math.floor(nowMs / WINDOW_MS);
      const known = addresses.get(ip) ?? { window, calls: 0, bannedUntilMs: 0 };
      if (nowMs < known.bannedUntilMs) return true;
      const calls = known.window === window ? known.calls + 1 : 1;
      const banned = calls > PER_MINUTE;
      addresses.set(ip, { window, calls, bannedUntilMs: banned ? nowMs + BAN_MS : 0 });
      if (banned) onBan(ip);
      return banned;
    },
  };
}
