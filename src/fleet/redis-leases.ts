import type { RedisLink } from './redis-link.ts';
import { redisScript } from './redis-script.ts';

/** Who does the work of a name, and until when it waits before it starts (epoch milliseconds, 0 if it does not). */
export interface Holder {
  id: string;
  untilMs: number;
}

/** The right to do the work of a name: one holder at a time, for a time. */
export interface Leases {
  /**
   * @param lost the holder who is dead, from whom to take it over unless somebody else has; or ''
   * @returns whose it is now, maybe ours; undefined when Redis is away
   */
  take(name: string, lifeMs: number, lost: string): Promise<Holder | undefined>;
  /** Tells those who come later that the work waits, if it is still ours. */
  prolong(name: string, untilMs: number, lifeMs: number): void;
  /** Gives it back if it is still ours; resolves once it is, or once Redis is known to be away. */
  release(name: string): Promise<unknown>;
}

const keyOf = (name: string) => `dlnuf:lease:${name}`;

const takeFree = redisScript<string>('dlnufTakeLease', {
  keys: 1,
  lua: `
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%S+') ~= ARGV[3] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`,
});

const prolongOwn = redisScript<number>('dlnufProlongLease', {
  keys: 1,
  lua: `
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%S+') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1`,
});

const releaseOwn = redisScript<number>('dlnufReleaseLease', {
  keys: 1,
  lua: `
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%S+') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`,
});

/** @param id of this process in its fleet */
export function createRedisLeases({ link, id }: { link: RedisLink; id: string }): Leases {
  return {
    async take(name, lifeMs, lost) {
      const held = await link.run((redis) => takeFree(redis, keyOf(name), id, Math.ceil(lifeMs), lost));
      return held === undefined ? undefined : holderIn(held);
    },
    prolong(name, untilMs, lifeMs) {
      void link.run((redis) => prolongOwn(redis, keyOf(name), id, untilMs, Math.ceil(lifeMs)));
    },
    release: (name) => link.run((redis) => releaseOwn(redis, keyOf(name), id)),
  };
}

function holderIn(held: string): Holder {
  const [id = '', untilMs = '0'] = held.split(' ');
  return { id, untilMs: Number(untilMs) };
}
