import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Test } from 'tap';
import { nodeProgram } from './node-program.ts';
import { exitOf } from './start-gateway.ts';

/** What a test does to the mocked administrations, and what they tell it. */
export interface Controls {
  /** @param source an endpoint, or `*` for all that have no fault of their own */
  setFault(source: string, fault: object): Promise<void>;
  clearFaults(): Promise<void>;
  /** How many calls reached each source. */
  calls(): Promise<Record<string, number>>;
  forgetCalls(): Promise<void>;
}

/** The mocked administrations in a process of their own, for several gateways. */
export interface Administrations extends Controls {
  url: string;
  /** What tells a gateway to ask them. */
  env: { SOURCES_URL: string; SOURCES_TOKEN: string };
  process: ChildProcess;
  stop(): Promise<void>;
}

/** @param controlUrl where the mocked administrations are controlled */
export function controlsAt(controlUrl: string): Controls {
  async function tell(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response;
  }
  return {
    setFault: async (source, fault) => void (await tell('PUT', `/faults/${source}`, fault)),
    clearFaults: async () => void (await tell('DELETE', '/faults')),
    forgetCalls: async () => void (await tell('DELETE', '/calls')),
    async calls() {
      const { endpoints } = (await (await tell('GET', '/calls')).json()) as {
        endpoints: Record<string, number>;
      };
      return endpoints;
    },
  };
}

/** On free ports, quotas off unless the test says otherwise. */
export async function startAdministrations(
  t: Test,
  env: Record<string, string> = {},
  imports: readonly string[] = [],
): Promise<Administrations> {
  const loaded = imports.flatMap((module) => ['--import', module]);
  const ports = { HOST: '127.0.0.1', SANDBOX_PORT: '0', SANDBOX_CONTROL_PORT: '0', SANDBOX_QUOTAS: 'off' };
  const child = spawn(...nodeProgram([...loaded, 'src/sandbox/main.ts']), {
    env: { ...process.env, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await exitOf(child);
  };
  t.teardown(stop);
  const ended = once(child, 'exit').then(() => {
    throw new Error('the mocked administrations do not start');
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout as Readable }), 'line'),
    ended,
  ]);
  ended.catch(() => {});
  const { sandbox, control, token } = JSON.parse(line);
  return {
    ...controlsAt(control),
    url: sandbox,
    env: { SOURCES_URL: sandbox, SOURCES_TOKEN: token },
    process: child,
    stop,
  };
}
