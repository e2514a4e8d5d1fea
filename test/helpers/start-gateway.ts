import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';

export interface GatewayProcess {
  url: string;
  /** Where faults of the mocked administrations are set; empty when `SOURCES_URL` names others. */
  controlUrl: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Asks the process to stop, and waits until it has. */
  stop(): Promise<void>;
}

const READY_MS = 30_000;
/** Run by the process before anything else: it ends when its test is gone, however that went. */
const TIED = "data:text/javascript,process.once('disconnect',()=>process.exit());process.channel.unref()";

/** What `npm start` runs, on free ports, quotas of the mocked administrations off unless the test says otherwise. */
export async function startGateway(t: Test, env: Record<string, string> = {}): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', TIED, 'src/main.ts'], {
    env: { ...process.env, PORT: '0', SANDBOX_PORT: '0', SANDBOX_QUOTAS: 'off', LOG_LEVEL: 'warn', ...env },
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
  await until(
    () => printed.includes('curl '),
    READY_MS,
    () => `the gateway does not start:\n${printed}`,
  );
  return {
    url: /Passerelle +(\S+)/.exec(printed)?.[1] ?? '',
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
