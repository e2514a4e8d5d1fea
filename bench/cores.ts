import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasCommand } from './has-command.ts';

/** Lists of cores as `taskset` reads them: whoever loads a server never takes its core. */
export interface Cores {
  server: string;
  load: string;
}

/** Null where cores cannot be chosen, or where there is only one. */
export function coresOf(): Cores | null {
  if (process.platform !== 'linux' || !hasCommand('taskset')) return null;
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const [server, ...load] = allowed.split(',').flatMap(expand);
  return server === undefined || load.length === 0 ? null : { server: String(server), load: load.join(',') };
}

function expand(range: string): number[] {
  const [from = 0, to = from] = range.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Keeps this process, and whatever it starts from now on, off the core of the server. */
export function leaveServerCore({ load }: Cores): void {
  execFileSync('taskset', ['-acp', load, String(process.pid)], { stdio: 'ignore' });
}
