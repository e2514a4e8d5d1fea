import type { Reason } from './refusal.ts';
import type { Holder } from './register.ts';

/** Refusals that have no line of their own. */
export interface RefusalGroup {
  /** Null for those who were not recognised. */
  holder: Holder | null;
  /** Epoch milliseconds of the first. */
  sinceMs: number;
  counts: Readonly<Partial<Record<Reason, number>>>;
}

export interface RefusalBudgetOptions {
  /** Told of what was counted, once a minute at the most for each habilitation and once for all others. */
  tell(group: RefusalGroup): void;
  now: () => number;
  /** Calls back once, unless what it gives is called before. */
  after?(delayMs: number, callback: () => void): () => void;
}

export interface RefusalBudget {
  /**
   * Whether this refusal has a line of its own; it is counted otherwise.
   *
   * @param network that it came from: see networks.ts
   */
  take(refused: { holder: Holder | null; network: string; reason: Reason }): boolean;
  /** Tells what was counted so far. */
  close(): void;
}

const PERIOD_MS = 60_000;
/** Lines of their own in a minute: of one habilitation, of one network that nothing is known of, of all these. */
const OF_A_HOLDER = 60;
const OF_A_NETWORK = 20;
const OF_ALL_NETWORKS = 200;

/**
 * Bounds what refusals write: somebody who is let in is bounded by a rate, somebody who is not is bounded by nothing,
 * and could fill the disk on which every access must have its line.
 */
export function createRefusalBudget({ tell, now, after = timeout }: RefusalBudgetOptions): RefusalBudget {
  const lines = new Map<string, number>();
  const groups = new Map<string, RefusalGroup & { counts: Partial<Record<Reason, number>> }>();
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel?.();
    cancel = null;
    const told = [...groups.values()];
    groups.clear();
    lines.clear();
    for (const group of told) tell(group);
  }

  /** One more under that name, when there is room for it. */
  function takeOne(name: string, limit: number): boolean {
    const taken = lines.get(name) ?? 0;
    if (taken >= limit) return false;
    lines.set(name, taken + 1);
    return true;
  }

  function isWritten(holder: Holder | null, network: string): boolean {
    if (holder) return takeOne(`h ${holder.habilitation.id}`, OF_A_HOLDER);
    return (
      (lines.get('all') ?? 0) < OF_ALL_NETWORKS &&
      takeOne(`n ${network}`, OF_A_NETWORK) &&
      takeOne('all', OF_ALL_NETWORKS)
    );
  }

  return {
    take({ holder, network, reason }) {
      cancel ??= after(PERIOD_MS, flush);
      if (isWritten(holder, network)) return true;
      const name = holder?.habilitation.id ?? '';
      const group = groups.get(name) ?? { holder, sinceMs: now(), counts: {} };
      group.counts[reason] = (group.counts[reason] ?? 0) + 1;
      groups.set(name, group);
      return false;
    },
    close: flush,
  };
}

function timeout(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs).unref();
  return () => clearTimeout(timer);
}
