/** Work under way, by key: whoever asks for what is already being done shares its result. */
export interface InFlight<T> {
  /** `joined` tells whether the work was already under way. */
  run(key: string, start: () => Promise<T>): { result: Promise<T>; joined: boolean };
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

export function createInFlight<T>(): InFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, start) {
      const existing = running.get(key);
      if (existing) return { result: existing, joined: true };
      const result = start().finally(() => running.delete(key));
      running.set(key, result);
      return { result, joined: false };
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  };
}
