import { randomBytes } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Files, HEADS, isFileName, type ListedFile, placeOf } from './files.ts';

const DRAFT = '.brouillon';

/** Files in a folder of this machine, which may be shared with others. */
export function createFolderFiles(folder: string): Files {
  const pathOf = (name: string) => join(folder, placeOf(name));
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
      await (await open(path, 'w', 0o600)).close();
      await utimes(path, atMs / 1000, atMs / 1000);
    },
    dateOf: (name) => changeOf(pathOf(name)),
    remove: (name) => rm(pathOf(name), { force: true }),
    async *list(head, draftsBeforeMs) {
      for (const digit of HEADS) yield* filesIn(join(folder, head + digit), draftsBeforeMs);
    },
  };
}

async function* filesIn(folder: string, draftsBeforeMs: number): AsyncIterable<ListedFile> {
  const entries = await opendir(folder).catch(nullIfMissing);
  if (!entries) return;
  for await (const { name } of entries) {
    const path = join(folder, name);
    const changedMs = await changeOf(path);
    if (changedMs === null) continue;
    if (isFileName(name)) yield { name, changedMs };
    else if (name.endsWith(DRAFT) && changedMs < draftsBeforeMs) await rm(path, { force: true });
  }
}

/** A file, or the names in a folder. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

function changeOf(path: string): Promise<number | null> {
  return stat(path).then(({ mtimeMs }) => mtimeMs, nullIfMissing);
}

/** @throws what is not the absence of the file */
function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
