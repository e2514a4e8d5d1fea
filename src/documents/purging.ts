import type { Archive } from './archive.ts';

export interface PurgingOptions {
  archive: Pick<Archive, 'purge'>;
  onPurged(count: { removed: number; left: number }): void;
  onFailed(error: unknown): void;
  /** Calls back again and again, after so many milliseconds each time; gives what stops it. */
  repeat?(callback: () => void, everyMs: number): () => void;
}

const EVERY_MS = 3 * 3_600_000;

/** Removes documents whose time is over, at once and then now and then. Processes that share them may all do. */
export function keepPurging(options: PurgingOptions): { close(): void } {
  const { archive, onPurged, onFailed, repeat = interval } = options;
  let isUnderWay = false;
  let isClosed = false;

  function purge(): void {
    if (isUnderWay) return;
    isUnderWay = true;
    archive
      .purge()
      .then((count) => {
        if (count.removed > 0) onPurged(count);
      }, tellFailure)
      .finally(() => {
        isUnderWay = false;
      });
  }

  /** A store that is closed in the middle of a purge is no failure. */
  function tellFailure(error: unknown): void {
    if (!isClosed) onFailed(error);
  }

  purge();
  const stop = repeat(purge, EVERY_MS);
  return {
    close() {
      isClosed = true;
      stop();
    },
  };
}

function interval(callback: () => void, everyMs: number): () => void {
  const timer = setInterval(callback, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
