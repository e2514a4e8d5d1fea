import { hasCommand } from '../has-command.ts';
import { askOverSockets } from './sockets.ts';
import { createWrk } from './wrk.ts';

export interface LoadOptions {
  origin: string;
  /** Asked in turn, over and over. */
  paths: readonly string[];
  headers: Record<string, string>;
  seconds: number;
  connections: number;
}

export interface LoadResult {
  requests: number;
  /** Answers that are not 2xx, answers that did not come, sockets that broke. */
  errors: { status: number; timeout: number; socket: number };
  seconds: number;
}

export type RunLoad = ((options: LoadOptions) => Promise<LoadResult>) & { tool: string };

/** `wrk` where it is installed: it costs the least, so the server is the bottleneck. */
export function createRunLoad(dir: string): RunLoad {
  return hasCommand('wrk')
    ? Object.assign(createWrk(dir), { tool: 'wrk' })
    : Object.assign(askOverSockets, { tool: 'node:net' });
}
