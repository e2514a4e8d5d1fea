import type { OnDelayed, Shared, ShareOptions, Sharing, Work } from './sharing.ts';

/** Work that is under way for one caller of this process, which the others follow. */
interface Run {
  result: Promise<Shared>;
  /** Until when the work waits, epoch milliseconds; 0 when it does not. */
  untilMs: number;
  followers: OnDelayed[];
}

/** Callers of one process share among themselves; one of them shares with the others. */
export function createLocalSharing(others: Sharing): Sharing {
  const runs = new Map<string, Run>();

  function lead(name: string, work: Work, options: ShareOptions): Promise<Shared> {
    const run: Run = { untilMs: 0, followers: [], result: Promise.resolve().then(begin) };
    runs.set(name, run);
    return run.result.finally(() => runs.delete(name));

    function begin(): Promise<Shared> {
      return others.share(name, (tellOthers) => work(both(tellFollowers, tellOthers)), {
        ...options,
        onDelayed: both(tellFollowers, options.onDelayed),
      });
    }

    function tellFollowers(untilMs: number): void {
      run.untilMs = untilMs;
      for (const tell of run.followers) tell(untilMs);
    }
  }

  function follow(run: Run, onDelayed?: OnDelayed): Promise<Shared> {
    if (!onDelayed) return run.result;
    run.followers.push(onDelayed);
    if (run.untilMs > 0) onDelayed(run.untilMs);
    return run.result;
  }

  return {
    async share(name, work, options) {
      for (let run = runs.get(name); run; run = runs.get(name)) {
        const shared = await follow(run, options.onDelayed).catch(() => null);
        if (shared) return { ...shared, joined: true };
      }
      return lead(name, work, options);
    },
  };
}

function both(one: OnDelayed, other?: OnDelayed): OnDelayed {
  return (untilMs) => {
    one(untilMs);
    other?.(untilMs);
  };
}
