import type { Block } from './block.ts';
import type { Head } from './seal-line.ts';

/** Where one process writes its chains. Nothing is ever changed in it, and nothing deleted but whole months. */
export interface ChainStore {
  /** The last lines of the chains of this month and the one before, the latest chains first. */
  heads(month: string, limit: number): Promise<Head[]>;
  /** Begins a chain. */
  begin(chain: string): Promise<void>;
  /** Resolves once the lines are durable. A chain that could not be written to is never written to again. */
  append(block: Block): Promise<void>;
  close(): Promise<void>;
}

/** What a journal holds, to be read in its order. */
export interface ChainArchive {
  /** The months it holds, the first first. */
  months(): Promise<string[]>;
  /** The names of the chains of a month, the first first. */
  chains(month: string): Promise<string[]>;
  /** The lines of a chain, as they are stored, whatever was done to them. */
  read(chain: string): AsyncIterable<StoredLine>;
  /** Deletes a month. */
  drop(month: string): Promise<void>;
  close(): Promise<void>;
}

/** What stands where a line should be. */
export type StoredLine =
  | {
      kind: 'line';
      text: string;
      hash: string;
      /** Whether what a database knows of the line is not what the line says. */
      isMisfiled?: boolean;
    }
  /** Bytes that are no line. */
  | { kind: 'garbled' }
  /** The end of a chain whose process was killed in mid-write: never a line that anybody waited for. */
  | { kind: 'torn'; bytes: number };
