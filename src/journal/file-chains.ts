import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  createReadStream,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isChainName, monthBefore, monthOfChain } from './chain-name.ts';
import type { ChainArchive, ChainStore, StoredLine } from './chain-store.ts';
import { numberIn } from './line.ts';
import type { Head } from './seal-line.ts';

const SUFFIX = '.journal';
/** Longer than any line: what is longer is none. */
export const MAX_LINE_BYTES = 256 * 1024;
const LINE_FEED = 10;
const HASH_DIGITS = 64;

export function pathOfChain(folder: string, chain: string): string {
  return join(folder, monthOfChain(chain), `${chain}${SUFFIX}`);
}

/** Each chain a file of its own, in the folder of its month; its lines as a block has them. */
export function createFileChainStore(folder: string): ChainStore {
  let file: number | null = null;

  function close(): void {
    if (file !== null) closeSync(file);
    file = null;
  }

  return {
    async heads(month, limit) {
      const names = [month, monthBefore(month, 1)].flatMap((one) => chainsIn(folder, one).reverse());
      return names.slice(0, limit).flatMap((chain) => headOf(folder, chain) ?? []);
    },
    async begin(chain) {
      close();
      const path = pathOfChain(folder, chain);
      const month = join(path, '..');
      mkdirSync(month, { recursive: true, mode: 0o700 });
      file = openSync(path, 'ax', 0o600);
      // The names of a new file and a new folder must last too.
      for (const parent of [month, folder]) syncFolder(parent);
    },
    async append({ bytes }) {
      if (file === null) throw new Error('no chain is begun');
      try {
        writeAll(file, bytes);
        fdatasyncSync(file);
      } catch (error) {
        close();
        throw error;
      }
    },
    async close() {
      close();
    },
  };
}

/** A disk that fills up takes a part of what it is given. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function chainsIn(folder: string, month: string): string[] {
  return namesIn(join(folder, month))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter((name) => isChainName(name) && monthOfChain(name) === month)
    .sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The last whole line; null when there is none. */
function headOf(folder: string, chain: string): Head | null {
  const bytes = lastBytesOf(pathOfChain(folder, chain));
  const end = bytes.lastIndexOf(LINE_FEED);
  if (end < 0) return null;
  const line = bytes.toString('utf8', bytes.lastIndexOf(LINE_FEED, end - 1) + 1, end);
  const n = numberIn(line);
  return n === null ? null : { chaine: chain, n, empreinte: line.slice(-HASH_DIGITS) };
}

function lastBytesOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Math.max(0, fstatSync(file).size - MAX_LINE_BYTES);
    const bytes = Buffer.alloc(MAX_LINE_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, MAX_LINE_BYTES, start));
  } finally {
    closeSync(file);
  }
}

export function createFileChainArchive(folder: string): ChainArchive {
  return {
    async months() {
      return namesIn(folder)
        .filter((name) => /^\d{4}-\d{2}$/.test(name))
        .sort();
    },
    chains: async (month) => chainsIn(folder, month),
    read: (chain) => readLines(pathOfChain(folder, chain)),
    drop: (month) => rm(join(folder, month), { recursive: true }),
    async close() {},
  };
}

async function* readLines(path: string): AsyncGenerator<StoredLine> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: MAX_LINE_BYTES })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : (chunk as Buffer);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield lineIn(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > MAX_LINE_BYTES) {
      yield { kind: 'garbled' };
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0)
    yield isMoreThanALine(rest) ? { kind: 'garbled' } : { kind: 'torn', bytes: rest.length };
}

/** Bytes that are not UTF-8 would be read as others. */
export function lineIn(bytes: Buffer): StoredLine {
  const stored = isUtf8(bytes) ? bytes.toString() : '';
  const [, text, hash] = /^(\{[^\t]*\})\t([0-9a-f]{64})$/.exec(stored) ?? [];
  return text && hash ? { kind: 'line', text, hash } : { kind: 'garbled' };
}

/** A line that was cut short by the end of its process has no more after its hash. */
function isMoreThanALine(bytes: Buffer): boolean {
  return /\t[0-9a-f]{64}./s.test(bytes.toString('latin1'));
}
