import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Config, ConfigError } from './config.ts';

export interface OpenedSources {
  config: { SOURCES_URL: string; SOURCES_TOKEN?: string | undefined };
  /** Where faults are set, when they are the mocked ones that this program opened; else null. */
  controlUrl: string | null;
  close(): Promise<void>;
}

const SANDBOX = fileURLToPath(new URL('./sandbox/main.ts', import.meta.url));

/** Starts the mocked administrations as a process of their own, unless the configuration names real ones. */
export async function openSources(config: Config, environment: NodeJS.ProcessEnv): Promise<OpenedSources> {
  const { SOURCES_URL, SOURCES_TOKEN } = config;
  if (SOURCES_URL) return { config: { SOURCES_URL, SOURCES_TOKEN }, controlUrl: null, close: async () => {} };
  const child = spawn(process.execPath, [SANDBOX], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      SANDBOX_CONTROL_PORT: '0',
      ...environment,
      HOST: '127.0.0.1',
      SANDBOX_PORT: String(config.SANDBOX_PORT),
    },
  });
  const { sandbox, control, token } = await readyLineOf(child);
  return {
    config: { SOURCES_URL: sandbox, SOURCES_TOKEN: token },
    controlUrl: control,
    close: () => stop(child),
  };
}

interface ReadyLine {
  sandbox: string;
  control: string;
  token: string;
}

/** The first line that the mocked administrations print, as JSON, once they listen. */
async function readyLineOf(child: ChildProcess): Promise<ReadyLine> {
  const lines = createInterface({ input: child.stdout as Readable });
  const ended = once(child, 'exit').then(() => {
    throw new ConfigError('Les administrations simulées ne démarrent pas.');
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return JSON.parse(line);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
