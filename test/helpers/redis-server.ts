import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Test } from 'tap';
import { until } from './start-gateway.ts';

export interface RedisServer {
  url: string;
  kill(): Promise<void>;
  /** It accepts connections and never answers. */
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}

/** A real Redis of the test's own. Where none is installed the test fails. */
export async function startRedis(t: Test): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess;
  const start = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    server = spawn('redis-server', options, { stdio: 'ignore' });
    const missing = once(server, 'error').then(([error]) => {
      throw new Error(`redis-server is needed by this test: ${error.message}`);
    });
    await Promise.race([
      until(
        () => answers(port),
        10_000,
        () => 'redis-server does not answer',
      ),
      missing,
    ]);
  };
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  await start();
  t.teardown(kill);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    restart: start,
  };
}
