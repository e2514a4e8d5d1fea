import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** A Redis that does not answer at once is a miss: nothing queues, nothing is tried twice. Milliseconds. */
const OPTIONS = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 500,
  connectTimeout: 2_000,
} satisfies RedisOptions;

/** How long a start waits for Redis; without it the gateway starts all the same. */
const READY_MS = 2_000;

/**
 * Opens one Redis, or a cluster when several nodes are given. It reconnects by itself as long as it is open.
 *
 * @param onError told of each connection that is lost or refused
 */
export async function openRedis(
  urls: readonly string[],
  onError: (error: Error) => void,
): Promise<Redis | Cluster> {
  const [first = ''] = urls;
  const { enableOfflineQueue, ...redisOptions } = OPTIONS;
  const redis =
    urls.length > 1
      ? new Cluster([...urls], { enableOfflineQueue, redisOptions })
      : new Redis(first, OPTIONS);
  redis.on('error', onError);
  await Promise.race([
    new Promise((resolve) => redis.once('ready', resolve)),
    new Promise((resolve) => setTimeout(resolve, READY_MS).unref()),
  ]);
  return redis;
}
