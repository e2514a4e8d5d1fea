import type { RedisClient } from '../fleet/redis-link.ts';
import { redisScript } from '../fleet/redis-script.ts';
import type { Windows } from './hub-clock.ts';
import { type BucketState, type Place, type Reservation, SHARE_OF_LANE } from './quota-ledger.ts';

/** What a process asks of a bucket that is kept in Redis, and what it tells of it. */
export interface QuotaRequest {
  /** Calls a minute, where none are kept. */
  limit: number;
  /** Whether the hub said so: then it replaces the one that is kept. */
  isLearnt: boolean;
  open: number;
  /** Windows before it are forgotten. */
  oldest: number;
  /** Where less than `used` is counted, `used` and those in flight are. */
  usages: { window: number; used: number; inFlight: number }[];
  /** Windows in which one call less is counted. */
  released: number[];
  reservations: Reservation[];
  /** Whether something was counted: a Redis that knows nothing of it has lost it. */
  isCounted: boolean;
}

export interface QuotaReply {
  /** One for each reservation, null where there is none. */
  places: (Place | null)[];
  state: BucketState;
}

/** Reservations that are alike, said once. */
interface Wish {
  windows: Windows;
  furthest: number;
  /** What may be filled of the limit. */
  share: number;
  calls: number;
}

/**
 * A bucket is one hash: the limit, the window that is open first after a 429, and a count a window. The rules
 * are those of the ledger in memory, and the same tests hold both to them. It replies the limit, the window
 * that is open first, three numbers a place (zeros for none), then windows and their counts; or nothing, and does
 * nothing, where it has lost what was counted.
 */
const LUA = `
local key, ask, counts, changed = KEYS[1], cjson.decode(ARGV[1]), {}, {}
local limit, open = ask.limit, ask.open

local fields = redis.call('HGETALL', key)
if ask.isCounted and #fields == 0 then return {} end
for i = 1, #fields, 2 do
  local field, value = fields[i], tonumber(fields[i + 1])
  if field == 'limit' then
    if not ask.isLearnt then limit = value end
  elseif field == 'open' then open = math.max(open, value)
  elseif tonumber(field) < ask.oldest then redis.call('HDEL', key, field)
  else counts[tonumber(field)] = value end
end
if ask.isLearnt then redis.call('HSET', key, 'limit', limit) end
if open > 0 then redis.call('HSET', key, 'open', open) end

local function count(window, calls)
  counts[window], changed[window] = calls, calls
end
for _, usage in ipairs(ask.usages) do
  if usage.used > (counts[usage.window] or 0) then count(usage.window, usage.used + usage.inFlight) end
end
for _, window in ipairs(ask.released) do
  count(window, math.max(0, (counts[window] or 0) - 1))
end

local reply = { limit, open }
local function book(first, last)
  for window = first, last do count(window, (counts[window] or 0) + 1) end
  return first, last, counts[last]
end
local function find(windows, furthest, most)
  local function isFree(window)
    local calls = counts[window] or 0
    return window >= open and (calls == 0 or calls < most)
  end
  if isFree(windows.first) and isFree(windows.last) then return book(windows.first, windows.last) end
  for window = windows.first + 1, furthest do
    if isFree(window) then return book(window, window) end
  end
  return 0, 0, 0
end
for _, wish in ipairs(ask.wishes) do
  for _ = 1, wish.calls do
    local n = #reply
    reply[n + 1], reply[n + 2], reply[n + 3] = find(wish.windows, wish.furthest, math.floor(limit * wish.share))
  end
end

for window, calls in pairs(changed) do redis.call('HSET', key, window, calls) end
redis.call('PEXPIRE', key, ARGV[2])
for window, calls in pairs(counts) do
  local n = #reply
  reply[n + 1], reply[n + 2] = window, calls
end
return reply
`;

/** Longer than a refusal by the hub lasts. */
const LIFE_MS = 25 * 3_600_000;

const script = redisScript<number[]>('dlnufQuota', { keys: 1, lua: LUA });

/** Null when Redis has lost what was counted: an eviction and `FLUSHALL` leave the connection as it was. */
export async function runQuotaScript(
  redis: RedisClient,
  key: string,
  { reservations, ...told }: QuotaRequest,
): Promise<QuotaReply | null> {
  const numbers = await script(
    redis,
    key,
    JSON.stringify({ ...told, wishes: wishesOf(reservations) }),
    LIFE_MS,
  );
  if (numbers.length === 0) return null;
  const [limit = 1, open = 0] = numbers;
  const places = reservations.map((_, i) => placeOf(numbers.slice(2 + 3 * i, 5 + 3 * i)));
  const counts = countsOf(numbers.slice(2 + 3 * reservations.length));
  return { places, state: { limit, open, counts } };
}

function wishesOf(reservations: Reservation[]): Wish[] {
  const wishes: Wish[] = [];
  for (const { windows, furthest, lane } of reservations) {
    const wish = { windows, furthest, share: SHARE_OF_LANE[lane], calls: 1 };
    const last = wishes.at(-1);
    if (last && isAlike(last, wish)) last.calls++;
    else wishes.push(wish);
  }
  return wishes;
}

function isAlike(one: Wish, other: Wish): boolean {
  const isSameTime = one.windows.first === other.windows.first && one.windows.last === other.windows.last;
  return isSameTime && one.furthest === other.furthest && one.share === other.share;
}

function placeOf([first = 0, last = 0, rank = 0]: number[]): Place | null {
  return first === 0 ? null : { first, last, rank };
}

function countsOf(pairs: number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < pairs.length; i += 2) counts.set(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  return counts;
}
