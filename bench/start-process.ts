import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cores } from './cores.ts';

export interface ProcessOptions {
  name: string;
  command?: string;
  args: string[];
  env?: Record<string, string>;
  /** Under measure, so alone on its core; or part of what surrounds it. */
  on: 'server' | 'load';
  /** Its address once it answers; null until then. */
  urlOf(output: string): string | null | Promise<string | null>;
}

export interface Started extends AsyncDisposable {
  name: string;
  pid: number;
  url: string;
  /** Forgets what it printed: a line a request adds up to hundreds of megabytes. */
  forgetOutput(): void;
}

export type StartProcess = (options: ProcessOptions) => Promise<Started>;

const READY_MS = 30_000;
const LOOK_MS = 25;
const SHOWN_CHARACTERS = 2_000;
const ROOT = join(import.meta.dirname, '..');

/** @param dir where what they print is written: a pipe would take time of whoever reads it */
export function createStartProcess(dir: string, cores: Cores | null): StartProcess {
  const children = new Set<ChildProcess>();
  let started = 0;
  process.once('exit', () => children.forEach(kill));

  return async (options) => {
    const outputFile = join(dir, `${started++}.log`);
    const child = spawnOn(cores, options, outputFile);
    children.add(child);
    child.once('exit', () => {
      if (children.delete(child)) process.stderr.write(`${options.name} is gone: ${endOf(outputFile)}\n`);
    });
    const stop = async () => {
      if (!children.delete(child)) return;
      kill(child);
      await once(child, 'exit');
    };
    const url = await addressOf(child, options, outputFile);
    return {
      name: options.name,
      pid: child.pid ?? 0,
      url,
      forgetOutput: () => truncateSync(outputFile),
      [Symbol.asyncDispose]: stop,
    };
  };
}

/** Only what a measure says is in the environment: a setting of whoever runs it would change the figures. */
function spawnOn(
  cores: Cores | null,
  { command = process.execPath, args, env, on }: ProcessOptions,
  outputFile: string,
) {
  const output = openSync(outputFile, 'a');
  const isPinned = cores !== null && on === 'server';
  const child = spawn(
    isPinned ? 'taskset' : command,
    isPinned ? ['-c', cores.server, command, ...args] : args,
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
      stdio: ['ignore', output, output],
      // A group of its own, so that its children end with it.
      detached: true,
    },
  );
  closeSync(output);
  return child;
}

async function addressOf(
  child: ChildProcess,
  { name, urlOf }: ProcessOptions,
  outputFile: string,
): Promise<string> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (const untilMs = Date.now() + READY_MS; Date.now() < untilMs; await sleep(LOOK_MS)) {
    const url = await urlOf(readFileSync(outputFile, 'utf8'));
    if (url !== null) return url;
    if (failure !== null || child.exitCode !== null) break;
  }
  kill(child);
  throw new Error(`${name} does not start: ${failure ?? endOf(outputFile)}`);
}

function endOf(outputFile: string): string {
  return readFileSync(outputFile, 'utf8').slice(-SHOWN_CHARACTERS);
}

/** At once and without farewell: nothing that a measure starts has anything to lose. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
