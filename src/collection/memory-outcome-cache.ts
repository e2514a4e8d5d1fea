import { LRUCache } from 'lru-cache';
import type { Kept, OutcomeCache } from './outcome-cache.ts';

export interface MemoryOutcomeCacheOptions {
  /** Upper bound of what is kept, in bytes of JSON; the least recently used goes first. */
  maxBytes: number;
  now: () => number;
}

export function createMemoryOutcomeCache({ maxBytes, now }: MemoryOutcomeCacheOptions): OutcomeCache {
  const entries = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    sizeCalculation: (kept, key) => key.length + Buffer.byteLength(JSON.stringify(kept)),
  });
  return {
    async read(key) {
      const kept = entries.get(key);
      if (kept === undefined || kept.freshUntilMs > now()) return kept ?? null;
      entries.delete(key);
      return null;
    },
    async write(key, kept) {
      entries.set(key, kept);
    },
  };
}
