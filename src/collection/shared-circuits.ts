import { z } from 'zod';
import type { Fleet } from '../fleet/fleet.ts';
import type { RedisLink } from '../fleet/redis-link.ts';
import type { Source } from '../sources/source.ts';
import { type Circuits, type CircuitsOptions, createCircuits } from './circuits.ts';
import { bounded, type Rest, restSchema } from './rest.ts';

export interface SharedCircuitsOptions extends Omit<CircuitsOptions, 'sharing'> {
  link: RedisLink;
  fleet: Fleet;
  /** Of the base URL and the token: those who ask otherwise are answered otherwise. */
  digest: string;
  sources: readonly Source[];
}

const TOPIC = 'circuit';
/**
 * How long Redis remembers a rest that is over, for who starts before it is probed, and that a source was
 * found to work, for who missed the announcement.
 */
const REMEMBERED_MS = 60_000;

/**
 * Circuits of one state for all the processes that share a Redis. Each counts its own calls; what it finds
 * out is announced, and written for those who start later. Without Redis each goes on alone.
 */
export async function createSharedCircuits(options: SharedCircuitsOptions): Promise<Circuits> {
  const { link, fleet, digest, sources, now } = options;
  const byId = new Map(sources.map((source) => [source.id, source]));
  const messageSchema = z.object({
    digest: z.literal(digest),
    source: z.string(),
    rest: restSchema.nullable(),
  });
  // Of one hash slot each: a cluster reads several keys at once from one slot only.
  const keyOf = ({ id }: Source) => `dlnuf:circuits:{${digest}}:${id}`;

  const circuits = createCircuits({
    ...options,
    sharing: {
      // Named by the rest it ends, so that whoever is told late of its outcome does not probe again.
      takeProbe: (source, rest, leaseMs) => take(`${keyOf(source)}:probe:${rest.untilMs}`, leaseMs),
      announce(source, rest) {
        const text = JSON.stringify({ digest, source: source.id, rest });
        fleet.announce(TOPIC, text);
        void link.run((redis) => redis.set(keyOf(source), text, 'PX', lifeMs(rest)));
      },
    },
  });

  /** Who holds a lease and is known to be dead has one heir, by a lease of the same kind. */
  async function take(key: string, leaseMs: number): Promise<boolean> {
    const holder = await link.run((redis) => redis.set(key, fleet.id, 'PX', leaseMs, 'NX', 'GET'));
    if (holder === null || holder === undefined) return true;
    return !fleet.isAlive(holder) && take(`${key}:${holder}`, leaseMs);
  }

  function lifeMs(rest: Rest | null): number {
    return Math.ceil(Math.max(0, (rest?.untilMs ?? 0) - now())) + REMEMBERED_MS;
  }

  function hear(text: string): void {
    const message = messageSchema.safeParse(jsonIn(text)).data;
    const source = byId.get(message?.source ?? '');
    if (message && source) circuits.learn(source, message.rest && bounded(message.rest, now()));
  }

  async function load(): Promise<void> {
    const texts = (await link.run((redis) => redis.mget(sources.map(keyOf)))) ?? [];
    for (const text of texts) if (text !== null) hear(text);
  }

  fleet.on(TOPIC, hear);
  fleet.onRestored(() => void load());
  await load();
  return circuits;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
