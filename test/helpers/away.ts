import type { Test } from 'tap';
import { StoreAway } from '../../src/documents/files.ts';

/** The store does not answer, or refuses, and says so in these words. */
export async function away(
  t: Test,
  calling: Promise<unknown>,
  message: string | RegExp,
  what = '',
): Promise<void> {
  const error = await calling.then(
    () => null,
    (error) => error,
  );
  t.type(error, StoreAway, what);
  t.match(error?.message, message, what);
}
