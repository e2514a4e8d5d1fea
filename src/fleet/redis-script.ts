import type { RedisClient } from './redis-link.ts';

type Argument = string | number | Buffer;
type Custom = Record<string, (...args: Argument[]) => Promise<unknown>>;

/**
 * A Lua script, sent whole once and by its digest afterwards. The keys come first among the arguments, and
 * must be in one slot of a cluster.
 *
 * @param name of the command it becomes, unique
 * @param T what Redis replies; ask for bytes with `reply: 'bytes'`
 */
export function redisScript<T>(
  name: string,
  { keys, lua, reply = 'text' }: { keys: number; lua: string; reply?: 'text' | 'bytes' },
): (redis: RedisClient, ...args: Argument[]) => Promise<T> {
  const method = reply === 'bytes' ? `${name}Buffer` : name;
  return (redis, ...args) => {
    if (!(name in redis)) redis.defineCommand(name, { numberOfKeys: keys, lua });
    return (redis as unknown as Custom)[method]?.(...args) as Promise<T>;
  };
}
