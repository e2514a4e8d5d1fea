import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOptions, LoadResult } from './run-load.ts';

type Counted = Pick<LoadResult, 'requests' | 'errors'>;

const HEAD_END = '\r\n\r\n';
const HEAD_MAX_BYTES = 16_384;

/** Where `wrk` is not installed: requests written to bare sockets, answers read by their `Content-Length`. */
export async function askOverSockets(options: LoadOptions): Promise<LoadResult> {
  const counted: Counted = { requests: 0, errors: { status: 0, timeout: 0, socket: 0 } };
  const next = nextRequest(options);
  const startedMs = performance.now();
  const sockets = Array.from({ length: options.connections }, () => converse(options.origin, next, counted));
  await sleep(options.seconds * 1000);
  const result = { ...structuredClone(counted), seconds: (performance.now() - startedMs) / 1000 };
  for (const socket of sockets) socket.destroy();
  return result;
}

function nextRequest({ origin, paths, headers }: LoadOptions): () => string {
  const fields = Object.entries({ host: new URL(origin).host, ...headers });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\n${lines}\r\n`);
  let at = 0;
  return () => requests[at++ % requests.length] ?? '';
}

/** One question after the other on one connection. */
function converse(origin: string, next: () => string, counted: Counted): Socket {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname, () => socket.write(next()));
  let [head, receivedBytes, answerBytes] = ['', 0, 0];
  socket.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (answerBytes === 0) {
      head += chunk.toString('latin1', 0, HEAD_MAX_BYTES);
      answerBytes = answerBytesOf(head);
    }
    if (answerBytes === 0 || receivedBytes < answerBytes) return;
    counted.requests++;
    if (receivedBytes > answerBytes || !head.startsWith('HTTP/1.1 2')) counted.errors.status++;
    [head, receivedBytes, answerBytes] = ['', 0, 0];
    socket.write(next());
  });
  return socket.on('error', () => counted.errors.socket++).on('end', () => counted.errors.socket++);
}

/** Zero while the head is not whole. */
function answerBytesOf(head: string): number {
  const headEnd = head.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  return headEnd + HEAD_END.length + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
}
