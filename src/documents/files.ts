/** Whole files, by name, wherever they are kept: one that was not written to its end is never seen. */
export interface Files {
  /** There to stay, name and all, once it resolves. */
  write(name: string, bytes: Buffer): Promise<void>;
  read(name: string): Promise<Buffer | null>;
  /** An empty one, of that date. */
  touch(name: string, atMs: number): Promise<void>;
  /** Epoch milliseconds at which it was written or touched; null when there is none. */
  dateOf(name: string): Promise<number | null>;
  remove(name: string): Promise<void>;
  /**
   * Those of one of the `HEADS`. Removes in passing what processes that died before an instant, epoch milliseconds,
   * left half-written.
   */
  list(head: string, draftsBeforeMs: number): AsyncIterable<ListedFile>;
}

export interface ListedFile {
  name: string;
  /** Epoch milliseconds of its last change by the clock of the store: near its date where clocks are right. */
  changedMs: number;
}

/** Opens the files of one folder, given as a path of slashes. */
export type OpenFiles = (folder: string) => Files;

/** Names are hexadecimal: by their first digit, they are listed in parts that fit in memory. */
export const HEADS = [...'0123456789abcdef'];

export function isFileName(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** Where the files of a folder are in it. */
export function placeOf(name: string): string {
  return `${name.slice(0, 2)}/${name}`;
}

/** Where files are kept does not answer, or not as it should: what is there may be there still. */
export class StoreAway extends Error {}
