import { Worker } from 'node:worker_threads';
import type { LineWriter } from './group-commit.ts';
import type { JournalPlace } from './open-chains.ts';
import type { Head } from './seal-line.ts';

export interface WritingThreadOptions {
  place: JournalPlace;
  /** 32 bytes: see signing.ts. */
  seed: Buffer;
  sources: readonly string[];
  /** A seal could not be written, or the thread is gone. */
  onFailed(error: Error): void;
  onSealed(head: Head): void;
}

/** What the thread is given when it starts. */
export type ThreadData = Pick<WritingThreadOptions, 'place' | 'seed' | 'sources'>;

export interface Call {
  id: number;
  what: 'open' | 'append' | 'close';
  /** One a line of text: JSON escapes what ends a line. */
  rests: string;
}

export type Reply =
  | { kind: 'done'; id: number; error: string | null }
  | { kind: 'failed'; error: string }
  | { kind: 'sealed'; head: Head };

const PROGRAM = new URL('./writing-worker.ts', import.meta.url);

/** Lines are numbered, hashed, signed and stored in a thread of their own, which may wait for the disk. */
export function createWritingThread({ onFailed, onSealed, ...data }: WritingThreadOptions): LineWriter {
  const pending = new Map<number, PromiseWithResolvers<void>>();
  let called = 0;
  let worker: Worker | null = null;

  function start(): Worker {
    // Modules that the process was told to load first are not for this thread.
    const started = new Worker(PROGRAM, { workerData: data satisfies ThreadData, execArgv: [] });
    // What keeps the process alive is what it serves.
    started.unref();
    started.on('message', receive);
    started.on('error', (error: Error) => lose(started, error));
    started.on('exit', () => lose(started, new Error('the thread that writes the journal is gone')));
    return started;
  }

  function receive(reply: Reply): void {
    if (reply.kind === 'failed') onFailed(new Error(reply.error));
    else if (reply.kind === 'sealed') onSealed(reply.head);
    else {
      const { resolve, reject } = pending.get(reply.id) ?? {};
      pending.delete(reply.id);
      if (reply.error === null) resolve?.();
      else reject?.(new Error(reply.error));
    }
  }

  function lose(lost: Worker, error: Error): void {
    if (worker !== lost) return;
    worker = null;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    onFailed(error);
  }

  function call(what: Call['what'], rests = ''): Promise<void> {
    const done = Promise.withResolvers<void>();
    if (!worker) return Promise.reject(new Error('the thread that writes the journal is gone'));
    pending.set(++called, done);
    worker.postMessage({ id: called, what, rests } satisfies Call);
    return done.promise;
  }

  return {
    open() {
      worker ??= start();
      return call('open');
    },
    append: (rests) => call('append', rests.join('\n')),
    async close() {
      const closing = worker;
      if (!closing) return;
      await call('close').catch(() => {});
      worker = null;
      await closing.terminate();
    },
  };
}
