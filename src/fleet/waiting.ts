import type { Fleet } from './fleet.ts';
import type { RedisLink } from './redis-link.ts';
import type { OnDelayed } from './sharing.ts';

/** What ends a wait: the result; or else why to look again whose the work is. */
export type News = { message: string } | 'failed' | 'dead' | 'away' | 'late';

export const DONE = 'done';
export const FAILED = 'failed';
export const DELAYED = 'delayed';
/** Somebody waits for work that is delayed. */
export const WAITED = 'waited';
/** Whether the holder knows that it is one. */
export const ASKED = 'asked';

interface Wait {
  tell(news: News): void;
  tellDelay: OnDelayed;
  /** Who does the work, once that is known. */
  holderId: string | null;
  /** Epoch milliseconds. */
  sinceMs: number;
}

export interface Waiting {
  /**
   * From now on what others announce about `name` is heard.
   * @returns what to call with the one who does the work, once that is known
   */
  begin(name: string, onDelayed: OnDelayed): (holderId: string) => Promise<News>;
  end(name: string): void;
}

const LOOK_MS = 100;
/** Until the lease is looked at again: an announcement may have been missed without a trace. */
const LATE_MS = 1_000;

/** Those of this process who wait for the work of another, by name: one timer watches for them all. */
export function createWaiting(options: { link: RedisLink; fleet: Fleet; now: () => number }): Waiting {
  const { link, fleet, now } = options;
  const waits = new Map<string, Wait>();
  let timer: NodeJS.Timeout | undefined;
  let wasWell = true;

  function newsOf({ holderId, sinceMs }: Wait, isAway: boolean): News | null {
    if (holderId === null) return null;
    if (isAway) return 'away';
    if (!fleet.isAlive(holderId)) return 'dead';
    return Math.abs(now() - sinceMs) >= LATE_MS ? 'late' : null;
  }

  function look(): void {
    const isWell = link.isWell();
    for (const wait of waits.values()) {
      const news = newsOf(wait, !isWell && !wasWell);
      if (news) wait.tell(news);
    }
    wasWell = isWell;
    if (waits.size === 0) stop();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    wasWell = true;
  }

  fleet.on(DONE, (text) => {
    const [name = ''] = text.split(' ', 1);
    waits.get(name)?.tell({ message: text.slice(name.length + 1) });
  });
  fleet.on(FAILED, (name) => waits.get(name)?.tell('failed'));
  fleet.on(DELAYED, (text) => {
    const [name = '', untilMs] = text.split(' ');
    waits.get(name)?.tellDelay(Number(untilMs));
  });
  fleet.onRestored(() => {
    for (const wait of waits.values()) wait.tell('late');
  });

  return {
    begin(name, onDelayed) {
      const { promise, resolve } = Promise.withResolvers<News>();
      const wait: Wait = { tell: resolve, tellDelay: onDelayed, holderId: null, sinceMs: now() };
      waits.set(name, wait);
      return (holderId) => {
        wait.holderId = holderId;
        timer ??= setInterval(look, LOOK_MS).unref();
        return promise;
      };
    },
    end: (name) => void waits.delete(name),
  };
}
