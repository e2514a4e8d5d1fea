import { Agent, request } from 'node:http';
import type { Test } from 'tap';
import type { Answered } from './callers.ts';
import { bearerAt } from './tokens.ts';

/** As long as a caller has patience. */
const PATIENCE_MS = 5_000;

/** A caller with one connection, which stays open; it opens another when that one is lost. */
export interface OneConnection {
  get(path: string): Promise<Answered>;
  /** The port of this machine from which the last question went. */
  port(): number;
}

export function openConnection(t: Test, url: string): OneConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  let port = 0;
  return {
    port: () => port,
    get: (path) =>
      new Promise((resolve) => {
        const startedMs = performance.now();
        const end = (answer: Pick<Answered, 'status' | 'headers' | 'text'>) =>
          resolve({ ...answer, tookMs: performance.now() - startedMs });
        const fail = (error: Error) => end({ status: 0, headers: {}, text: String(error) });
        const headers = bearerAt(`${url}${path}`);
        const asking = request(`${url}${path}`, { agent, timeout: PATIENCE_MS, headers }, (response) => {
          const { statusCode: status = 0, headers: received } = response;
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => end({ status, headers: received, text })).on('error', fail);
        });
        asking.on('socket', (socket) => {
          const note = () => {
            port = socket.localPort ?? 0;
          };
          if (socket.connecting) socket.once('connect', note);
          else note();
        });
        asking.on('timeout', () => asking.destroy(new Error('no answer')));
        asking.on('error', fail).end();
      }),
  };
}
