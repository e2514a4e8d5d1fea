import type { Fleet } from './fleet.ts';
import { createRedisLeases } from './redis-leases.ts';
import type { RedisLink } from './redis-link.ts';
import { MAX_MESSAGE_CHARS, type OnDelayed, type ShareOptions, type Sharing, type Work } from './sharing.ts';
import { ASKED, createWaiting, DELAYED, DONE, FAILED, type News, WAITED } from './waiting.ts';

export interface RedisSharingOptions {
  link: RedisLink;
  fleet: Fleet;
  now: () => number;
}

/**
 * Whoever takes the lease of a name does the work, then announces what came of it. The others wait for that
 * as long as it lives, and take the lease over when it does not; without Redis each does the work itself.
 */
export function createRedisSharing({ link, fleet, now }: RedisSharingOptions): Sharing {
  const leases = createRedisLeases({ link, id: fleet.id });
  const waiting = createWaiting({ link, fleet, now });
  /** What this process wants, and may rightly hold the lease of. */
  const wanted = new Set<string>();
  /** What it does, by name: whom to call when somebody elsewhere waits for it. */
  const working = new Map<string, () => void>();

  async function share(name: string, work: Work, options: ShareOptions): Promise<string> {
    wanted.add(name);
    try {
      const found = await findResult(name, options);
      if (typeof found === 'object') return found.message;
      return await (found === 'ours' ? workForAll(name, work, options) : work(() => {}));
    } finally {
      wanted.delete(name);
    }
  }

  /** Waits as long as another does the work: for its result, or until the work is ours to do, for all or alone. */
  async function findResult(
    name: string,
    options: ShareOptions,
  ): Promise<{ message: string } | 'ours' | 'away'> {
    const tellDelay = askedFirst(options, () => fleet.announce(WAITED, name));
    let lost = '';
    try {
      for (;;) {
        // First of all: it may be announced while the lease is looked at.
        const newsFrom = waiting.begin(name, tellDelay);
        const holder = await leases.take(name, options.limitMs, lost);
        if (!holder) return 'away';
        if (holder.id === fleet.id) return 'ours';
        if (holder.untilMs > now()) tellDelay(holder.untilMs);
        const news: News = await newsFrom(holder.id);
        if (typeof news === 'object' || news === 'away') return news;
        if (news === 'late') fleet.announce(ASKED, `${name} ${holder.id}`);
        lost = news === 'dead' ? holder.id : '';
      }
    } finally {
      waiting.end(name);
    }
  }

  async function workForAll(name: string, work: Work, { limitMs, raise }: ShareOptions): Promise<string> {
    const tellDelay = (untilMs: number) => {
      leases.prolong(name, untilMs, Math.max(0, untilMs - now()) + limitMs);
      fleet.announce(DELAYED, `${name} ${untilMs}`);
    };
    working.set(name, () => tellDelay(raise() ?? now()));
    try {
      const message = await work(tellDelay);
      if (message.length <= MAX_MESSAGE_CHARS) finish(name, message);
      else void giveUp(name);
      return message;
    } catch (error) {
      void giveUp(name);
      throw error;
    } finally {
      working.delete(name);
    }
  }

  function finish(name: string, message: string): void {
    void leases.release(name);
    fleet.announce(DONE, `${name} ${message}`);
  }

  /** In this order: the others take the lease as soon as they hear of it. */
  async function giveUp(name: string): Promise<void> {
    await leases.release(name);
    fleet.announce(FAILED, name);
  }

  // A lease that could not be given back, or was given by a Redis that hung, long after it was waited for.
  fleet.on(ASKED, (text) => {
    const [name = '', holderId] = text.split(' ');
    if (holderId === fleet.id && !wanted.has(name)) void giveUp(name);
  });

  fleet.on(WAITED, (name) => working.get(name)?.());

  return { share };
}

/**
 * Tells each delay once. Where somebody waits, whoever does the work is asked first: it may not have known, and answers
 * with its delay as it is then. One that says nothing is looked at again after a while.
 */
function askedFirst({ onDelayed, onWaited }: ShareOptions, ask: () => void): OnDelayed {
  let toldMs = 0;
  let isToAsk = false;
  function hear(untilMs: number): void {
    if (isToAsk) ask();
    else if (untilMs !== toldMs) onDelayed(untilMs);
    toldMs = isToAsk ? 0 : untilMs;
    isToAsk = false;
  }
  onWaited(() => {
    isToAsk = true;
    if (toldMs > 0) hear(toldMs);
  });
  return hear;
}
