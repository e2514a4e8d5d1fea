export type Dialect = 'sqlite' | 'postgres';

export type Value = string | number | null | Uint8Array;
/** As the database gives it: whoever asked knows which columns, and parses what may have been changed by hand. */
export type Row = Record<string, unknown>;

/** The database cannot be reached, is full, or took too long: nothing was learnt, and nothing must be supposed. */
export class Broken extends Error {}

/** @throws what is not Broken */
export function brokenOrThrow(error: unknown): Broken {
  if (error instanceof Broken) return error;
  throw error;
}

/** @throws Broken where whoever asks cannot go on without the result */
export function throwBroken<T>(result: T | Broken): T {
  if (result instanceof Broken) throw result;
  return result;
}

/**
 * Runs one statement.
 *
 * @param sql with the values as `$1`, `$2`…: both dialects read them, and most statements are the same in both
 * @throws what is a bug: a statement that is wrong, a constraint that nobody expected
 */
export type Query = (sql: string, values?: readonly Value[]) => Promise<Row[]>;

/** Where what must last is stored. */
export interface Database {
  dialect: Dialect;
  query(sql: string, values?: readonly Value[]): Promise<Row[] | Broken>;
  /**
   * Runs statements of which all are kept or none. In sqlite no other writer, of any process, is between them.
   *
   * @param work undone as a whole when it rejects; within it a statement that is broken rejects, with Broken
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T | Broken>;
  close(): Promise<void>;
}
