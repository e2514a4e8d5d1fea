import type { Fleet } from '../fleet/fleet.ts';
import type { RedisLink } from '../fleet/redis-link.ts';
import { redisScript } from '../fleet/redis-script.ts';
import { MAX_NAMES, MINUTE_MS, type RateBudget, resetSecondsAt, type Taken } from './rate-budget.ts';

export interface RedisRateBudgetOptions {
  link: RedisLink;
  fleet: Pick<Fleet, 'size'>;
  now: () => number;
}

/**
 * A process takes a slice of the minute's calls at a time. What it holds and does not use is lost to the others:
 * at most one slice and a half a process, a few thousandths of the rate.
 */
const SLICE_SHARE = 1 / 400;
const LIFE_MS = 2 * MINUTE_MS;

const takeSlice = redisScript<[given: number, left: number]>('dlnufRateSlice', {
  keys: 1,
  lua: `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local given = math.max(0, math.min(tonumber(ARGV[2]), tonumber(ARGV[1]) - used))
if given > 0 then
  redis.call('INCRBY', KEYS[1], given)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return { given, tonumber(ARGV[1]) - used - given }`,
});

interface Minute {
  number: number;
  perMinute: number;
  /** Calls of this process in the minute. */
  used: number;
  /** Calls that it may still make without asking. */
  held: number;
  /** Calls that nobody held when Redis was asked last. */
  free: number;
  asking: Promise<void> | undefined;
}

/** Slices of the rate are booked in Redis, behind the calls. Without Redis each process has its share. */
export function createRedisRateBudget({ link, fleet, now }: RedisRateBudgetOptions): RateBudget {
  const minutes = new Map<string, Minute>();

  function minuteOf(name: string, perMinute: number): Minute {
    const number = Math.floor(now() / MINUTE_MS);
    const known = minutes.get(name);
    if (known?.number === number && known.perMinute === perMinute) return known;
    if (!known && minutes.size >= MAX_NAMES) minutes.clear();
    const used = known?.number === number ? known.used : 0;
    const fresh: Minute = { number, perMinute, used, held: 0, free: perMinute, asking: undefined };
    minutes.set(name, fresh);
    return fresh;
  }

  async function ask(name: string, minute: Minute): Promise<void> {
    const { number, perMinute } = minute;
    const slice = Math.max(1, Math.floor(perMinute * SLICE_SHARE));
    const key = `dlnuf:rate:${name}:${number}`;
    const reply = await link.run((redis) => takeSlice(redis, key, perMinute, slice, LIFE_MS));
    if (reply) {
      minute.held += reply[0];
      minute.free = reply[1];
    } else {
      const share = Math.floor(perMinute / fleet.size());
      minute.held = Math.max(0, share - minute.used);
      minute.free = 0;
    }
  }

  function askOnce(name: string, minute: Minute): Promise<void> {
    minute.asking ??= ask(name, minute).finally(() => {
      minute.asking = undefined;
    });
    return minute.asking;
  }

  function useHeld(name: string, minute: Minute): Taken | null {
    if (minute.held === 0) return minute.free > 0 ? null : takenOf(minute, false);
    minute.held--;
    minute.used++;
    const isLow = minute.held < (minute.perMinute * SLICE_SHARE) / 2;
    if (isLow && minute.free > 0) void askOnce(name, minute);
    return takenOf(minute, true);
  }

  function takenOf({ held, free }: Minute, isTaken: boolean): Taken {
    return { isTaken, left: Math.max(0, held + free), resetSeconds: resetSecondsAt(now()) };
  }

  return {
    takeNow: (name, perMinute) => useHeld(name, minuteOf(name, perMinute)),
    async take(name, perMinute) {
      for (;;) {
        const minute = minuteOf(name, perMinute);
        const taken = useHeld(name, minute);
        if (taken) return taken;
        await askOnce(name, minute);
      }
    },
  };
}
