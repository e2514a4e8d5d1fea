import { LRUCache } from 'lru-cache';
import { inParis } from './paris-clock.ts';
import type { WireAnswer } from './wire-answer.ts';

/** How long API Entreprise keeps an answer on its side; hours and days are those of Paris. */
export type CacheLife =
  | 'none'
  | '1 h'
  | '24 h'
  | 'until 03:00'
  | 'until 08:00 tomorrow'
  | 'end of day'
  | 'end of month';

const HOUR_MS = 3_600_000;
const MAX_BYTES = 64 * 2 ** 20;

export interface ResponseCache {
  /** The answer kept for `key` and the whole seconds it has left. */
  read(key: string): { answer: WireAnswer; expiresInSeconds: number } | undefined;
  write(key: string, answer: WireAnswer, life: CacheLife): void;
  clear(): void;
}

/** One cache for all tokens and recipients: the key is the path alone. */
export function createResponseCache({ now }: { now: () => number }): ResponseCache {
  const kept = new LRUCache<string, { answer: WireAnswer; expiresAtMs: number }>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ answer }, key) => answer.body.length + key.length + 200,
  });
  return {
    read(key) {
      const entry = kept.get(key);
      if (!entry) return undefined;
      const leftMs = entry.expiresAtMs - now();
      return leftMs > 0 ? { answer: entry.answer, expiresInSeconds: Math.ceil(leftMs / 1000) } : undefined;
    },
    write(key, answer, life) {
      if (life !== 'none') kept.set(key, { answer, expiresAtMs: expiryOf(life, now()) });
    },
    clear: () => kept.clear(),
  };
}

/** Epoch milliseconds at which an answer kept now dies. */
export function expiryOf(life: Exclude<CacheLife, 'none'>, nowMs: number): number {
  if (life === '1 h') return nowMs + HOUR_MS;
  if (life === '24 h') return nowMs + 24 * HOUR_MS;
  const clock = inParis(nowMs);
  const midnight = clock.startOfDay();
  const at = {
    'until 03:00': () => midnight.add({ days: clock.hour < 3 ? 0 : 1 }).withPlainTime('03:00'),
    'until 08:00 tomorrow': () => midnight.add({ days: 1 }).withPlainTime('08:00'),
    'end of day': () => midnight.add({ days: 1 }),
    'end of month': () => midnight.with({ day: 1 }).add({ months: 1 }),
  }[life];
  return at().epochMilliseconds;
}
