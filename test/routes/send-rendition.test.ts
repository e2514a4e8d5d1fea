import { once } from 'node:events';
import { get, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import type { Collect } from '../../src/collection/collect.ts';
import { build, collectOf, fact, GOOD } from '../helpers/app.ts';
import { bearerAt } from '../helpers/tokens.ts';

const KNOWN = collectOf({ urssaf_attestation_vigilance: fact('obtenu', { situation: 'delivree' }) });
const ANEW = { 'cache-control': 'no-cache' };

/** The same request on both ways to an answer: collected for it, and kept. */
const WAYS: [string, Record<string, string>][] = [
  ['collected', ANEW],
  ['kept', {}],
];

async function setUp(t: Test): Promise<FastifyInstance> {
  const app = await build(t, KNOWN);
  await app.inject(GOOD);
  return app;
}

for (const [way, given] of WAYS) {
  t.test(`${way}: who has the dossier already is told so, in every way to say it`, async (t) => {
    const app = await setUp(t);
    const ask = (headers: Record<string, string>) =>
      app.inject({ url: GOOD, headers: { ...given, ...headers } });
    const { body, headers } = await ask({});
    const etag = String(headers.etag);
    t.match(etag, /^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", W/${etag}`, `"other",${etag}`, '*']) {
      const again = await ask({ 'if-none-match': known });
      t.equal(again.statusCode, 304, known);
      t.equal(again.body, '');
      t.match(again.headers, { etag, vary: headers.vary, 'cache-control': headers['cache-control'] });
      t.equal(again.headers['content-length'], undefined);
    }
    for (const other of ['"other"', etag.slice(1, -1), 'W/*', '']) {
      const again = await ask({ 'if-none-match': other });
      t.equal(again.statusCode, 200, other);
      t.equal(again.body, body);
    }
  });

  t.test(`${way}: compressed, it is the same dossier under a weak ETag`, async (t) => {
    const app = await setUp(t);
    const ask = (headers: Record<string, string>) =>
      app.inject({ url: GOOD, headers: { ...given, ...headers } });
    const plain = await ask({});
    const gzip = await ask({ 'accept-encoding': 'gzip, br' });
    t.match(gzip.headers, { 'content-encoding': 'gzip', etag: `W/${plain.headers.etag}` });
    t.match(gzip.headers.vary, /accept-encoding/);
    t.equal(gunzipSync(gzip.rawPayload).toString(), plain.body);
    t.equal(Number(gzip.headers['content-length']), gzip.rawPayload.length);
    t.ok(gzip.rawPayload.length < plain.rawPayload.length / 2);
    const again = await ask({ 'accept-encoding': 'gzip', 'if-none-match': String(gzip.headers.etag) });
    t.equal(again.statusCode, 304);
    t.equal(again.headers['content-encoding'], undefined);
  });

  t.test(`${way}: it is compressed for nobody who does not want it`, async (t) => {
    const app = await setUp(t);
    const ask = (headers: Record<string, string>) =>
      app.inject({ url: GOOD, headers: { ...given, ...headers } });
    const plain = await ask({});
    for (const encoding of ['gzip;q=0', 'identity', 'br', '*;q=0', '', 'gzip;q=0.1, identity;q=0.9']) {
      const answer = await ask({ 'accept-encoding': encoding });
      t.equal(answer.headers['content-encoding'], undefined, encoding);
      t.equal(answer.body, plain.body);
      t.match(answer.headers, { etag: plain.headers.etag, vary: plain.headers.vary });
    }
  });

  t.test(`${way}: HEAD gives the head of GET and no body`, async (t) => {
    const app = await setUp(t);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const call = async (method: string) => {
      const headers = { ...bearerAt(`http://127.0.0.1:${port}${GOOD}`), ...given };
      const calling = request({ port, host: '127.0.0.1', path: GOOD, method, headers }).end();
      const [response] = await once(calling, 'response');
      return { response, body: await buffer(response) };
    };
    const [head, whole] = [await call('HEAD'), await call('GET')];
    t.equal(head.response.statusCode, 200);
    t.equal(head.body.length, 0);
    for (const name of ['content-type', 'content-length', 'etag', 'vary', 'cache-control']) {
      t.equal(head.response.headers[name], whole.response.headers[name], name);
    }
    t.equal(Number(head.response.headers['content-length']), whole.body.length);
  });

  t.test(`${way}: it carries what every answer carries`, async (t) => {
    const app = await setUp(t);
    const { headers } = await app.inject({
      url: GOOD,
      headers: { ...given, 'x-request-id': 'buyer-000042' },
    });
    const other = (await app.inject('/livez')).headers;
    const perCall = ['date', 'x-request-id', 'traceparent', 'content-length', 'connection', 'keep-alive'];
    for (const [name, value] of Object.entries(other)) {
      if (perCall.includes(name)) t.ok(headers[name], name);
      else t.equal(headers[name], value, name);
    }
    t.equal(headers['x-request-id'], 'buyer-000042');
    t.equal(headers['cache-control'], 'private, no-cache');
    t.equal(headers['content-type'], 'application/json; charset=utf-8');
  });

  t.test(`${way}: it is in the trace of the caller, and measured by its route`, async (t) => {
    const app = await setUp(t);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers } = await app.inject({ url: GOOD, headers: { ...given, traceparent } });
    t.match(headers.traceparent, /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    t.match(headers['server-timing'], way === 'kept' ? /^conserve;dur=/ : /^collecte;dur=/);
    const { body } = await app.inject('/metrics');
    t.match(body, 'dlnuf_request_duration_seconds_count{route="/v1/dossiers/:siret",status="200"} 2');
  });
}

t.test('the trace of the answer is the one that is passed on to the sources', async (t) => {
  const passedOn: (string | undefined)[] = [];
  const collect: Collect = (collecting) => {
    passedOn.push(collecting.traceparent);
    return KNOWN(collecting);
  };
  const app = await build(t, collect);
  const [one, other] = [
    await app.inject({ url: GOOD, headers: ANEW }),
    await app.inject({ url: GOOD, headers: ANEW }),
  ];
  t.same(passedOn, [one.headers.traceparent, other.headers.traceparent]);
  t.not(passedOn[0], passedOn[1]);
});

t.test('while the application closes, each answer is the last of its connection', async (t) => {
  const gate = Promise.withResolvers<void>();
  const collecting = Promise.withResolvers<void>();
  const app = await build(t, async (question) => {
    collecting.resolve();
    await gate.promise;
    return KNOWN(question);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const calling = get({
    port,
    host: '127.0.0.1',
    path: GOOD,
    headers: { connection: 'keep-alive', ...bearerAt(`http://127.0.0.1:${port}${GOOD}`) },
  });
  await collecting.promise;
  const closing = app.close();
  await new Promise(setImmediate);
  gate.resolve();
  const [response] = await once(calling, 'response');
  t.equal(response.statusCode, 200);
  t.equal(response.headers.connection, 'close');
  response.resume();
  await closing;
});
