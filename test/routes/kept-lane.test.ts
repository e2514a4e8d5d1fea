import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { decodeJwt } from 'jose';
import t, { type Test } from 'tap';
import { alone } from '../../src/fleet/fleet.ts';
import { createShelves, type Shelves } from '../../src/keeping/shelves.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { accessOf, build, collectOf, fact, GOOD } from '../helpers/app.ts';
import { bearerAt } from '../helpers/tokens.ts';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A listening application, with what it logged; how many dossiers it collected. */
async function listening(t: Test) {
  const lines: { route?: string; status?: number; requestId?: string }[] = [];
  let collected = 0;
  const collect = collectOf({ msa_conformite_cotisations: fact('obtenu', { situation: 'a_jour' }) });
  const app = await build(
    t,
    (collecting) => {
      collected++;
      return collect(collecting);
    },
    lines,
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, lines, collectedSoFar: () => collected };
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...bearerAt(url), ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    asked.on('error', reject).end();
  });
}

/** What varies by call, left out. */
function alike({ status, headers, body }: Answer) {
  const { date, 'x-request-id': id, traceparent, 'server-timing': timing, ratelimit, ...rest } = headers;
  return {
    status,
    body,
    headers: rest,
    given: [date, id, traceparent, timing, ratelimit].map((one) => typeof one),
  };
}

t.test('what is asked again in the same words is answered as the route does, to the byte', async (t) => {
  const { url, lines, collectedSoFar } = await listening(t);
  await ask(url + GOOD);
  const whole = await ask(`${url}${GOOD}&context=autre`);
  await ask(`${url}${GOOD}&context=autre`);
  const again = await ask(url + GOOD);
  t.equal(collectedSoFar(), 1, 'the context changes nothing of the dossier');
  t.strictSame(alike(again), alike(whole));
  t.match(again.headers, {
    'cache-status': /insee_etablissement; hit; ttl=\d+/,
    'server-timing': /^conserve;dur=/,
  });
  const last = lines.filter(({ route }) => route).at(-1);
  t.match(last, { route: '/v1/dossiers/:siret', status: 200, requestId: again.headers['x-request-id'] });
});

t.test('a dossier that was read for something else is kept as well', async (t) => {
  const { url, collectedSoFar } = await listening(t);
  t.equal((await ask(url + GOOD.replace('?', '/espd?'))).status, 200);
  const { headers } = await ask(url + GOOD);
  t.match(headers, { 'server-timing': /^conserve;dur=/ });
  t.equal(collectedSoFar(), 1);
});

t.test('so are what has not changed, and the compressed form', async (t) => {
  const { url } = await listening(t);
  const first = await ask(url + GOOD, { 'accept-encoding': 'gzip' });
  const again = await ask(url + GOOD, { 'accept-encoding': 'gzip' });
  t.equal(again.headers['content-encoding'], 'gzip');
  t.equal(again.body, first.body);
  const etag = String(again.headers.etag);
  for (let i = 0; i < 2; i++) {
    const unchanged = await ask(url + GOOD, { 'accept-encoding': 'gzip', 'if-none-match': etag });
    t.equal(unchanged.status, 304);
    t.equal(unchanged.body, '');
    t.equal(unchanged.headers.etag, etag);
  }
});

t.test('the caller’s request id and trace are kept', async (t) => {
  const { url } = await listening(t);
  await ask(url + GOOD);
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const { headers } = await ask(url + GOOD, {
    'x-request-id': 'mon-identifiant',
    traceparent: `00-${trace}-b7ad6b7169203331-00`,
  });
  t.equal(headers['x-request-id'], 'mon-identifiant');
  t.match(headers.traceparent, new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`));
});

t.test('whatever is unusual goes the whole way, and is answered as ever', async (t) => {
  const { url, collectedSoFar } = await listening(t);
  await ask(url + GOOD);
  t.equal((await ask(url + GOOD, { 'cache-control': 'no-cache' })).status, 200);
  t.equal(collectedSoFar(), 2, 'something newer was asked for');
  t.equal((await ask(url + GOOD, { accept: 'text/plain' })).status, 406);
  t.match((await ask(url + GOOD, { accept: 'text/event-stream' })).headers['content-type'], /event-stream/);
  const head = await ask(url + GOOD, {}, 'HEAD');
  t.equal(head.status, 200);
  t.equal(head.body, '');
  t.equal((await ask(url + GOOD, {}, 'POST')).status, 404);
  t.equal((await ask(`${url}/v1/dossiers/123?usage=socle`)).status, 422);
});

t.test('an address with a parameter that is not known has no lane, however often it is asked', async (t) => {
  const { url, collectedSoFar } = await listening(t);
  await ask(url + GOOD);
  for (let i = 0; i < 3; i++) t.equal((await ask(`${url}${GOOD}&natrue=travaux_batiment`)).status, 422);
  const known = await ask(url + GOOD);
  t.match(known.headers, { 'server-timing': /^conserve;dur=/ });
  t.equal(collectedSoFar(), 1);
});

t.test('a request without Host is refused, even one that was answered before', async (t) => {
  const { url } = await listening(t);
  await ask(url + GOOD);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET ${GOOD} HTTP/1.1\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  t.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 400 /);
});

t.test('a request that tells the type of a body that it does not have is answered', async (t) => {
  const { url } = await listening(t);
  const { authorization } = bearerAt(url);
  for (const line of ['POST /v1/candidatures', 'PATCH /v1/dossiers/', `GET ${GOOD}`]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`);
    socket.write(`Authorization: ${authorization}\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    t.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 (200|404|422) /, line);
  }
});

t.test(
  'requests in a row on one connection are answered in their order, and what is not HTTP last',
  async (t) => {
    const { url } = await listening(t);
    await ask(url + GOOD);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const fresh = GOOD.replace('usage=marche_public', 'usage=aide_publique');
    const line = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearerAt(url + path).authorization}\r\n\r\n`;
    socket.write(`${line(fresh)}${line(GOOD)}${line('/livez')}${line(GOOD)}ceci n’est pas du HTTP\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const text = Buffer.concat(chunks).toString();
    const marks = [...text.matchAll(/"usage":"(\w+)"|"statut":"(ok)"|HTTP\/1\.1 (400)/g)];
    t.strictSame(
      marks.map(([, usage, state, refused]) => usage ?? state ?? refused),
      ['aide_publique', 'marche_public', 'ok', 'marche_public', '400'],
    );
  },
);

/**
 * An application that reads what it keeps as from a store: not at once.
 *
 * @param readAs what its reading comes to
 */
async function overAStore(t: Test, readAs: (kept: ReturnType<Shelves['readRendition']>) => Promise<unknown>) {
  const now = () => NOON_MS;
  const { access, tokens } = await accessOf(t, now);
  const shelves = createShelves({ maxBytes: 1_000_000, store: null, fleet: alone, now });
  const readRendition = (...asked: Parameters<Shelves['readRendition']>) =>
    readAs(shelves.readRendition(...asked)) as ReturnType<Shelves['readRendition']>;
  const collect = collectOf({ msa_conformite_cotisations: fact('obtenu', { situation: 'a_jour' }) });
  const app = await build(t, collect, [], { access, now, shelves: { ...shelves, readRendition } });
  let routed = 0;
  app.addHook('onRequest', async () => void routed++);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${tokens.marche_public}` };
  const { titre } = decodeJwt(tokens.marche_public ?? '');
  return {
    ask: () => ask(url + GOOD, headers),
    routedSoFar: () => routed,
    // As the register holds it: what revokes it there is tried elsewhere.
    revoke: () => Object.assign(access.register.credential(String(titre)) ?? {}, { revokedAtMs: NOON_MS }),
  };
}

t.test('what is kept elsewhere is waited for, past the route', async (t) => {
  const { ask, routedSoFar } = await overAStore(t, async (kept) => kept);
  const first = await ask();
  t.match(first.headers, { 'server-timing': /^collecte;dur=/ });
  const again = await ask();
  t.match(again.headers, { 'server-timing': /^conserve;dur=/ });
  t.equal(again.body, first.body);
  t.equal(routedSoFar(), 1);
});

t.test('what is not found there is asked of the sources', async (t) => {
  let isLost = false;
  const { ask, routedSoFar } = await overAStore(t, async (kept) => (isLost ? null : kept));
  await ask();
  isLost = true;
  const again = await ask();
  t.equal(again.status, 200);
  t.match(again.headers, { 'server-timing': /^collecte;dur=/ });
  t.equal(routedSoFar(), 2);
});

t.test('it does not leave when the token was revoked meanwhile', async (t) => {
  let meanwhile = () => {};
  const { ask, revoke } = await overAStore(t, async (kept) => {
    meanwhile();
    return kept;
  });
  await ask();
  meanwhile = revoke;
  const refused = await ask();
  t.equal(refused.status, 401);
  t.notMatch(refused.body, 'insee_etablissement');
});
