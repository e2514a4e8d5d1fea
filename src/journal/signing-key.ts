import { secretIn } from '../storage/secret-file.ts';

/** The secret in use, then those that were in use before. */
export function seedsOf({
  JOURNAL_KEY,
  DATA_DIR,
}: {
  JOURNAL_KEY?: readonly Buffer[] | undefined;
  DATA_DIR: string;
}): [Buffer, ...Buffer[]] {
  const [first, ...former] = JOURNAL_KEY ?? [];
  return first ? [first, ...former] : [seedIn(DATA_DIR)];
}

/** The secret that signs the seals of a journal, where the configuration gives none. */
export function seedIn(dataDir: string): Buffer {
  return secretIn(dataDir, 'journal.key');
}
