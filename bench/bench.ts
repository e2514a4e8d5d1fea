import type { BenchOptions } from './bench-options.ts';
import type { RunLoad } from './load/run-load.ts';
import type { StartProcess } from './start-process.ts';

/** What every measure is given. */
export interface Bench extends BenchOptions {
  /** Where recordings, logs and configurations go; removed at the end. */
  dir: string;
  start: StartProcess;
  load: RunLoad;
  /** Tells whoever watches; standard output is for the table. */
  say(line: string): void;
  /** Keeps a wrong answer: one fails the run, whatever the figures. */
  wrong(complaint: string): void;
}

/** Kept-alive connections of the load generator, and callers of a new dossier: the fifty of the promise. */
export const CALLERS = 50;
