import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Broken, brokenOrThrow, type Database, type Query, type Row, type Value } from './database.ts';
import { createInTurn } from './in-turn.ts';

export interface SqliteOptions {
  /** Made where it is missing, for this user only. */
  folder: string;
  /** Of the file, without its ending. */
  name: string;
}

/** How long a writer waits for that of another process. Milliseconds. */
const BUSY_MS = 5_000;
const RETRY_MS = 5;
const BUSY_CODE = 5;
/**
 * Primary result codes of SQLite that tell of the machine, not of us: busy, locked, read only, I/O, corrupt,
 * full, cannot open, not a database.
 */
const MACHINE_CODES = [BUSY_CODE, 6, 8, 10, 11, 13, 14, 26];
const PREPARED_MAX = 200;

/**
 * Opens the embedded store: a file of this machine, in write-ahead mode, so that several processes read and
 * write it. What a transaction has written is on the disk when it resolves.
 *
 * @throws when the folder or the file cannot be opened
 */
export function openSqlite({ folder, name }: SqliteOptions): Database {
  const file = join(folder, `${name}.db`);
  makePrivate(folder, file);
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  // Afterwards SQLite does not wait by itself: this process would do nothing else meanwhile.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 0');
  const prepared = new Map<string, StatementSync>();
  const inTurn = createInTurn();

  const query: Query = async (sql, values = []) =>
    attempt(() => prepare(sql).all(namedAsNumbers(values)) as Row[]);

  // Of a store that was closed, whatever is tried fails in ways of its own.
  const attempt = <T>(work: () => T): Promise<T> => attemptWhile(() => database.isOpen, work);

  function prepare(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    if (prepared.size < PREPARED_MAX) prepared.set(sql, statement);
    return statement;
  }

  /** There is one connection: what is within a transaction is not mixed with anything else. */
  const asked = <T>(work: () => Promise<T>): Promise<T | Broken> => inTurn(work).catch(brokenOrThrow);

  async function transact<T>(work: (query: Query) => Promise<T>): Promise<T> {
    await attempt(() => database.exec('BEGIN IMMEDIATE'));
    try {
      const result = await work(query);
      await attempt(() => database.exec('COMMIT'));
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    dialect: 'sqlite',
    query: (sql, values) => asked(() => query(sql, values)),
    transaction: (work) => asked(() => transact(work)),
    close: () =>
      inTurn(async () => {
        if (database.isOpen) database.close();
      }),
  };
}

/** The write-ahead log and its index take the rights of the file itself. */
function makePrivate(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function namedAsNumbers(values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, i) => [`$${i + 1}`, value]));
}

/**
 * Tries until no other process is writing, for a while.
 * @throws Broken when the machine is the cause
 */
async function attemptWhile<T>(isOpen: () => boolean, work: () => T): Promise<T> {
  const untilMs = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const { errcode = 0, message } = error as Error & { errcode?: number };
      const code = errcode % 256;
      if (code !== BUSY_CODE || performance.now() > untilMs) {
        throw MACHINE_CODES.includes(code) || !isOpen() ? new Broken(message) : error;
      }
    }
    await sleep(RETRY_MS);
  }
}
