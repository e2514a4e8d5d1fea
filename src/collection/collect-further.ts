import type { Asked, AskSource } from './ask-source.ts';
import { type Collect, type CollectOptions, createCollect } from './collect.ts';
import type { Lane } from './quota-ledger.ts';

export interface Further {
  /** What was collected before, by source: it is not asked again. */
  known: ReadonlyMap<string, Asked>;
  lane: Lane;
  /** Aborted, the collection ends with what has come. */
  signal: AbortSignal;
}

/** Goes on with a collection that was begun earlier, perhaps by another process. */
export type CollectFurther = (further: Further) => Collect;

export function createCollectFurther(options: Omit<CollectOptions, 'schedule'>): CollectFurther {
  return ({ known, lane, signal }) => {
    const ask: AskSource = (question, onDelayed) => {
      const before = known.get(question.source.id);
      if (before) return { answer: before, meanwhile: () => before };
      return options.ask({ ...question, lane }, onDelayed);
    };
    return createCollect({
      ...options,
      ask,
      schedule: until(signal),
    });
  };
}

/** Calls back after so many milliseconds, or as soon as the signal aborts: at once where it has. */
export function until(signal: AbortSignal): NonNullable<CollectOptions['schedule']> {
  return (callback, delayMs) => {
    const timer = setTimeout(callback, signal.aborted ? 0 : delayMs);
    signal.addEventListener('abort', callback, { once: true });
    return () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', callback);
    };
  };
}
