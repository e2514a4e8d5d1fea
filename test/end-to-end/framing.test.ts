import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { build, collectOf, fact, GOOD, SIRET } from '../helpers/app.ts';
import { until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';

t.setTimeout(120_000);

const CLOSED_WITHIN_MS = 20_000;
/** What a proxy in front would not have let through: it must never be seen as a request. */
const HIDDEN = `GET /v1/dossiers/${SIRET}/cache HTTP/1.1\r\nHost: a\r\n\r\n`;

interface Line {
  route?: string;
  status?: number;
}

/** A listening application; `say` writes bytes on a connection and gives all that comes until it closes. */
async function listening(t: Test, patienceMs?: number) {
  const lines: Line[] = [];
  const collect = collectOf({ insee_etablissement: fact('obtenu', null) });
  const app = await build(t, collect, lines, patienceMs === undefined ? {} : { patienceMs });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const open = () => connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  const say = async (bytes: string) => {
    const socket = open();
    const heard = allOf(socket);
    socket.write(bytes, 'latin1');
    return heard;
  };
  const answered = () => lines.filter(({ status }) => status !== undefined);
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  return {
    open,
    say,
    connections,
    answered,
    bearer: `Authorization: ${bearerAt(url + GOOD).authorization}\r\n`,
  };
}

/** All that comes until the other end closes; fails when it never does. */
function allOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`still open, after ${JSON.stringify(text.slice(0, 300))}`));
    }, CLOSED_WITHIN_MS);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // How it closes does not matter here.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(late);
      resolve(text);
    });
  });
}

function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** What follows the request line and the host: two readers of it could see its end in two places. */
const AMBIGUOUS: Record<string, string> = {
  'a length and chunks': `Content-Length: ${HIDDEN.length + 5}\r\n${CHUNKED}\r\n0\r\n\r\n${HIDDEN}`,
  'chunks and a length': `${CHUNKED}Content-Length: 4\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'two lengths': `Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'two lengths in one line': `Content-Length: 0, ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'a length with a sign': `Content-Length: +0\r\n\r\n${HIDDEN}`,
  'a length in hexadecimal': `Content-Length: 0x0\r\n\r\n${HIDDEN}`,
  'a space before the colon of a length': `Content-Length : ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'a space before the colon of chunks': `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'a folded line': `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'a line that goes on with a tab': `X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'chunks that are not the last coding': `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'an unknown coding': `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'chunks said after a vertical tab': `Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'two codings': `${CHUNKED}Transfer-Encoding: identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'a carriage return alone': `X: a\rContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'line feeds alone': `X: a\nContent-Length: ${HIDDEN.length}\n\n${HIDDEN}`,
  'a NUL in a header': `X: a\0b\r\n\r\n${HIDDEN}`,
  'a size of chunk that overflows': `${CHUNKED}\r\n10000000000000000\r\n${HIDDEN}`,
  'a size of chunk with a sign': `${CHUNKED}\r\n-1\r\n${HIDDEN}`,
  'a size of chunk that ends with a line feed': `${CHUNKED}\r\n0\n\n${HIDDEN}`,
  'a chunk that is longer than it says': `${CHUNKED}\r\n1\r\nab\r\n0\r\n\r\n${HIDDEN}`,
  'an extension of chunk with a line feed': `${CHUNKED}\r\n2;a\nxx\r\n0\r\n\r\n${HIDDEN}`,
};

t.test('whose end is not certain is refused, and what is behind it is never a request', async (t) => {
  const { say, answered, bearer } = await listening(t);
  const start = `POST /v1/entreprises/${SIRET.slice(0, 9)}/consultations/x/contestations HTTP/1.1\r\nHost: a\r\n`;
  for (const [what, rest] of Object.entries(AMBIGUOUS)) {
    const before = answered().length;
    const text = await say(`${start}${bearer}${rest}`);
    t.strictSame(
      statusesIn(text).filter((status) => status < 400 || status >= 500),
      [],
      `${what}: refused`,
    );
    t.equal(statusesIn(text).at(-1), 400, `${what}: as no HTTP`);
    t.match(text, 'Connection: close', `${what}: and nothing more is read`);
    const routes = answered()
      .slice(before)
      .filter(({ route }) => route !== '/v1/entreprises/:siren/consultations/:id/contestations');
    t.strictSame(routes, [], `${what}: nothing hidden was read`);
  }
});

t.test('a request is one even when another is written behind it in due form', async (t) => {
  const { say, answered, bearer } = await listening(t);
  const text = await say(
    `GET ${GOOD} HTTP/1.1\r\nHost: a\r\n${bearer}\r\nGET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  t.strictSame(statusesIn(text), [200, 200]);
  t.equal(answered().length, 2);
});

t.test('headers beyond sixteen kibibytes, and bodies beyond what a route reads, are refused', async (t) => {
  const { say, answered, bearer } = await listening(t);
  const heads = [
    `GET /livez HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`,
    `GET /livez HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(4_000)}\r\n`,
    `GET /livez?${'a'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ];
  for (const head of heads) t.strictSame(statusesIn(await say(head)), [431]);
  t.equal(answered().length, 0);
  const post = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\n${bearer}Connection: close\r\nContent-Type: ${type}\r\n`;
  const form = post('/oauth/token', 'application/x-www-form-urlencoded');
  t.strictSame(statusesIn(await say(`${form}Content-Length: 16385\r\n\r\n`)), [413], 'before any of it came');
  const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
  t.strictSame(statusesIn(await say(`${form}${CHUNKED}\r\n${chunk}${chunk}0\r\n\r\n`)), [413], 'in chunks');
});

const PATIENCE_MS = 600;

t.test('whoever sends a request drop by drop is refused in time, head or body', async (t) => {
  const { open, answered } = await listening(t, PATIENCE_MS);
  const form = 'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  const drops: Record<string, [string, string]> = {
    'a head': ['GET /livez HTTP/1.1\r\n', 'a: b\r\n'],
    'a first line': ['GET /', 'a'],
    'a body': [`${form}Content-Length: 10000\r\n\r\n`, 'a'],
    'a body in chunks': [`${form}${CHUNKED}\r\n`, '1\r\na\r\n'],
    nothing: ['', ''],
  };
  const slow = Object.entries(drops).map(async ([what, [start, drop]]) => {
    const socket = open();
    const heard = allOf(socket);
    socket.write(start);
    const dripping = setInterval(() => socket.writable && drop && socket.write(drop), PATIENCE_MS / 6);
    const text = await heard;
    clearInterval(dripping);
    t.ok([408, undefined].includes(statusesIn(text)[0]), `${what}: closed`);
  });
  // Those who are quick are served meanwhile.
  const quick = open();
  const heard = allOf(quick);
  quick.write('GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  t.strictSame(statusesIn(await heard), [200]);
  await Promise.all(slow);
  t.equal(answered().filter(({ status = 0 }) => status < 400).length, 1);
});

t.test('a caller that no longer reads is let go', async (t) => {
  const { open, connections } = await listening(t, PATIENCE_MS);
  const socket = open().on('error', () => {});
  t.teardown(() => socket.destroy());
  socket.pause();
  // More answers than the buffers of both ends hold.
  socket.write('GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(60));
  await until(async () => (await connections()) === 1, CLOSED_WITHIN_MS);
  await until(
    async () => (await connections()) === 0,
    CLOSED_WITHIN_MS,
    () => 'never let go',
  );
  t.equal(await connections(), 0);
});
