import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** What a test says of one call: an answer, or a misbehaviour written on the response itself. */
export type Script = (request: IncomingMessage, response: ServerResponse) => void;

export interface Upstream {
  url: string;
  calls: { url: string; headers: IncomingMessage['headers'] }[];
  /** Connections that are open now. */
  open(): Promise<number>;
}

/** As a hub whose quotas are out of the way of what is tested, unless `headers` say otherwise. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => {
    const type = { 'content-type': 'application/vnd.api+json' };
    response.writeHead(status, { ...type, ...plentyLeft(), ...headers }).end(text);
  };
}

function plentyLeft(): Record<string, string> {
  const endOfMinuteSeconds = (Math.floor(Date.now() / 60_000) + 1) * 60;
  return {
    'ratelimit-limit': '1000000',
    'ratelimit-remaining': '999999',
    'ratelimit-reset': String(endOfMinuteSeconds),
  };
}

export const hang: Script = () => {};

export const hangInBody: Script = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":');
};

export const reset: Script = (request) => {
  request.socket.destroy();
};

export const resetInBody: Script = (request, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"data":');
  setImmediate(() => request.socket.destroy());
};

/** One byte now and then, for ever: each arrives in time, the whole never does. */
export const trickle: Script = (_request, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

/** As fast as it is read, without end. */
export const flood: Script = (_request, response) => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200).on('drain', pour);
  pour();
};

/** A source of the test's own, over real HTTP, that does what `script` says at each call. */
export async function startUpstream(t: Test, script: Script): Promise<Upstream> {
  const calls: Upstream['calls'] = [];
  const server = createServer((request, response) => {
    calls.push({ url: request.url ?? '', headers: request.headers });
    response.on('error', () => {});
    script(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    open: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  };
}
