import { closeSync, openSync, readSync } from 'node:fs';
import type { Database, Row, Value } from '../storage/database.ts';
import { createFileChainArchive, lineIn, MAX_LINE_BYTES, pathOfChain } from './file-chains.ts';
import { createFileIndex, throwBroken } from './file-index.ts';
import type { FoundAccess, Lookup, Position } from './lookup.ts';

const LATEST: Position = ['', Number.MAX_SAFE_INTEGER, 0];
/** Longer than nearly all lines. */
const LINE_BYTES = 2_048;
const LINE_FEED = 10;

/** Throws Broken where a lookup gives it: it is asked in another thread, which tells. */
export type ThrowingLookup = {
  [Method in Exclude<keyof Lookup, 'close'>]: (
    ...args: Parameters<Lookup[Method]>
  ) => Promise<Exclude<Awaited<ReturnType<Lookup[Method]>>, Error>>;
};

/** The index tells where lines stand; they are read where they stand. */
export function createFileLookup(folder: string, database: Database) {
  const { catchUp } = createFileIndex(folder, database, createFileChainArchive(folder));

  async function rowsOf(sql: string, values: readonly Value[]): Promise<Row[]> {
    await catchUp();
    return throwBroken(await database.query(sql, values));
  }

  const lookup: ThrowingLookup = {
    async accesses(concerned, before, limit) {
      const [column, value] = 'siren' in concerned ? ['siren', concerned.siren] : ['body', concerned.body];
      const [chain, atMs, number] = before ?? LATEST;
      const rows = await rowsOf(listing(column), [Number(value), atMs, chain, number, limit]);
      return rows.map((row) => accessAt(folder, row));
    },
    async access(chain, number) {
      const rows = await rowsOf(FINDING, [chain, number]);
      return rows.map((row) => accessAt(folder, row))[0] ?? null;
    },
    async contestations(accessIds) {
      const places = accessIds.map((_, i) => `$${i + 1}`).join(', ');
      const rows = await rowsOf(`${CONTESTATIONS} (${places}) ORDER BY at_ms`, accessIds);
      return rows.map(({ name, place }) => textAt(pathOfChain(folder, String(name)), Number(place)));
    },
  };
  return { lookup, catchUp };
}

function accessAt(folder: string, { name, number, at_ms, place }: Row): FoundAccess {
  const chain = String(name);
  const path = pathOfChain(folder, chain);
  const text = textAt(path, Number(place));
  return { chain, number: Number(number), atMs: Number(at_ms), text, opening: textAt(path, 0) };
}

/** @throws when no line of ours begins there: somebody changed the file, which verification tells in detail */
function textAt(path: string, place: number): string {
  const file = openSync(path, 'r');
  try {
    const line = lineIn(bytesAt(file, place, LINE_BYTES) ?? bytesAt(file, place, MAX_LINE_BYTES) ?? NO_LINE);
    if (line.kind !== 'line') throw new Error('the journal was changed: verify it');
    return line.text;
  } finally {
    closeSync(file);
  }
}

const NO_LINE = Buffer.alloc(0);

/** Up to the end of the line; null when that is further. */
function bytesAt(file: number, place: number, maxBytes: number): Buffer | null {
  const bytes = Buffer.alloc(maxBytes);
  const read = bytes.subarray(0, readSync(file, bytes, 0, maxBytes, place));
  const end = read.indexOf(LINE_FEED);
  return end < 0 ? null : read.subarray(0, end);
}

const ACCESSES =
  'SELECT name, number, at_ms, place FROM accesses JOIN chains ON chains.id = accesses.chain WHERE';
const FINDING = `${ACCESSES} name = $1 AND number = $2`;
const CONTESTATIONS =
  'SELECT name, place FROM contestations JOIN chains ON chains.id = contestations.chain WHERE access IN';

/** By the instant first, which the index is in the order of. */
function listing(column: string): string {
  return `${ACCESSES} ${column} = $1 AND at_ms <= $2 AND (at_ms, name, number) < ($2, $3, $4)
    ORDER BY at_ms DESC, name DESC, number DESC LIMIT $5`;
}
