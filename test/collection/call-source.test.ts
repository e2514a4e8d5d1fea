import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { Pool } from 'undici';
import { type Call, type CallSourceOptions, createCallSource } from '../../src/collection/call-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { HOURLY } from '../helpers/asker.ts';
import { until } from '../helpers/start-gateway.ts';
import {
  flood,
  hang,
  hangInBody,
  json,
  reset,
  resetInBody,
  type Script,
  startUpstream,
  trickle,
  type Upstream,
} from '../helpers/upstream.ts';

/** For a source that answers or fails by itself, however busy the machine. */
const PATIENT_MS = 10_000;
const TIMEOUT_MS = 150;
/** A machine that does something else is waited for. */
const SLACK_MS = 600;
const tracing = { context: 'Marchés publics', object: 'Été 2026 & suites', recipient: '13002526500013' };

function callOf(more: Partial<Call> = {}): Call {
  return { source: HOURLY, path: '/v3/x', tracing, refresh: false, timeoutMs: PATIENT_MS, ...more };
}

/** Calls over a few connections, as the gateway opens them. */
function callerOn(t: Test, url: string, options: Partial<CallSourceOptions> = {}, connections = 4) {
  const pool = new Pool(url, { connections, headersTimeout: 0, bodyTimeout: 0 });
  t.teardown(() => pool.destroy());
  const call = createCallSource({
    dispatcherOf: () => pool,
    basePath: '/api',
    token: 'jeton',
    now: () => NOON_MS,
    ...options,
  });
  return (more: Partial<Call> = {}) => call(callOf(more));
}

function allClosed(upstream: Upstream): Promise<void> {
  return until(
    async () => (await upstream.open()) === 0,
    2_000,
    () => 'connections stay open',
  );
}

t.test('a call says why it is made and for whom, and carries the token', async (t) => {
  const upstream = await startUpstream(t, json(200, { data: 1 }, { 'ratelimit-limit': '7' }));
  const call = callerOn(t, upstream.url);
  t.match(await call({ path: '/v3/x?limit=10' }), {
    status: 200,
    retryAfterSeconds: null,
    body: '{"data":1}',
    headers: { 'ratelimit-limit': '7' },
  });
  const [{ url, headers }] = upstream.calls as [Upstream['calls'][number]];
  const { pathname, searchParams } = new URL(url, upstream.url);
  t.equal(pathname, '/api/v3/x');
  t.same(Object.fromEntries(searchParams), { limit: '10', ...tracing });
  t.match(headers, { authorization: 'Bearer jeton', accept: /vnd\.api\+json/ });
  t.notOk(headers['cache-control']);
  t.notOk(headers.traceparent);
});

t.test('no token, no authorization; a refresh tells the hub not to answer from what it keeps', async (t) => {
  const upstream = await startUpstream(t, json(200, {}));
  await callerOn(t, upstream.url, { token: null })({ refresh: true });
  t.equal(upstream.calls[0]?.headers.authorization, undefined);
  t.equal(upstream.calls[0]?.headers['cache-control'], 'no-cache');
});

t.test('the trace of the request that is served goes on to the source', async (t) => {
  const upstream = await startUpstream(t, json(200, {}));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await callerOn(t, upstream.url)({ traceparent });
  t.equal(upstream.calls[0]?.headers.traceparent, traceparent);
});

t.test('an answer in many parts is one body, in its letters', async (t) => {
  const upstream = await startUpstream(t, (_request, response) => {
    const bytes = Buffer.from('{"denomination":"Œuvre à Béziers"}');
    response.writeHead(200);
    for (const byte of bytes) response.write(Buffer.from([byte]));
    response.end();
  });
  t.match(await callerOn(t, upstream.url)(), { body: '{"denomination":"Œuvre à Béziers"}' });
});

const MISBEHAVIOURS: [string, Script, string][] = [
  ['never answers', hang, 'delai_depasse'],
  ['hangs in mid-body', hangInBody, 'delai_depasse'],
  ['sends a byte now and then', trickle, 'delai_depasse'],
  ['resets the connection', reset, 'connexion_impossible'],
  ['resets in mid-body', resetInBody, 'connexion_impossible'],
];

for (const [what, script, code] of MISBEHAVIOURS) {
  t.test(`a source that ${what} is a failure within its time, and leaves no connection`, async (t) => {
    const upstream = await startUpstream(t, script);
    const call = callerOn(t, upstream.url);
    const timeoutMs = code === 'delai_depasse' ? TIMEOUT_MS : PATIENT_MS;
    const startedMs = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => call({ timeoutMs })));
    const tookMs = performance.now() - startedMs;
    for (const outcome of outcomes) {
      t.match(outcome, { statut: 'indisponible', erreur: { code }, nouvel_essai_le: '2026-11-23T11:01:00Z' });
    }
    t.ok(tookMs < TIMEOUT_MS + SLACK_MS, `${Math.round(tookMs)} ms`);
    await allClosed(upstream);
  });
}

t.test('a connection that is freed by the end of a time serves the next call', async (t) => {
  let calls = 0;
  const upstream = await startUpstream(t, (request, response) => {
    calls += 1;
    (calls === 1 ? hangInBody : json(200, {}))(request, response);
  });
  const call = callerOn(t, upstream.url, {}, 1);
  const [first, second] = await Promise.all([call({ timeoutMs: TIMEOUT_MS }), call()]);
  t.match(first, { erreur: { code: 'delai_depasse' } });
  t.match(second, { status: 200 }, 'which waited for the only one');
});

t.test('a call whose time ends while it waits for a connection never reaches the source', async (t) => {
  const upstream = await startUpstream(t, hang);
  const call = callerOn(t, upstream.url, {}, 1);
  const outcomes = await Promise.all([
    call({ path: '/first', timeoutMs: 2 * TIMEOUT_MS }),
    call({ path: '/second', timeoutMs: TIMEOUT_MS }),
  ]);
  t.match(outcomes, [{ erreur: { code: 'delai_depasse' } }, { erreur: { code: 'delai_depasse' } }]);
  await allClosed(upstream);
  t.notOk(upstream.calls.some(({ url }) => url.includes('/second')));
});

t.test('a connection that is never made, and the wait for it, end in time', async (t) => {
  const pool = new Pool('http://127.0.0.1:1', { connections: 1, connect: () => {} });
  t.teardown(() => pool.destroy());
  const call = callerOn(t, 'http://127.0.0.1:1', { dispatcherOf: () => pool });
  const startedMs = performance.now();
  const paths = ['/a', '/b'];
  const outcomes = await Promise.all(paths.map((path) => call({ path, timeoutMs: TIMEOUT_MS })));
  t.match(outcomes, [{ erreur: { code: 'delai_depasse' } }, { erreur: { code: 'delai_depasse' } }]);
  t.ok(performance.now() - startedMs < TIMEOUT_MS + SLACK_MS);
});

t.test('a source where nobody listens, or whose connections are closed, is a failure', async (t) => {
  const outcome = await callerOn(t, 'http://127.0.0.1:1')();
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'connexion_impossible' } });
  const pool = new Pool('http://127.0.0.1:1');
  await pool.destroy();
  t.match(await callerOn(t, 'http://127.0.0.1:1', { dispatcherOf: () => pool })(), {
    erreur: { code: 'connexion_impossible' },
  });
});

t.test('an answer is cut off at the bound of its source, and not before', async (t) => {
  const body = 'x'.repeat(10_000);
  const upstream = await startUpstream(t, json(200, body));
  const call = callerOn(t, upstream.url);
  const bounded = (maxBytes: number): Source => ({ ...HOURLY, maxBytes });
  t.match(await call({ source: bounded(10_000) }), { status: 200, body });
  t.match(await call({ source: bounded(9_999) }), {
    statut: 'indisponible',
    erreur: { code: 'reponse_trop_grande' },
  });
});

t.test('a source that floods is cut off, and the flood ends', async (t) => {
  const upstream = await startUpstream(t, flood);
  t.match(await callerOn(t, upstream.url)(), { erreur: { code: 'reponse_trop_grande' } });
  await allClosed(upstream);
});

t.test('a source that repeats the token that it was sent does not give it to anybody', async (t) => {
  const upstream = await startUpstream(t, (request, response) =>
    json(401, { errors: [{ code: '00101', title: request.headers.authorization }] })(request, response),
  );
  const answer = await callerOn(t, upstream.url, { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' })();
  t.match(answer, { status: 401, body: /"title":"Bearer …"/ });
});

t.test('an answer that is compressed is not unfolded, whatever it would unfold to', async (t) => {
  const bomb = Buffer.alloc(50_000_000, ' ');
  const folds: Record<string, Buffer> = {
    gzip: gzipSync(bomb),
    deflate: deflateSync(bomb),
    zstd: zstdCompressSync(bomb),
  };
  for (const [encoding, folded] of Object.entries(folds)) {
    const upstream = await startUpstream(t, (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
        .end(folded);
    });
    const answer = await callerOn(t, upstream.url)();
    t.match(answer, { status: 200, body: String }, encoding);
    t.ok('body' in answer && answer.body.length <= folded.length, `${encoding}: read as it came`);
    t.equal(upstream.calls[0]?.headers['accept-encoding'], undefined, 'nor is it asked for');
  }
});

t.test('answers that arrive together take no more memory than they may, and give it back', async (t) => {
  const half = 'x'.repeat(60_000);
  const waiting: (() => void)[] = [];
  const upstream = await startUpstream(t, (request, response) => {
    if (request.url?.includes('/quick')) return json(200, half)(request, response);
    response.writeHead(200).write(half);
    waiting.push(() => response.end());
  });
  const call = callerOn(t, upstream.url, { maxBytesUnderWay: 100_000 });
  const slow = call({ path: '/slow' });
  await until(() => waiting.length === 1, 2_000);
  await until(async () => {
    const quick = await call({ path: '/quick' });
    return 'erreur' in quick && quick.erreur?.code === 'memoire_occupee';
  }, 2_000);
  for (const end of waiting) end();
  t.match(await slow, { status: 200, body: half }, 'who came first is served');
  for (let i = 0; i < 5; i++) {
    t.match(await call({ path: '/quick' }), { status: 200 }, 'and there is room again');
  }
  const flooded = await startUpstream(t, flood);
  const tight = callerOn(t, flooded.url, { maxBytesUnderWay: 100_000 });
  for (let i = 0; i < 3; i++) t.match(await tight(), { erreur: { code: 'memoire_occupee' } });
  await allClosed(flooded);
});

t.test('a call that is over leaves no timer behind', async (t) => {
  const upstream = await startUpstream(t, json(200, {}));
  const call = callerOn(t, upstream.url);
  await call();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  for (let i = 0; i < 20; i++) await call({ timeoutMs: 60_000 });
  t.ok(timers() < before + 5, `${timers() - before} more timers`);
});

t.test('a page of HTML or a truncated body is handed on as it came, with its status', async (t) => {
  for (const [status, body] of [
    [200, '{"data":{"status":"up_to'],
    [502, '<html>Bad gateway</html>'],
    [204, ''],
  ] as const) {
    const upstream = await startUpstream(t, json(status, body));
    t.match(await callerOn(t, upstream.url)(), { status, retryAfterSeconds: null, body });
  }
});

t.test('a redirection is not followed', async (t) => {
  const upstream = await startUpstream(t, json(302, '', { location: '/ailleurs' }));
  t.match(await callerOn(t, upstream.url)(), { status: 302 });
  t.equal(upstream.calls.length, 1);
});

t.test('Retry-After counts in seconds or names an instant; nonsense says nothing', async (t) => {
  let value = '';
  const upstream = await startUpstream(t, (...exchange) =>
    json(429, {}, value ? { 'retry-after': value } : {})(...exchange),
  );
  const call = callerOn(t, upstream.url);
  for (const [given, seconds] of [
    ['30', 30],
    ['0', 0],
    ['Mon, 23 Nov 2026 11:02:00 GMT', 120],
    ['-5', null],
    ['bientôt', null],
    ['', null],
  ] as const) {
    value = encodeURI(given).replaceAll('%20', ' ');
    t.match(await call(), { status: 429, retryAfterSeconds: seconds }, given);
  }
});
