import { Worker } from 'node:worker_threads';
import { Broken } from '../storage/database.ts';
import type { ThrowingLookup } from './file-lookup.ts';
import type { Lookup } from './lookup.ts';

export interface LookupQuestion {
  id: number;
  method: keyof ThrowingLookup;
  args: readonly unknown[];
}

export interface LookupAnswer {
  id: number;
  found: unknown;
  error: string | null;
}

const PROGRAM = new URL('./lookup-worker.ts', import.meta.url);

/** Looks up a journal that is in files. In a thread of its own, so that neither requests nor commits wait for it. */
export function openLookupThread(folder: string): Lookup {
  const waiting = new Map<number, (found: unknown) => void>();
  let asked = 0;
  let worker: Worker | null = null;

  function start(): Worker {
    const started = new Worker(PROGRAM, { workerData: folder, execArgv: [] });
    started.unref();
    started.on('message', ({ id, found, error }: LookupAnswer) => {
      waiting.get(id)?.(error === null ? found : new Broken(error));
      waiting.delete(id);
    });
    const lose = (error?: unknown) => {
      if (worker === started) worker = null;
      for (const tell of waiting.values()) tell(new Broken(error instanceof Error ? error.message : 'gone'));
      waiting.clear();
    };
    started.on('error', lose);
    started.on('exit', lose);
    return started;
  }

  function ask<T>(method: LookupQuestion['method'], ...args: readonly unknown[]): Promise<T> {
    worker ??= start();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(++asked, resolve);
    worker.postMessage({ id: asked, method, args } satisfies LookupQuestion);
    return promise as Promise<T>;
  }

  worker = start();
  return {
    accesses: (concerned, before, limit) => ask('accesses', concerned, before, limit),
    access: (chain, number) => ask('access', chain, number),
    contestations: (accessIds) => ask('contestations', accessIds),
    async close() {
      await worker?.terminate();
    },
  };
}
