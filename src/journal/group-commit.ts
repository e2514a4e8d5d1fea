/** No line can be written now, so nothing may be answered that needs one. */
export class JournalClosed extends Error {}

export interface Journal {
  /**
   * Resolves once the line is durable.
   *
   * @param rest of the line: see `numbered`
   * @returns rejects with JournalClosed, at once when it is known that nothing can be written
   */
  record(rest: string): Promise<void>;
  isOpen(): boolean;
  /** Writes what waits, then signs that it ends here. */
  close(): Promise<void>;
}

/** What writes lines, one call at a time; see ChainWriter. */
export interface LineWriter {
  /** Also makes it usable again after a failure. */
  open(): Promise<void>;
  append(rests: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface GroupCommitOptions {
  writer: LineWriter;
  /** Told of each change, and why. */
  onOpen(): void;
  onClosed(error: Error): void;
  /** @param tookMs from the first line's wait to its being durable */
  onCommitted(lines: number, tookMs: number): void;
  sleep(ms: number): Promise<unknown>;
  /** Runs it when what came together is in: at the end of the next turn of the event loop. */
  defer?(callback: () => void): void;
  now?: (() => number) | undefined;
}

export interface GroupCommit extends Journal {
  /** Resolves when the first chain is begun, or that has failed once: it is then tried again and again. */
  opened: Promise<void>;
  /** The writer has failed by itself. */
  fail(error: Error): void;
}

/** What callers who were just answered ask next is read in the turn that follows, and no sooner. */
function afterATurn(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}

/** Lines that may wait for the next commit: some hundredths of a second of the most that comes. */
const MAX_WAITING = 5_000;
/** A store that takes longer is away: its callers are told so, and others not made to wait. */
const COMMIT_MS = 2_000;
const RETRY_MS = 500;
/** Beyond, what waits is written even though more comes. */
const GATHERING_MS = 5;

interface Batch {
  rests: string[];
  done: PromiseWithResolvers<void>;
  sinceMs: number;
}

/**
 * Lines that come while a commit runs go together in the next: durable, without a round trip for each. What is
 * uncertain counts as not written: a line without an answer is harmless, an answer without its line is not.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const {
    writer,
    sleep,
    onOpen,
    onClosed,
    onCommitted,
    defer = afterATurn,
    now = () => performance.now(),
  } = options;
  let isOpen = false;
  let isEnding = false;
  let waiting = newBatch();
  let committing: Batch | null = null;
  let reopening: Promise<void> | null = null;

  function newBatch(): Batch {
    const done = Promise.withResolvers<void>();
    // Whoever waits is told; a batch that nobody waits for is no bug.
    done.promise.catch(() => {});
    return { rests: [], done, sinceMs: 0 };
  }

  function record(rest: string): Promise<void> {
    if (!isOpen || isEnding) return Promise.reject(new JournalClosed('the journal cannot be written'));
    if (waiting.rests.length >= MAX_WAITING) {
      return Promise.reject(new JournalClosed('too many lines wait to be written'));
    }
    if (waiting.rests.push(rest) === 1) {
      waiting.sinceMs = now();
      if (!committing) gather();
    }
    return waiting.done.promise;
  }

  /** Waits as long as each turn of the event loop brings more lines: a commit costs the same for one as for fifty. */
  function gather(): void {
    const { length } = waiting.rests;
    if (length === 0) return;
    defer(() => {
      const isMore = waiting.rests.length > length && now() - waiting.sinceMs < GATHERING_MS;
      if (isMore) gather();
      else commit();
    });
  }

  /** One at a time. */
  function commit(): void {
    if (committing || !isOpen || waiting.rests.length === 0) return;
    const batch = waiting;
    committing = batch;
    waiting = newBatch();
    const late = setTimeout(() => fail(new Error(`no commit in ${COMMIT_MS} ms`)), COMMIT_MS);
    writer
      .append(batch.rests)
      .then(
        () => {
          onCommitted(batch.rests.length, now() - batch.sinceMs);
          batch.done.resolve();
        },
        (error) => fail(error),
      )
      .finally(() => {
        clearTimeout(late);
        committing = null;
        gather();
      });
  }

  function fail(error: Error): void {
    const closed = new JournalClosed('the journal cannot be written', { cause: error });
    committing?.done.reject(closed);
    waiting.done.reject(closed);
    waiting = newBatch();
    if (!isOpen) return;
    isOpen = false;
    onClosed(error);
    reopen();
  }

  /** Again and again, until it is possible. */
  function reopen(): Promise<void> {
    reopening ??= (async () => {
      while (!isOpen && !isEnding) {
        await sleep(RETRY_MS);
        await open().catch(() => {});
      }
      reopening = null;
    })();
    return reopening;
  }

  async function open(): Promise<void> {
    await writer.open();
    isOpen = true;
    onOpen();
  }

  const opened = open().catch((error) => {
    onClosed(error);
    void reopen();
  });

  return {
    record,
    opened,
    fail,
    isOpen: () => isOpen && !isEnding,
    async close() {
      isEnding = true;
      const last = waiting.rests.length > 0 ? waiting : committing;
      await last?.done.promise.catch(() => {});
      await writer.close();
    },
  };
}
