import { createMemoryRateBudget, type RateBudget } from './access/rate-budget.ts';
import { createRedisRateBudget } from './access/redis-rate-budget.ts';
import { type Circuits, createCircuits } from './collection/circuits.ts';
import type { Messages } from './collection/fill-piece.ts';
import { createMemoryQuotaLedger } from './collection/memory-quota-ledger.ts';
import type { QuotaLedger } from './collection/quota-ledger.ts';
import { createRedisQuotaLedger } from './collection/redis-quota-ledger.ts';
import { createSharedCircuits } from './collection/shared-circuits.ts';
import { alone, type Fleet } from './fleet/fleet.ts';
import { createRedisFleet } from './fleet/redis-fleet.ts';
import { createRedisLink } from './fleet/redis-link.ts';
import { createRedisSharing } from './fleet/redis-sharing.ts';
import type { Sharing } from './fleet/sharing.ts';
import type { InfrastructureOptions } from './infrastructure.ts';
import type { CompanyStore } from './keeping/company-store.ts';
import { createRedisCompanyStore } from './keeping/redis-company-store.ts';
import { createSeal, openSeal, type Seal } from './keeping/seal.ts';
import { openRedis, openSubscriber } from './open-redis.ts';
import { catalog } from './sources/catalog.ts';
import type { Source } from './sources/source.ts';

/** What the processes of a fleet have in common. A process without Redis is a fleet by itself. */
export interface Commons {
  fleet: Fleet;
  /** Null without Redis. */
  store: CompanyStore | null;
  /** Null without Redis. */
  sharing: Sharing | null;
  messages: Messages;
  ledger: QuotaLedger;
  circuits: Circuits;
  rates: RateBudget;
  /** Of those who ask for a token. */
  attempts: RateBudget;
  /** Whether Redis answers; null without Redis. */
  isWell(): boolean | null;
  close(): void;
}

/** @param digest of the sources' address and token: quotas and circuits are theirs */
export async function openCommons(options: InfrastructureOptions, digest: string): Promise<Commons> {
  const { REDIS_URL } = options.config;
  return REDIS_URL ? openShared(REDIS_URL, options, digest) : openAlone(options);
}

/** Nobody is told anything. */
const UNSENT: Messages = { nameOf: (key) => key, close: (text) => text, open: (message) => message };

function openAlone(options: InfrastructureOptions): Commons {
  return {
    fleet: alone,
    store: null,
    sharing: null,
    messages: UNSENT,
    ledger: createMemoryQuotaLedger(),
    circuits: createCircuits(circuitOptions(options)),
    rates: createMemoryRateBudget(options),
    attempts: createMemoryRateBudget(options),
    isWell: () => null,
    close() {},
  };
}

async function openShared(
  urls: readonly string[],
  options: InfrastructureOptions,
  digest: string,
): Promise<Commons> {
  const { config, metrics, log, now } = options;
  const onLost = ({ message }: Error) => log.warn({ err: message }, 'Redis does not answer');
  const redis = await openRedis(urls, onLost);
  const subscriber = openSubscriber(urls, onLost);
  const link = createRedisLink({ redis, onFailure: metrics.redisFailed });
  const fleet = createRedisFleet({ link, subscriber, now });
  const seals = sealsOf(config.CACHE_ENCRYPTION_KEY);
  return {
    fleet,
    store: createRedisCompanyStore({ link, seals }),
    sharing: createRedisSharing({ link, fleet, now }),
    messages: messagesUnder(seals[0]),
    ledger: createRedisQuotaLedger({ link, fleet, digest }),
    circuits: await createSharedCircuits({
      ...circuitOptions(options),
      link,
      fleet,
      digest,
      sources: catalog,
    }),
    rates: createRedisRateBudget({ link, fleet, now }),
    attempts: createRedisRateBudget({ link, fleet, now }),
    isWell: () => link.isWell(),
    close() {
      fleet.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

/** The first closes; what was kept under the others is still found. Without a key, on loopback, nothing is closed. */
function sealsOf(keys: readonly Buffer[] = []): [Seal, ...Seal[]] {
  const [first, ...others] = keys.map((key, i) => createSeal(key, keys.slice(i + 1)));
  return first ? [first, ...others] : [openSeal];
}

function messagesUnder(seal: Seal): Messages {
  return {
    nameOf: (key) => seal.nameOf(key),
    close: (text, name) => seal.close(Buffer.from(text), name).toString('base64'),
    open: (message, name) => seal.open(Buffer.from(message, 'base64'), name)?.toString() ?? null,
  };
}

function circuitOptions({ log, now }: InfrastructureOptions) {
  return {
    now,
    random: Math.random,
    onChange: ({ id }: Source, { etat }: { etat: string }) =>
      log.warn({ source: id, circuit: etat }, 'a circuit changed'),
  };
}
