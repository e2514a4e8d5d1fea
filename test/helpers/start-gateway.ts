import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { emptyFolder } from './databases.ts';
import { nodeProgram } from './node-program.ts';
import { grantTokens, knowTokens, type Tokens } from './tokens.ts';

export interface GatewayProcess {
  url: string;
  /** Where faults of the mocked administrations are set; empty when `SOURCES_URL` names others. */
  controlUrl: string;
  process: ChildProcess;
  /** By usage; see helpers/tokens.ts. */
  tokens: Tokens;
  dataDir: string;
  /** Everything it printed so far. */
  output(): string;
  /** Asks the process to stop, and waits until it has. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  /** Modules that the process, and each of its workers, loads before anything else. */
  imports?: readonly string[];
  /** False when nobody is to be let in but by the demonstration, if there is one. */
  isGranted?: boolean;
}

const READY_MS = 60_000;
/** Run by the process before anything else: it ends when its test is gone, however that went. Its workers end with it. */
const TIED = `data:text/javascript,${encodeURIComponent(
  `import cluster from 'node:cluster';
  if (!cluster.isWorker) {
    process.once('disconnect', () => process.exit());
    process.channel.unref();
  }`,
)}`;
/** What `npm start` runs, on free ports, quotas of the mocked administrations off unless the test says otherwise. */
export async function startGateway(
  t: Test,
  env: Record<string, string> = {},
  { imports = [], isGranted = true }: GatewayOptions = {},
): Promise<GatewayProcess> {
  const loaded = [TIED, ...imports].flatMap((module) => ['--import', module]);
  const ports = { PORT: '0', SANDBOX_PORT: '0', SANDBOX_QUOTAS: 'off', LOG_LEVEL: 'warn' };
  const place = { DATA_DIR: emptyFolder(t), ...env };
  const tokens = isGranted ? await grantTokens(place) : {};
  const child = spawn(...nodeProgram([...loaded, 'src/main.ts'], env.NODE_OPTIONS), {
    env: { ...process.env, ...ports, ...place },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  }
  child.once('exit', (code, signal) => {
    if (!child.killed) t.comment(`the gateway is gone (${signal ?? code}):\n${printed}`);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await exitOf(child);
  };
  t.teardown(stop);
  const complaint = () => `the gateway does not start:\n${printed}`;
  await until(() => printed.includes('curl ') || child.exitCode !== null, READY_MS, complaint);
  if (child.exitCode !== null) throw new Error(complaint());
  const url = /Passerelle +(\S+)/.exec(printed)?.[1] ?? '';
  knowTokens(url, tokens);
  return {
    url,
    tokens,
    dataDir: place.DATA_DIR,
    controlUrl: /pannes à régler sur (\S+)\/faults/.exec(printed)?.[1] ?? '',
    process: child,
    output: () => printed,
    stop,
  };
}

/** The exit code, null when a signal ended the process. */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Waits until something holds, looking often, for so many milliseconds at the most. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  complaint: () => string = () => 'it never came to hold',
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(complaint());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
