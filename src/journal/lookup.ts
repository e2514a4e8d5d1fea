import type { Broken } from '../storage/database.ts';

/** Whose accesses: to the data of a company, or by a public body. */
export type Concerned = { siren: string } | { body: string };

/** Of a line, in the order in which they are shown. */
export type Position = readonly [chain: string, atMs: number, number: number];

/** A line of an access. */
export interface FoundAccess {
  chain: string;
  number: number;
  /** Epoch milliseconds. */
  atMs: number;
  text: string;
  /** Text of the line that opens its chain. */
  opening: string;
}

/** Finds lines of a journal; everything that was durable before the question is found. */
export interface Lookup {
  /** The latest first, of those before a position. */
  accesses(concerned: Concerned, before: Position | null, limit: number): Promise<FoundAccess[] | Broken>;
  /** Null when there is none. */
  access(chain: string, number: number): Promise<FoundAccess | null | Broken>;
  /** Texts of what contests these accesses, the oldest first. */
  contestations(accessIds: readonly string[]): Promise<string[] | Broken>;
  close(): Promise<void>;
}
