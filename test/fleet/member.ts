import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Test } from 'tap';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { createRedisFleet } from '../../src/fleet/redis-fleet.ts';
import { createRedisLink, type RedisLink } from '../../src/fleet/redis-link.ts';
import { createRedisSharing } from '../../src/fleet/redis-sharing.ts';
import type { ShareOptions, Sharing } from '../../src/fleet/sharing.ts';
import { openRedis, openSubscriber } from '../../src/open-redis.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { until } from '../helpers/start-gateway.ts';

/** What a gateway has of its fleet. */
export interface Member {
  fleet: Fleet;
  link: RedisLink;
  sharing: Sharing;
  failures: Error[];
  leave(): void;
}

export interface MemberOptions {
  /** Where it subscribes, when that is not where it sends its commands. */
  subscriberUrls?: readonly string[];
  now?: () => number;
}

/** Of work that nobody waits for nor is told of. */
export const SILENT: ShareOptions = { limitMs: 30_000, onDelayed() {}, onWaited() {}, raise: () => null };

export async function openMember(urls: readonly string[], options: MemberOptions = {}): Promise<Member> {
  const { subscriberUrls = urls, now = Date.now } = options;
  const failures: Error[] = [];
  const redis = await openRedis(urls, () => {});
  const subscriber = openSubscriber(subscriberUrls, () => {});
  const link = createRedisLink({ redis, onFailure: (error) => void failures.push(error) });
  const fleet = createRedisFleet({ link, subscriber, now });
  return {
    fleet,
    link,
    sharing: createRedisSharing({ link, fleet, now }),
    failures,
    leave() {
      fleet.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Several members of one fleet, that hear each other. */
export async function joinFleet(
  t: Test,
  urls: readonly string[],
  count: number,
  options: MemberOptions = {},
): Promise<Member[]> {
  const members = await Promise.all(Array.from({ length: count }, () => openMember(urls, options)));
  for (const { leave } of members) t.teardown(leave);
  await until(() => members.every(({ fleet }) => fleet.size() >= count), 5_000);
  return members;
}

/** A member in a process of its own, that shares work which never ends. */
export async function spawnHolder(
  t: Test,
  urls: readonly string[],
  name: string,
): Promise<{ id: string; process: ChildProcess }> {
  const child = spawn(...nodeProgram(['test/fleet/holder.ts', name, ...urls]), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  const [id] = await once(child.stdout as Readable, 'data');
  return { id: String(id).trim(), process: child };
}
