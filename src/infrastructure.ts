import type { Cluster, Redis } from 'ioredis';
import { Pool } from 'undici';
import { type Asked, createAskSource } from './collection/ask-source.ts';
import { createCallSource } from './collection/call-source.ts';
import { type Collect, createCollect } from './collection/collect.ts';
import { createInFlight } from './collection/in-flight.ts';
import { createMemoryOutcomeCache } from './collection/memory-outcome-cache.ts';
import type { OutcomeCache } from './collection/outcome-cache.ts';
import { createRedisOutcomeCache } from './collection/redis-outcome-cache.ts';
import { createSeal, openSeal } from './collection/seal.ts';
import type { Config } from './config.ts';
import { openRedis } from './open-redis.ts';
import type { Metrics } from './plugins/metrics.ts';
import { catalog } from './sources/catalog.ts';
import type { Source } from './sources/source.ts';

export interface Infrastructure {
  collect: Collect;
  /** Waits, for a while, until what goes on in the background is kept; then closes every connection. */
  close(): Promise<void>;
}

export interface InfrastructureOptions {
  config: Config & { SOURCES_URL: string };
  metrics: Metrics;
  log: { warn(details: object, message: string): void; error(details: object, message: string): void };
  now: () => number;
}

const MEMORY_CACHE_BYTES = 128 * 1024 * 1024;
/** The largest genuine answer, a register extract of thousands of establishments, is some megabytes. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const CONNECTIONS_PER_SOURCE = 64;
const CLOSE_MS = 8_000;

/** Sole opener and closer of sockets: builds what collects from the configuration. */
export async function openInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { config, metrics, log, now } = options;
  const pools = openPools(config.SOURCES_URL);
  const onLost = ({ message }: Error) => log.warn({ err: message }, 'Redis does not answer');
  const redis = config.REDIS_URL && (await openRedis(config.REDIS_URL, onLost));
  const inFlight = createInFlight<Asked>();
  const call = createCallSource({
    poolOf: ({ id }) => pools.get(id) as Pool,
    basePath: new URL(config.SOURCES_URL).pathname.replace(/\/+$/, ''),
    token: config.SOURCES_TOKEN ?? null,
    now,
  });
  const cache = redis
    ? redisCache(redis, options)
    : createMemoryOutcomeCache({ maxBytes: MEMORY_CACHE_BYTES, now });
  const ask = createAskSource({ cache, call, inFlight, now, onCalled: metrics.sourceCalled });
  const onBug = (source: Source, err: unknown) => log.error({ err, source: source.id }, 'a source met a bug');
  return {
    collect: createCollect({ ask, now, onBug }),
    async close() {
      await Promise.race([
        inFlight.settled(),
        new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref()),
      ]);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      redis?.disconnect();
    },
  };
}

function openPools(sourcesUrl: string): Map<string, Pool> {
  const { origin } = new URL(sourcesUrl);
  return new Map(
    catalog.map((source) => [
      source.id,
      new Pool(origin, {
        connections: CONNECTIONS_PER_SOURCE,
        connect: { timeout: source.timeoutMs },
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: MAX_RESPONSE_BYTES,
      }),
    ]),
  );
}

function redisCache(
  redis: Redis | Cluster,
  { config, metrics, log, now }: InfrastructureOptions,
): OutcomeCache {
  const key = config.CACHE_ENCRYPTION_KEY;
  return createRedisOutcomeCache({
    redis,
    seal: key ? createSeal(key) : openSeal,
    now,
    onFailure(error) {
      metrics.cacheFailed();
      log.warn({ err: error.message }, 'a command to Redis failed');
    },
  });
}
