import type { Cluster, Redis } from 'ioredis';
import { type Kept, keptSchema, type OutcomeCache } from './outcome-cache.ts';
import type { Seal } from './seal.ts';

export interface RedisOutcomeCacheOptions {
  /** Configured to fail at once rather than queue: see infrastructure. */
  redis: Redis | Cluster;
  seal: Seal;
  now: () => number;
  /** Told of each command that failed; the caller is served as if nothing were kept. */
  onFailure(error: Error): void;
}

const PREFIX = 'dlnuf:';

export function createRedisOutcomeCache({
  redis,
  seal,
  now,
  onFailure,
}: RedisOutcomeCacheOptions): OutcomeCache {
  const openKept = (sealed: Buffer, name: string): Kept | null => {
    const plain = seal.open(sealed, name);
    return plain && keptOf(plain.toString());
  };
  return {
    async read(key) {
      const name = PREFIX + seal.nameOf(key);
      try {
        const sealed = await redis.getBuffer(name);
        return sealed && openKept(sealed, name);
      } catch (error) {
        onFailure(error as Error);
        return null;
      }
    },
    async write(key, kept) {
      const name = PREFIX + seal.nameOf(key);
      const sealed = seal.close(Buffer.from(JSON.stringify(kept)), name);
      const lifeMs = Math.ceil(kept.freshUntilMs - now());
      if (lifeMs <= 0) return;
      await redis.set(name, sealed, 'PX', lifeMs).catch(onFailure);
    },
  };
}

/** Null when the text is not ours, without an error: its message would quote what is kept. */
function keptOf(text: string): Kept | null {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
