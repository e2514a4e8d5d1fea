import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Test } from 'tap';
import type { Answered } from './callers.ts';
import { bearerAt } from './tokens.ts';

/** Callers who are all connected already, so that what they ask arrives at once. */
export interface Crowd {
  /** One question each, at the same time; the answers come in their order. */
  askAll(paths: readonly string[], headers: string): Promise<Answered[]>;
}

const AT_ONCE = 200;

/** So many connections to the gateway at `url`, that close with the test. As lean as can be: thousands are opened. */
export async function openCrowd(t: Test, url: string, count: number): Promise<Crowd> {
  const { hostname, port, host } = new URL(url);
  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () =>
      connect(Number(port), hostname),
    );
    await Promise.all(some.map((socket) => once(socket, 'connect')));
    sockets.push(...some);
  }

  function ask(socket: Socket, request: string): Promise<Answered> {
    const startedMs = performance.now();
    const chunks: Buffer[] = [];
    let missing = Number.POSITIVE_INFINITY;
    return new Promise((resolve) => {
      const end = () =>
        resolve({ ...answerIn(Buffer.concat(chunks)), tookMs: performance.now() - startedMs });
      socket.on('error', end).on('close', end);
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (missing === Number.POSITIVE_INFINITY) missing = lengthIn(Buffer.concat(chunks));
        else missing -= chunk.length;
        if (missing <= 0) end();
      });
      socket.write(request);
    });
  }

  return {
    askAll: (paths, headers) =>
      Promise.all(
        paths.map((path, i) =>
          ask(
            sockets[i] as Socket,
            `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${bearerAt(url + path).authorization}\r\n${headers}\r\n\r\n`,
          ),
        ),
      ),
  };
}

/** How many bytes are still to come; infinitely many as long as the head is not there. */
function lengthIn(received: Buffer): number {
  const head = headIn(received);
  if (!head) return Number.POSITIVE_INFINITY;
  return head.end + Number(head.headers['content-length']) - received.length;
}

function headIn(received: Buffer) {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), end: end + 4 };
}

function answerIn(received: Buffer): Omit<Answered, 'tookMs'> {
  const head = headIn(received);
  if (!head) return { status: 0, headers: {}, text: 'no answer' };
  return { status: head.status, headers: head.headers, text: received.toString('utf8', head.end) };
}
