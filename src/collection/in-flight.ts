/** Told of the instant (epoch milliseconds) before which work under way will not go on. */
export type OnDelayed = (untilMs: number) => void;

/** Work under way, by key: whoever asks for what is already being done shares its result, and learns of its delays. */
export interface InFlight<T> {
  /** `joined` tells whether the work was already under way. */
  run(
    key: string,
    start: (tellDelay: OnDelayed) => Promise<T>,
    onDelayed?: OnDelayed,
  ): { result: Promise<T>; joined: boolean };
  size(): number;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

interface Running<T> {
  result: Promise<T>;
  delayedUntilMs: number | null;
  listeners: OnDelayed[];
}

export function createInFlight<T>(): InFlight<T> {
  const running = new Map<string, Running<T>>();
  return {
    run(key, start, onDelayed) {
      const existing = running.get(key);
      if (existing) {
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
      };
      running.set(key, one);
      one.result = start((untilMs) => {
        one.delayedUntilMs = untilMs;
        for (const listener of one.listeners) listener(untilMs);
      });
      const forget = () => void running.delete(key);
      one.result.then(forget, forget);
      return { result: one.result, joined: false };
    },
    size: () => running.size,
    async settled() {
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ result }) => result));
    },
  };
}
