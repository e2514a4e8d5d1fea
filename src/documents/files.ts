import { randomBytes } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const DRAFT = '.brouillon';
/** A name is hexadecimal: its first two digits are its folder. */
const NAME = /^[0-9a-f]{64}$/;

/** Whole files in a folder, by name: one that was not written to its end is never seen. */
export interface Files {
  /** On the disk, name and all, once it resolves. */
  write(name: string, bytes: Buffer): Promise<void>;
  read(name: string): Promise<Buffer | null>;
  /** Makes an empty one where there is none, and dates it. */
  touch(name: string, atMs: number): Promise<void>;
  /** Epoch milliseconds at which it was written or touched; null when there is none. */
  dateOf(name: string): Promise<number | null>;
  remove(name: string): Promise<void>;
  /** Removes in passing what processes that died before an instant, epoch milliseconds, left half-written. */
  names(draftsBeforeMs: number): AsyncIterable<string>;
}

export function createFiles(folder: string): Files {
  const pathOf = (name: string) => join(folder, name.slice(0, 2), name);
  return {
    async write(name, bytes) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.${randomBytes(6).toString('hex')}${DRAFT}`;
      try {
        const file = await open(draft, 'wx', 0o600);
        await file.writeFile(bytes).finally(() => file.close());
        await flush(draft);
        await rename(draft, path);
        await flush(dirname(path));
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw error;
      }
    },
    read: (name) => readFile(pathOf(name)).catch(nullIfMissing),
    async touch(name, atMs) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await (await open(path, 'a', 0o600)).close();
      await utimes(path, atMs / 1000, atMs / 1000);
    },
    dateOf: (name) => stat(pathOf(name)).then(({ mtimeMs }) => mtimeMs, nullIfMissing),
    remove: (name) => rm(pathOf(name), { force: true }),
    async *names(draftsBeforeMs) {
      for await (const path of filesUnder(folder)) {
        const name = basename(path);
        if (NAME.test(name)) yield name;
        else if (name.endsWith(DRAFT)) await removeIfOlder(path, draftsBeforeMs);
      }
    },
  };
}

/** A file, or the names in a folder. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function* filesUnder(folder: string): AsyncIterable<string> {
  const entries = await opendir(folder).catch(nullIfMissing);
  if (!entries) return;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

async function removeIfOlder(path: string, beforeMs: number): Promise<void> {
  const found = await stat(path).catch(nullIfMissing);
  if (found && found.mtimeMs < beforeMs) await rm(path, { force: true });
}

/** @throws what is not the absence of the file */
function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
