/** Told of the instant (epoch milliseconds) before which work under way will not go on. */
export type OnDelayed = (untilMs: number) => void;

/** Gives whoever works to be told, once, that somebody waits for it: at once if somebody already does. */
export type OnWaited = (listener: () => void) => void;

export interface Joining {
  onDelayed?: OnDelayed;
  /** False for who would have the work done ahead of need. */
  isWaiting?: boolean;
}

/** Work under way, by key: whoever asks for what is already being done shares its result, and learns of its delays. */
export interface InFlight<T> {
  /** `joined` tells whether the work was already under way. */
  run(
    key: string,
    start: (tellDelay: OnDelayed, onWaited: OnWaited) => Promise<T>,
    joining?: Joining,
  ): { result: Promise<T>; joined: boolean };
  /**
   * Somebody waits elsewhere for what is under way.
   * @returns its delay (epoch milliseconds) where that holds all the same; null when there is none, or it is told anew
   */
  raise(key: string): number | null;
  size(): number;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

interface Running<T> {
  result: Promise<T>;
  delayedUntilMs: number | null;
  listeners: OnDelayed[];
  isWaited: boolean;
  tellWaited: () => void;
}

export function createInFlight<T>(): InFlight<T> {
  const running = new Map<string, Running<T>>();
  return {
    run(key, start, { onDelayed, isWaiting = true } = {}) {
      const existing = running.get(key);
      if (existing) {
        if (isWaiting) raise(existing);
        if (onDelayed) {
          existing.listeners.push(onDelayed);
          if (existing.delayedUntilMs !== null) onDelayed(existing.delayedUntilMs);
        }
        return { result: existing.result, joined: true };
      }
      const one: Running<T> = {
        result: undefined as never,
        delayedUntilMs: null,
        listeners: onDelayed ? [onDelayed] : [],
        isWaited: isWaiting,
        tellWaited() {},
      };
      running.set(key, one);
      const tellDelay = (untilMs: number) => {
        one.delayedUntilMs = untilMs;
        for (const listener of one.listeners) listener(untilMs);
      };
      one.result = start(tellDelay, (listener) => {
        one.tellWaited = listener;
        if (one.isWaited) listener();
      });
      const forget = () => void running.delete(key);
      one.result.then(forget, forget);
      return { result: one.result, joined: false };
    },
    raise(key) {
      const one = running.get(key);
      return one ? raise(one) : null;
    },
    size: () => running.size,
    async settled() {
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ result }) => result));
    },
  };
}

/** Work that learns that somebody waits for it may go on sooner: its delay is told anew. */
function raise<T>(one: Running<T>): number | null {
  if (!one.isWaited) {
    Object.assign(one, { isWaited: true, delayedUntilMs: null });
    one.tellWaited();
  }
  return one.delayedUntilMs;
}
