import t, { type Test } from 'tap';
import { Pool } from 'undici';
import { createCallSource } from '../../src/collection/call-source.ts';
import { msaConformiteCotisations } from '../../src/sources/msa-conformite-cotisations.ts';
import { NOON_MS } from '../helpers/answer.ts';
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
const MAX_BYTES = 1024 * 1024;
const tracing = { context: 'Marchés publics', object: 'Été 2026 & suites', recipient: '13002526500013' };

function caller(t: Test, upstream: Upstream, token: string | null = 'jeton', timeoutMs = PATIENT_MS) {
  const pool = new Pool(upstream.url, {
    connections: 4,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_BYTES,
  });
  t.teardown(() => pool.destroy());
  const call = createCallSource({ poolOf: () => pool, basePath: '/api', token, now: () => NOON_MS });
  return (path = '/v3/x', refresh = false) =>
    call({ source: { ...msaConformiteCotisations, timeoutMs }, path, tracing, refresh });
}

t.test('a call says why it is made and for whom, and carries the token', async (t) => {
  const upstream = await startUpstream(t, json(200, { data: 1 }));
  t.same(await caller(t, upstream)('/v3/x?limit=10'), {
    status: 200,
    retryAfterSeconds: null,
    body: '{"data":1}',
  });
  const [{ url, headers }] = upstream.calls as [Upstream['calls'][number]];
  const { pathname, searchParams } = new URL(url, upstream.url);
  t.equal(pathname, '/api/v3/x');
  t.same(Object.fromEntries(searchParams), { limit: '10', ...tracing });
  t.match(headers, { authorization: 'Bearer jeton', accept: /vnd\.api\+json/ });
  t.notOk(headers['cache-control']);
});

t.test('no token, no authorization; a refresh tells the hub not to answer from what it keeps', async (t) => {
  const upstream = await startUpstream(t, json(200, {}));
  await caller(t, upstream, null)('/v3/x', true);
  t.equal(upstream.calls[0]?.headers.authorization, undefined);
  t.equal(upstream.calls[0]?.headers['cache-control'], 'no-cache');
});

const MISBEHAVIOURS: [string, Script, string][] = [
  ['never answers', hang, 'delai_depasse'],
  ['hangs in mid-body', hangInBody, 'delai_depasse'],
  ['sends a byte now and then', trickle, 'delai_depasse'],
  ['resets the connection', reset, 'connexion_impossible'],
  ['resets in mid-body', resetInBody, 'connexion_impossible'],
];

for (const [what, script, code] of MISBEHAVIOURS) {
  t.test(`a source that ${what} is a failure within its own time, and leaves no connection`, async (t) => {
    const upstream = await startUpstream(t, script);
    const call = caller(t, upstream, null, code === 'delai_depasse' ? TIMEOUT_MS : PATIENT_MS);
    const startedMs = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => call()));
    const tookMs = performance.now() - startedMs;
    for (const outcome of outcomes) {
      t.match(outcome, { statut: 'indisponible', erreur: { code }, nouvel_essai_le: '2026-11-23T11:01:00Z' });
    }
    t.ok(tookMs < TIMEOUT_MS * 2 + 500, `${Math.round(tookMs)} ms`);
    await until(
      async () => (await upstream.open()) === 0,
      2_000,
      () => 'connections stay open',
    );
  });
}

t.test('a source that floods is cut off at the bound', async (t) => {
  const upstream = await startUpstream(t, flood);
  const outcome = await caller(t, upstream)();
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'reponse_trop_grande' } });
  await until(
    async () => (await upstream.open()) === 0,
    2_000,
    () => 'the flood goes on',
  );
});

t.test('a source where nobody listens is a failure', async (t) => {
  const outcome = await caller(t, { url: 'http://127.0.0.1:1', calls: [], open: async () => 0 })();
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'connexion_impossible' } });
});

t.test('a connection that is never made, and the wait for it, end in time', async (t) => {
  const pool = new Pool('http://127.0.0.1:1', { connections: 1, connect: () => {} });
  t.teardown(() => pool.destroy());
  const call = createCallSource({ poolOf: () => pool, basePath: '', token: null, now: () => NOON_MS });
  const source = { ...msaConformiteCotisations, timeoutMs: TIMEOUT_MS };
  const startedMs = performance.now();
  const outcomes = await Promise.all(
    ['/a', '/b'].map((path) => call({ source, path, tracing, refresh: false })),
  );
  t.match(outcomes, [{ erreur: { code: 'delai_depasse' } }, { erreur: { code: 'delai_depasse' } }]);
  t.ok(performance.now() - startedMs < TIMEOUT_MS + 500);
});

t.test('a page of HTML or a truncated body is handed on as it came, with its status', async (t) => {
  for (const [status, body] of [
    [200, '{"data":{"status":"up_to'],
    [502, '<html>Bad gateway</html>'],
  ] as const) {
    const upstream = await startUpstream(t, json(status, body));
    t.same(await caller(t, upstream)(), { status, retryAfterSeconds: null, body });
  }
});

t.test('a redirection is not followed', async (t) => {
  const upstream = await startUpstream(t, json(302, '', { location: '/ailleurs' }));
  t.match(await caller(t, upstream)(), { status: 302 });
  t.equal(upstream.calls.length, 1);
});

t.test('Retry-After counts in seconds; a date or nonsense says nothing', async (t) => {
  for (const [value, seconds] of [
    ['30', 30],
    ['0', 0],
    ['-5', null],
    ['1e300', null],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
  ] as const) {
    const upstream = await startUpstream(t, json(429, {}, { 'retry-after': value }));
    t.match(await caller(t, upstream)(), { status: 429, retryAfterSeconds: seconds }, value);
  }
});
