import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { createInTurn } from '../storage/in-turn.ts';
import { openSqlite } from '../storage/sqlite-database.ts';
import { createFileLookup } from './file-lookup.ts';
import type { LookupAnswer, LookupQuestion } from './lookup-thread.ts';

/** Accesses are noted so often even if nobody asks: whoever then does need not wait for those of a month. */
const CATCH_UP_MS = 10_000;
/** Requests and commits come first. On Linux a priority is that of the thread that sets it; elsewhere of the process. */
const LOW_PRIORITY = 10;

if (process.platform === 'linux') setPriority(LOW_PRIORITY);
const folder = workerData as string;
const { lookup, catchUp } = createFileLookup(folder, openSqlite({ folder, name: 'index' }));

/** There is one database, and one catching up. */
const inTurn = createInTurn();

parentPort?.on('message', ({ id, method, args }: LookupQuestion) => {
  const tell = (answer: LookupAnswer) => parentPort?.postMessage(answer);
  const ask = lookup[method] as (...given: unknown[]) => Promise<unknown>;
  inTurn(() => ask(...args)).then(
    (found) => tell({ id, found, error: null }),
    ({ message }: Error) => tell({ id, found: null, error: message }),
  );
});

setInterval(() => void inTurn(catchUp).catch(() => {}), CATCH_UP_MS);
