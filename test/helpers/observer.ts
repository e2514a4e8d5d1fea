import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** One call, as it passed by. */
export interface Seen {
  /** Without its query. */
  path: string;
  /** Null when nothing came back, or nobody was there any more to hear it. */
  status: number | null;
  /** When the call arrived, epoch milliseconds. */
  atMs: number;
}

/** Stands between gateways and the administrations, and sees what each call is answered. */
export interface Observer {
  url: string;
  seen: Seen[];
  /** How many calls were answered so. */
  count(status: number): number;
  /** Those calls, in words. */
  inWords(status: number): string;
}

/** @param now for administrations whose clock is moved: node:http dates answers by the machine's own all the same */
export async function startObserver(t: Test, targetUrl: string, now?: () => number): Promise<Observer> {
  const { hostname, port } = new URL(targetUrl);
  const agent = new Agent({ keepAlive: true });
  const seen: Seen[] = [];

  function pass(asked: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = asked;
    const one: Seen = { path: url.split('?')[0] ?? '', status: null, atMs: Date.now() };
    seen.push(one);
    const passed = request({ agent, hostname, port, method, path: url, headers }, (answer) => {
      one.status = answer.statusCode ?? null;
      const date = now && { date: new Date(now()).toUTCString() };
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...date });
      answer.on('error', () => response.destroy()).pipe(response);
    });
    passed.on('error', () => response.destroy()).end();
    response.on('error', () => {}).once('close', () => passed.destroy());
  }

  const server = createServer(pass).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
    agent.destroy();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    count: (status) => seen.filter((one) => one.status === status).length,
    inWords: (status) =>
      seen
        .filter((one) => one.status === status)
        .map(({ path, atMs }) => `${new Date(atMs).toISOString().slice(11, 23)} ${path}`)
        .join(', '),
  };
}
