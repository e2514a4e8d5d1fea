import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Test } from 'tap';
import { freePorts } from './redis-server.ts';

export interface PostgresServer {
  url: string;
  /** Ends at once, as a machine that loses its power would: what was told to be on the disk must be there. */
  kill(): Promise<void>;
  /** It accepts connections and never answers. */
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
}

const ANSWERS_MS = 30_000;
const USER = 'postgres';
const FAST = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'shared_buffers=16MB'];

/** A real Postgres of the test's own, empty. Where none is installed the test fails. */
export async function startPostgres(t: Test): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const identity = identityOfServer();
  if (identity) chownSync(folder, identity.uid, identity.gid);
  const bin = binaries();
  const options = { ...identity, cwd: folder };
  const initial = [
    '--pgdata',
    data,
    '--username',
    USER,
    '--auth',
    'trust',
    '--no-sync',
    '--encoding',
    'UTF8',
  ];
  execFileSync(join(bin, 'initdb'), initial, { ...options, stdio: 'ignore' });
  const [port = 0] = await freePorts(1);
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
  writeFileSync(join(data, 'postgresql.auto.conf'), `unix_socket_directories = ''\n`);
  let server: ChildProcess;

  async function start(): Promise<void> {
    const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...FAST];
    server = spawn(join(bin, 'postgres'), args, { ...options, stdio: 'ignore' });
    const ended = once(server, 'exit').then(() => {
      throw new Error('postgres ended as soon as it was started');
    });
    await Promise.race([answers(url), ended]);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGCONT');
    server.kill(signal);
    await once(server, 'exit');
  }

  t.teardown(async () => {
    await end('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url,
    // The children of a server that is killed outright go on for a while: SIGQUIT ends them all, unsaved.
    kill: () => end('SIGQUIT'),
    pause: () => pauseAll(server, 'SIGSTOP'),
    resume: () => pauseAll(server, 'SIGCONT'),
    restart: start,
  };
}

/** Postgres refuses to be run by root: by whom its package made for it, then. */
function identityOfServer(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Where Debian installs the server: newest first. */
function binaries(): string {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').sort((a, b) => versionIn(b) - versionIn(a));
  if (!found[0]) throw new Error('a Postgres server is needed by this test: install postgresql');
  return dirname(found[0]);
}

function versionIn(path: string): number {
  return Number(path.split('/')[4]);
}

/** Each connection is served by a process of its own. */
function pauseAll({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  for (const one of [pid, ...children.split('\n').filter(Boolean).map(Number)]) process.kill(one, signal);
}

async function answers(url: string): Promise<void> {
  const untilMs = Date.now() + ANSWERS_MS;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await sleep(50);
    }
  }
}
