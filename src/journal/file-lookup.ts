import type { Database } from '../storage/database.ts';
import { type Columns, columnsOf } from './columns.ts';
import { createFileChainArchive, lineIn, MAX_LINE_BYTES, pathOfChain } from './file-chains.ts';
import { bytesAt, createFileIndex, type Slice } from './file-index.ts';
import type { Concerned, FoundAccess, Lookup, Position } from './lookup.ts';

const LINE_FEED = 10;

/** Throws Broken where a lookup gives it: it is asked in another thread, which tells. */
export type ThrowingLookup = {
  [Method in Exclude<keyof Lookup, 'close'>]: (
    ...args: Parameters<Lookup[Method]>
  ) => Promise<Exclude<Awaited<ReturnType<Lookup[Method]>>, Error>>;
};

interface Found extends Columns {
  text: string;
}

/** The index tells in which slices to look. */
export function createFileLookup(folder: string, database: Database) {
  const index = createFileIndex(folder, database, createFileChainArchive(folder));

  /** @param words as they stand in each of the lines */
  function* linesIn({ chain, place, bytes }: Slice, words: string): Iterable<Found> {
    for (const line of linesWith(bytesAt(pathOfChain(folder, chain), place, bytes), words)) {
      const stored = lineIn(line);
      if (stored.kind !== 'line') throw changed();
      yield { ...columnsOf(chain, stored.text), text: stored.text };
    }
  }

  function accessOf({ chain, number, at_ms: atMs, text }: Found): FoundAccess {
    const opening = bytesAt(pathOfChain(folder, chain), 0, MAX_LINE_BYTES);
    const line = lineIn(opening.subarray(0, opening.indexOf(LINE_FEED)));
    if (line.kind !== 'line') throw changed();
    return { chain, number, atMs, text, opening: line.text };
  }

  const lookup: ThrowingLookup = {
    async accesses(concerned, before, limit) {
      const { subject, words } = sought(concerned);
      const beforeLe = before ? new Date(before[1]).toISOString() : undefined;
      let found: Found[] = [];
      for await (const slice of await index.slicesOf(subject, beforeLe)) {
        const last = found[limit - 1];
        if (last && last.at_ms > Date.parse(slice.toLe)) break;
        const more = [...linesIn(slice, words)].filter((line) => isSought(line, concerned, before));
        found = [...found, ...more].sort(latestFirst).slice(0, limit);
      }
      return found.map(accessOf);
    },
    async access(chain, number) {
      const slice = await index.sliceAt(chain, number);
      if (!slice) return null;
      const found = [...linesIn(slice, `{"n":${number},`)].find((line) => line.number === number);
      return found?.nature === 'acces' ? accessOf(found) : null;
    },
    async contestations(accessIds) {
      const found: Found[] = [];
      for (const id of accessIds) {
        for await (const slice of await index.slicesOf(id)) found.push(...linesIn(slice, `"acces":"${id}"`));
      }
      return found.sort((a, b) => a.at_ms - b.at_ms).map(({ text }) => text);
    },
  };
  return { lookup, catchUp: index.catchUp };
}

function changed(): Error {
  return new Error('the journal was changed: verify it');
}

function sought(concerned: Concerned): { subject: string; words: string } {
  if ('siren' in concerned) return { subject: concerned.siren, words: `"siren":"${concerned.siren}"` };
  return { subject: concerned.body, words: `"organisme":"${concerned.body}"` };
}

function isSought(line: Found, concerned: Concerned, before: Position | null): boolean {
  const isConcerned = 'siren' in concerned ? line.siren === concerned.siren : line.body === concerned.body;
  return line.nature === 'acces' && isConcerned && (before === null || latestFirst(placed(before), line) < 0);
}

type Placed = Pick<Columns, 'at_ms' | 'chain' | 'number'>;

function placed([chain, at_ms, number]: Position): Placed {
  return { chain, at_ms, number };
}

function latestFirst(a: Placed, b: Placed): number {
  if (a.at_ms !== b.at_ms) return b.at_ms - a.at_ms;
  if (a.chain !== b.chain) return a.chain < b.chain ? 1 : -1;
  return b.number - a.number;
}

function* linesWith(bytes: Buffer, words: string): Iterable<Buffer> {
  for (let at = bytes.indexOf(words); at >= 0; ) {
    const end = bytes.indexOf(LINE_FEED, at);
    yield bytes.subarray(bytes.lastIndexOf(LINE_FEED, at) + 1, end);
    at = bytes.indexOf(words, end);
  }
}
