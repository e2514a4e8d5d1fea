import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';

/** Listens with the shortest queue there is, then stops for ever. */
const LISTENER = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    process.stdout.write(String(server.address().port));
    process.kill(process.pid, 'SIGSTOP');
  });`;
const QUEUE = 4;

/** An address where no connection is ever made, and none is refused: the queue of its server is full. */
export async function startUnaccepting(t: Test): Promise<{ url: string }> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => void child.kill('SIGKILL'));
  const [port] = await once(child.stdout, 'data');
  const connecting = Array.from({ length: QUEUE }, () => connect(Number(port), '127.0.0.1'));
  for (const socket of connecting) t.teardown(() => void socket.on('error', () => {}).destroy());
  await sleep(200);
  if (connecting.every((socket) => !socket.connecting)) throw new Error('the queue is not full');
  return { url: `http://127.0.0.1:${Number(port)}` };
}
