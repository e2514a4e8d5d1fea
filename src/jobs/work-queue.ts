import type { Broken } from '../storage/database.ts';
import type { Line, TaskRef, Work } from './job.ts';

/** A work that this process does, until its lease ends or is renewed. */
export interface Taken extends TaskRef {
  line: Line;
  /** Of the lease: who lost it says nothing about the work any more. */
  lease: string;
}

/** How long a process that tells nothing any more keeps what it took. */
export const LEASE_MS = 30_000;

/** Which works are to be done, each by one process at a time: what nobody finishes is taken by another. */
export interface WorkQueue {
  /** Those that are there already stay as they are. */
  add(line: Line, works: readonly Work[]): Promise<'done' | Broken>;
  /** Those that are due, the lowest turn first. */
  take(line: Line, count: number): Promise<Taken[] | Broken>;
  renew(works: readonly Taken[]): Promise<'done' | Broken>;
  finish(work: Taken): Promise<'done' | Broken>;
  /** @param dueMs epoch milliseconds before which nobody takes it */
  putBack(work: Taken, dueMs: number): Promise<'done' | Broken>;
  close(): Promise<void>;
}
