import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import type { Test } from 'tap';
import type { Certificate } from './certificate.ts';

export interface RedisServer {
  url: string;
  kill(): Promise<void>;
  /** It accepts connections and never answers. */
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
}

export interface RedisServerOptions {
  /** One that is free, unless it matters. */
  port?: number;
  password?: string;
  tls?: Certificate;
  /** What redis-server is started with besides. */
  args?: readonly string[];
}

const ANSWERS_MS = 10_000;

/** Free at the same time, so all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** A client of the test's own, that waits for its server as long as it takes. */
export function clientOf(t: Test, url: string, { tls }: RedisServerOptions = {}): Redis {
  const redis = new Redis(url, {
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
    ...(tls && { tls: { ca: readFileSync(tls.authority) } }),
  });
  redis.on('error', () => {});
  t.teardown(() => redis.disconnect());
  return redis;
}

/** A real Redis of the test's own. Where none is installed the test fails. */
export async function startRedis(t: Test, options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePorts(1))[0] ?? 0;
  const url = urlOf(port, options);
  let server: ChildProcess;
  const start = async () => {
    server = spawn('redis-server', argumentsFor(port, options), { stdio: 'ignore' });
    const missing = once(server, 'error').then(([error]) => {
      throw new Error(`redis-server is needed by this test: ${error.message}`);
    });
    const ended = once(server, 'exit').then(() => {
      throw new Error('redis-server ended as soon as it was started: is its port taken?');
    });
    await Promise.race([answer(t, url, options, server), missing, ended]);
  };
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  t.teardown(() => kill());
  await start();
  return {
    url,
    kill,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    restart: start,
  };
}

function urlOf(port: number, { password, tls }: RedisServerOptions): string {
  return `redis${tls ? 's' : ''}://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`;
}

function argumentsFor(port: number, { password, tls, args = [] }: RedisServerOptions): string[] {
  const where = tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  return [
    ...[...where, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ...(password ? ['--requirepass', password, '--masterauth', password] : []),
    ...(tls ? ['--tls-cert-file', tls.certificate, '--tls-key-file', tls.key] : []),
    ...(tls ? ['--tls-ca-cert-file', tls.authority, '--tls-auth-clients', 'no'] : []),
    ...args,
  ];
}

async function answer(
  t: Test,
  url: string,
  options: RedisServerOptions,
  { pid }: ChildProcess,
): Promise<void> {
  const redis = clientOf(t, url, options);
  const late = setTimeout(() => redis.disconnect(), ANSWERS_MS);
  const info = await redis.info('server').catch(() => '');
  clearTimeout(late);
  redis.disconnect();
  if (!info.includes(`process_id:${pid}\r`)) throw new Error('redis-server does not answer');
}
