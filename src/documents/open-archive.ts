import { join } from 'node:path';
import type { Usage } from '../dossier/usage.ts';
import { createSeal } from '../keeping/seal.ts';
import { secretIn } from '../storage/secret-file.ts';
import { type Archive, createArchive } from './archive.ts';

export interface OpenArchiveOptions {
  DATA_DIR: string;
  /** The first in use; without any, one is drawn and kept in the data folder. */
  CACHE_ENCRYPTION_KEY?: readonly Buffer[] | undefined;
  retentionDays: Readonly<Record<Usage, number>>;
  now: () => number;
}

/**
 * Opens the documents of a data folder. They are never kept in the clear: the key that was drawn before one was
 * configured still opens what it closed.
 *
 * @throws when the folder cannot be used
 */
export function openArchive({ DATA_DIR, CACHE_ENCRYPTION_KEY = [], ...rest }: OpenArchiveOptions): Archive {
  const drawn = secretIn(DATA_DIR, 'documents.key');
  const [first = drawn, ...others] = [...CACHE_ENCRYPTION_KEY, drawn];
  const seals = [first, ...others].map((secret) => createSeal(secret));
  return createArchive({
    ...rest,
    folder: join(DATA_DIR, 'documents'),
    seals: seals as [(typeof seals)[0], ...typeof seals],
  });
}
