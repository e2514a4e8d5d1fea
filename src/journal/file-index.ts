import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Broken, type Database, type Query } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import type { ChainArchive } from './chain-store.ts';
import { type Columns, columnsOf } from './columns.ts';
import { lineIn, pathOfChain } from './file-chains.ts';
import { indexTables } from './index-tables.ts';

/** Read at a time: the transaction that follows takes some milliseconds. */
const SLICE_BYTES = 256 * 1024;
const LINE_FEED = 10;

/** A line, and where in its file it begins, in bytes. */
interface Placed extends Columns {
  place: number;
}

/**
 * Notes in a database where accesses stand in files, as they come. It is made from the files and from nothing else:
 * one that is lost is made anew, and what processes write at the same time is noted once.
 */
export function createFileIndex(folder: string, database: Database, archive: ChainArchive) {
  let isReady = false;

  /** Notes what is not noted yet. */
  async function catchUp(): Promise<void> {
    if (!isReady) throwBroken(await migrate(database, indexTables));
    isReady = true;
    const months = await archive.months();
    await forgetBefore(months[0]);
    for (const month of months) {
      for (const chain of await archive.chains(month)) {
        while (throwBroken(await database.transaction((query) => noteSlice(query, chain))));
      }
    }
  }

  /** @returns whether there may be more */
  async function noteSlice(query: Query, name: string): Promise<boolean> {
    const [known] = await query('SELECT id, bytes FROM chains WHERE name = $1', [name]);
    const start = Number(known?.bytes ?? 0);
    const slice = sliceOf(pathOfChain(folder, name), start);
    const end = slice.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) return false;
    const [chain] = await query(READ, [name, start + end]);
    for (const line of placedIn(name, slice.subarray(0, end))) {
      await note(query, Number(chain?.id), { ...line, place: start + line.place });
    }
    return slice.length === SLICE_BYTES;
  }

  async function note(query: Query, chain: number, line: Placed): Promise<void> {
    const { nature, number, at_ms, place, siren, body, contested } = line;
    // As numbers, of which an index takes half the room.
    if (nature === 'acces') {
      await query(ACCESS, [chain, number, at_ms, place, siren && Number(siren), body && Number(body)]);
    }
    if (contested) await query(CONTESTATION, [contested, chain, place, at_ms]);
  }

  /** Of the months that were deleted. */
  async function forgetBefore(month: string | undefined): Promise<void> {
    const first = month?.replace('-', '') ?? '';
    const [old] = throwBroken(await database.query('SELECT id FROM chains WHERE name < $1 LIMIT 1', [first]));
    if (!old) return;
    for (const statement of FORGET) throwBroken(await database.query(statement, [first]));
  }

  return { catchUp };
}

function sliceOf(path: string, start: number): Buffer {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size <= start) return Buffer.alloc(0);
    const bytes = Buffer.alloc(SLICE_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, SLICE_BYTES, start));
  } finally {
    closeSync(file);
  }
}

/** What is no line of ours is left to verification. */
function* placedIn(chain: string, bytes: Buffer): Iterable<Placed> {
  for (let place = 0, end = 0; place < bytes.length; place = end + 1) {
    end = bytes.indexOf(LINE_FEED, place);
    const stored = lineIn(bytes.subarray(place, end));
    if (stored.kind === 'line') yield { ...columnsOf(chain, stored.text), place };
  }
}

export function throwBroken<T>(result: T | Broken): T {
  if (result instanceof Broken) throw result;
  return result;
}

const READ = `
  INSERT INTO chains (name, bytes) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes RETURNING id`;
const ACCESS = `
  INSERT INTO accesses (chain, number, at_ms, place, siren, body) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING`;
const CONTESTATION = `
  INSERT INTO contestations (access, chain, place, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
const FORGET = [
  'DELETE FROM accesses WHERE chain IN (SELECT id FROM chains WHERE name < $1)',
  'DELETE FROM contestations WHERE chain IN (SELECT id FROM chains WHERE name < $1)',
  'DELETE FROM chains WHERE name < $1',
];
