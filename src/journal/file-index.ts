import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Database, type Query, type Row, throwBroken } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import type { ChainArchive } from './chain-store.ts';
import { pathOfChain } from './file-chains.ts';
import { indexTables } from './index-tables.ts';
import { numberIn } from './line.ts';

/** Lines that follow each other in the file of a chain, of which it is known whom they are about. */
export interface Slice {
  id: number;
  chain: string;
  /** In its file, in bytes. */
  place: number;
  bytes: number;
  /** The latest instant of its lines. */
  toLe: string;
}

/** Of several slices one after the other, the latest first: where to go on. */
export type SlicePlace = Pick<Slice, 'toLe' | 'id'>;

/** What is looked up at once, and read for it. */
const SLICE_BYTES = 256 * 1024;
const LINE_FEED = 10;
const LAST: SlicePlace = { toLe: '~', id: 0 };

/**
 * Notes in a database in which slices of the files each company and each body stands, as lines come. To note where each line
 * stands would cost as much as writing it. It is made from the files and from nothing else: one that is lost is
 * made anew, and what processes write at the same time is noted once.
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
    const [known] = await query('SELECT bytes FROM chains WHERE name = $1', [name]);
    const place = Number(known?.bytes ?? 0);
    const read = bytesAt(pathOfChain(folder, name), place, SLICE_BYTES);
    const bytes = read.lastIndexOf(LINE_FEED) + 1;
    if (bytes === 0) return false;
    const [chain] = await query(READ, [name, place + bytes]);
    const text = read.toString('latin1', 0, bytes);
    const { fromLe, toLe, subjects } = contentOf(text);
    const values = [Number(chain?.id), numberIn(text) ?? 0, place, bytes, fromLe, toLe];
    const [slice] = await query(SLICE, values);
    await query(SUBJECTS, [JSON.stringify([...subjects]), toLe, Number(slice?.id)]);
    return read.length === SLICE_BYTES;
  }

  /** Of the months that were deleted. */
  async function forgetBefore(month: string | undefined): Promise<void> {
    const first = month?.replace('-', '') ?? '';
    const [old] = await rowsOf('SELECT id FROM chains WHERE name < $1 LIMIT 1', [first]);
    if (!old) return;
    for (const statement of FORGET) await rowsOf(statement, [first]);
  }

  async function rowsOf(...asked: Parameters<Database['query']>): Promise<Row[]> {
    return throwBroken(await database.query(...asked));
  }

  return {
    catchUp,
    /** Those in which it stands, the latest first, of those that begin no later than this instant. */
    async slicesOf(subject: string, beforeLe = LAST.toLe): Promise<AsyncGenerator<Slice>> {
      await catchUp();
      return slicesFrom((after) => rowsOf(OF_SUBJECT, [subject, beforeLe, after.toLe, after.id]));
    },
    /** Null when it is not there. */
    async sliceAt(chain: string, number: number): Promise<Slice | null> {
      await catchUp();
      return (await rowsOf(OF_NUMBER, [chain, number])).map(sliceIn)[0] ?? null;
    },
  };
}

async function* slicesFrom(page: (after: SlicePlace) => Promise<Row[]>): AsyncGenerator<Slice> {
  for (let after = LAST; ; ) {
    const slices = (await page(after)).map(sliceIn);
    yield* slices;
    const last = slices.at(-1);
    if (!last) return;
    after = last;
  }
}

/** Quotes in what others wrote are escaped, so that these are names of members and nothing else. */
const SAID = /"(le|siren|organisme|acces)":"([^"]*)"/g;

/** Between which instants these lines are, and whom they are about: companies, bodies, accesses that are contested. */
function contentOf(text: string): { fromLe: string; toLe: string; subjects: Set<string> } {
  let [fromLe, toLe] = ['~', ''];
  const subjects = new Set<string>();
  for (const [, name, value = ''] of text.matchAll(SAID)) {
    if (name !== 'le') subjects.add(value);
    else if (value < fromLe) fromLe = value;
    if (name === 'le' && value > toLe) toLe = value;
  }
  return { fromLe, toLe, subjects };
}

export function bytesAt(path: string, place: number, maxBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(maxBytes, fstatSync(file).size - place)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, place));
  } finally {
    closeSync(file);
  }
}

function sliceIn({ id, name, place, bytes, to_le }: Row): Slice {
  return {
    id: Number(id),
    chain: String(name),
    place: Number(place),
    bytes: Number(bytes),
    toLe: String(to_le),
  };
}

const READ = `
  INSERT INTO chains (name, bytes) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes RETURNING id`;
const SLICE = `
  INSERT INTO slices (chain, number, place, bytes, from_le, to_le) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`;
const SUBJECTS = 'INSERT INTO subjects (subject, to_le, slice) SELECT value, $2, $3 FROM json_each($1)';
const PAGE = 32;
const OF_SUBJECT = `
  SELECT slices.id, name, place, slices.bytes, slices.to_le FROM subjects
  JOIN slices ON slices.id = slice JOIN chains ON chains.id = chain
  WHERE subject = $1 AND from_le <= $2 AND (subjects.to_le, slice) < ($3, $4)
  ORDER BY subjects.to_le DESC, slice DESC LIMIT ${PAGE}`;
const OF_NUMBER = `
  SELECT slices.id, name, place, slices.bytes, to_le FROM slices JOIN chains ON chains.id = chain
  WHERE name = $1 AND number <= $2 ORDER BY number DESC LIMIT 1`;
const OLD = 'SELECT id FROM chains WHERE name < $1';
const FORGET = [
  `DELETE FROM subjects WHERE slice IN (SELECT id FROM slices WHERE chain IN (${OLD}))`,
  `DELETE FROM slices WHERE chain IN (${OLD})`,
  'DELETE FROM chains WHERE name < $1',
];
