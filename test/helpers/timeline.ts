/** A clock that a test moves, and what is to happen on it. */
export interface Timeline {
  now: () => number;
  schedule(delayMs: number, run: () => void): () => void;
  /** Moves on without what was to happen, as in a process that was stopped: it happens late. */
  skipTo(ms: number): void;
  /** How many events are still to come. */
  size(): number;
  /**
   * Moves on, event by event, each at its instant.
   *
   * @param rest what follows an event before the next: by default the promises that are ready
   */
  runUntil(endMs: number, rest?: () => Promise<unknown>): Promise<void>;
}

const readyPromises = () => new Promise(setImmediate);

export function createTimeline(startMs: number): Timeline {
  let nowMs = startMs;
  const events = new Set<{ atMs: number; run(): void }>();

  function next(endMs: number) {
    let first: { atMs: number; run(): void } | undefined;
    for (const event of events) {
      if (event.atMs <= endMs && (first === undefined || event.atMs < first.atMs)) first = event;
    }
    return first;
  }

  return {
    now: () => nowMs,
    schedule(delayMs, run) {
      const event = { atMs: nowMs + delayMs, run };
      events.add(event);
      return () => void events.delete(event);
    },
    skipTo(ms) {
      nowMs = ms;
    },
    size: () => events.size,
    async runUntil(endMs, rest = readyPromises) {
      await rest();
      for (let event = next(endMs); event; event = next(endMs)) {
        events.delete(event);
        nowMs = Math.max(nowMs, event.atMs);
        event.run();
        await rest();
      }
      nowMs = Math.max(nowMs, endMs);
    },
  };
}
