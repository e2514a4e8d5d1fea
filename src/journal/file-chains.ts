import { isUtf8 } from 'node:buffer';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isChainName, monthBefore, monthOfChain } from './chain-name.ts';
import type { ChainArchive, ChainStore, StoredLine } from './chain-store.ts';
import { numberIn } from './line.ts';
import type { Head } from './seal-line.ts';

const SUFFIX = '.journal';
/** Longer than any line: what is longer is none. */
export const MAX_LINE_BYTES = 256 * 1024;
/** Longer than nearly all lines. */
const LINE_BYTES = 4 * 1024;
const LINE_FEED = 10;
const HASH_DIGITS = 64;

const { O_APPEND, O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;
/** A write returns once it is on the disk: one call where `write` and `fdatasync` would be two. */
const DURABLE = O_APPEND | O_CREAT | O_DSYNC | O_EXCL | O_WRONLY;

export function pathOfChain(folder: string, chain: string): string {
  return join(folder, monthOfChain(chain), `${chain}${SUFFIX}`);
}

/** Each chain a file of its own, in the folder of its month; its lines as a block has them. */
export function createFileChainStore(folder: string): ChainStore {
  let file: FileHandle | null = null;

  async function close(): Promise<void> {
    const closing = file;
    file = null;
    await closing?.close();
  }

  return {
    async heads(month, limit) {
      const months = [month, monthBefore(month, 1)].map((one) => chainsIn(folder, one));
      const names = (await Promise.all(months)).flatMap((one) => one.reverse());
      const heads = await Promise.all(names.slice(0, limit).map((chain) => headOf(folder, chain)));
      return heads.filter((head) => head !== null);
    },
    async begin(chain) {
      await close();
      const path = pathOfChain(folder, chain);
      const month = join(path, '..');
      await mkdir(month, { recursive: true, mode: 0o700 });
      file = await open(path, DURABLE, 0o600);
      // The names of a new file and a new folder must last too.
      for (const parent of [month, folder]) await syncFolder(parent);
    },
    async append({ bytes }) {
      if (file === null) throw new Error('no chain is begun');
      try {
        await writeAll(file, bytes);
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

/** A disk that fills up takes a part of what it is given. */
async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
  await using file = await open(folder, 'r');
  await file.sync();
}

async function chainsIn(folder: string, month: string): Promise<string[]> {
  return (await namesIn(join(folder, month)))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter((name) => isChainName(name) && monthOfChain(name) === month)
    .sort();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The last whole line; null when there is none. */
async function headOf(folder: string, chain: string): Promise<Head | null> {
  await using file = await open(pathOfChain(folder, chain), 'r');
  const line = (await lastLineIn(file, LINE_BYTES)) ?? (await lastLineIn(file, 2 * MAX_LINE_BYTES)) ?? '';
  const n = numberIn(line);
  return n === null ? null : { chaine: chain, n, empreinte: line.slice(-HASH_DIGITS) };
}

/** Null when it begins before these bytes at the end of the file. */
async function lastLineIn(file: FileHandle, length: number): Promise<string | null> {
  const start = Math.max(0, (await file.stat()).size - length);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  const bytes = buffer.subarray(0, bytesRead);
  const end = bytes.lastIndexOf(LINE_FEED);
  const before = end < 1 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1);
  if (end < 0 || (before < 0 && start > 0)) return null;
  return bytes.toString('utf8', before + 1, end);
}

export function createFileChainArchive(folder: string): ChainArchive {
  return {
    async months() {
      const names = await namesIn(folder);
      return names.filter((name) => /^\d{4}-\d{2}$/.test(name)).sort();
    },
    chains: (month) => chainsIn(folder, month),
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
