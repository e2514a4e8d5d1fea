import type { Cluster, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;

/** Redis as the gateway uses it: of help when it is well, never waited for when it is not. */
export interface RedisLink {
  /**
   * Runs a command. Undefined when it failed, and at once while Redis is away: whoever asked does without.
   * A reply of Redis that says no (a full memory, a wrong type, a slot that nobody serves) fails that
   * command only.
   */
  run<T>(command: (redis: RedisClient) => Promise<T>): Promise<T | undefined>;
  /** False while no connection is there. */
  isWell(): boolean;
  /** Each time a connection is there again: commands run from then on, in a Redis that may be another or empty. */
  onWell(listener: () => void): void;
}

export interface RedisLinkOptions {
  /**
   * As open-redis opens it. It hangs up on a server that does not answer in time, so that the state of the
   * connection tells how Redis is, and its next connection whether it is back: nothing more is kept here.
   */
  redis: RedisClient;
  /** Told of each command that failed, not of those that were not tried. */
  onFailure(error: Error): void;
}

/** Whoever asks would rather do without than wait for longer. */
const PATIENCE_MS = 500;

export function createRedisLink({ redis, onFailure }: RedisLinkOptions): RedisLink {
  const isWell = () => redis.status === 'ready';
  return {
    isWell,
    onWell: (listener) => void redis.on('ready', listener),
    async run(command) {
      if (!isWell()) return undefined;
      try {
        return await inTime(command(redis));
      } catch (error) {
        onFailure(error as Error);
        return undefined;
      }
    },
  };
}

/** Timers run before what has arrived is read: a process that stood still reads first whether the reply is there. */
async function inTime<T>(reply: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    setImmediate(() => late.reject(new Error(`no reply within ${PATIENCE_MS} ms`)));
  }, PATIENCE_MS);
  try {
    return await Promise.race([reply, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
