import t from 'tap';
import { createFaults, type Fault, faultPlan } from '../../src/sandbox/faults.ts';
import { codesOf, MSA, NOON_MS, SIREN, SIRET, startSandbox, traced, VIGILANCE } from './start-sandbox.ts';

const MSA_ID = 'msa_conformite_cotisations';
const INSEE = traced(`/v4/insee/sirene/unites_legales/${SIREN}`);

/** Draws that come in the order given, then fail the test that did not expect another. */
function drawing(...draws: number[]): () => number {
  return () => {
    const next = draws.shift();
    if (next === undefined) throw new Error('one draw too many');
    return next;
  };
}

function strikesOf(plan: unknown, random = drawing()) {
  const faults = createFaults({ now: () => NOON_MS, random });
  faults.plans.set('*', faultPlan.parse(plan));
  return () => faults.strike(MSA_ID);
}

await t.test('a staged error speaks in the name of the provider, with its delay', async (t) => {
  const { get, stage } = await startSandbox(t);
  await stage(MSA_ID, { errors: [{ code: '001', status: 502, retryInSeconds: 30 }] });
  const answer = await get(MSA);
  t.equal(answer.status, 502);
  t.equal(answer.headers['content-type'], 'application/vnd.api+json');
  t.match(answer.json.errors[0], {
    code: '10001',
    title: 'Service non disponible',
    meta: { provider: 'MSA', retry_in: 30 },
  });
  t.equal((await get(INSEE)).status, 200, 'other endpoints are spared');
});

await t.test('a staged error is seen even of an endpoint whose answer is kept', async (t) => {
  const { get, stage } = await startSandbox(t);
  const kept = await get(INSEE);
  await stage('*', { errors: [{ code: '04501', status: 502, retryInSeconds: 172_800 }] });
  t.same(codesOf(await get(INSEE)), ['04501']);
  await stage('*', {});
  t.equal((await get(INSEE)).text, kept.text, 'and does not take its place');
});

await t.test('a staged error of the hub has the content type of the hub', async (t) => {
  const { get, stage } = await startSandbox(t);
  await stage(MSA_ID, { errors: [{ code: '00501', status: 502 }] });
  t.match((await get(MSA)).json.errors[0], { code: '00501', title: 'Erreur réseau' });
  await stage(MSA_ID, { errors: [{ code: '00107', status: 403 }] });
  t.equal((await get(MSA)).headers['content-type'], 'application/json');
});

await t.test(
  'an error that always says when to come back does, unless staged with another delay',
  async (t) => {
    const { get, stage } = await startSandbox(t);
    const metaOf = async (error: Record<string, unknown>) => {
      await stage('*', { errors: [{ status: 502, ...error }] });
      return (await get(VIGILANCE)).json.errors[0].meta;
    };
    t.same(await metaOf({ code: '501' }), { provider: 'ACOSS', retry_in: 172_800 });
    t.same(await metaOf({ code: '00501' }), { retry_in: 10 });
    t.same(await metaOf({ code: '00501', retryInSeconds: 7 }), { retry_in: 7 });
    t.same(await metaOf({ code: '054' }), {}, 'a file that the hub refuses is nobody else’s');
  },
);

await t.test('faults come after the checks: a bad request is still told so', async (t) => {
  const { get, stage } = await startSandbox(t);
  await stage('*', { errors: [{ code: '001', status: 502 }] });
  t.equal((await get(MSA, { token: null })).status, 401);
  t.equal((await get(MSA.replace(SIRET, '1'))).status, 422);
});

await t.test('the faults of an endpoint replace those of all', async (t) => {
  const { get, stage } = await startSandbox(t);
  await stage('*', { errors: [{ code: '001', status: 502 }] });
  await stage(MSA_ID, { errors: [{ code: '002', status: 504 }] });
  t.same([(await get(MSA)).status, (await get(INSEE)).status], [504, 502]);
});

await t.test('a staged maintenance says when it ends', async (t) => {
  const { get, stage, clock } = await startSandbox(t);
  await stage(MSA_ID, { maintenance: { until: '2026-11-23T11:10:00Z' } });
  const answer = await get(MSA);
  t.equal(answer.status, 503);
  t.match(answer.json.errors[0], { code: '10020', meta: { provider: 'MSA', retry_in: 570 } });
  clock.nowMs += 60_000;
  t.equal((await get(MSA)).json.errors[0].meta.retry_in, 510);
  await stage(MSA_ID, { maintenance: { retryInSeconds: 42 } });
  t.equal((await get(MSA)).json.errors[0].meta.retry_in, 42);
});

await t.test('latency is waited before the answer', async (t) => {
  const { get, stage, slept } = await startSandbox(t);
  await stage(MSA_ID, { latencyMs: 1_500 });
  t.equal((await get(MSA)).status, 200);
  t.same(slept, [1_500]);
});

await t.test('a latency may be drawn between bounds, or by its median and its 99th percentile', async (t) => {
  const uniform = strikesOf({ latencyMs: { min: 100, max: 300 } }, drawing(0.25));
  t.equal(uniform().latencyMs, 150);
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const strike = strikesOf({ latencyMs: { p50: 120, p99: 800 } }, random);
  const draws = Array.from({ length: 20_000 }, () => strike().latencyMs).sort((a, b) => a - b);
  t.ok(Math.abs((draws[10_000] ?? 0) - 120) < 5, 'median');
  t.ok(Math.abs((draws[19_800] ?? 0) - 800) < 60, '99th percentile');
});

await t.test('a rate strikes that share of the calls; certainty draws nothing', async (t) => {
  const strike = strikesOf({ rate: 0.3, failure: 'html' }, drawing(0.29, 0.3));
  t.match(strike(), { spoil: { kind: 'failure', failure: 'html' } });
  t.equal(strike().spoil, undefined);
  t.match(strikesOf({ failure: 'html' })(), { spoil: { failure: 'html' } });
  t.equal(strikesOf({ rate: 0, failure: 'html' })().spoil, undefined);
});

await t.test('several errors share the calls by their rates', async (t) => {
  const errors = [
    { code: '001', status: 502, rate: 0.1 },
    { code: '002', status: 504, rate: 0.2 },
  ];
  const strike = strikesOf({ errors }, drawing(0.09, 0.11, 0.29, 0.31));
  t.match(strike(), { spoil: { error: { code: '001' } } });
  t.match(strike(), { spoil: { error: { code: '002' } } });
  t.match(strike(), { spoil: { error: { code: '002' } } });
  t.equal(strike().spoil, undefined);
});

await t.test('of several faults latencies add up, and the first to spoil wins', async (t) => {
  const plan: Partial<Fault>[] = [{ latencyMs: 10 }, { latencyMs: 5, failure: 'reset' }, { failure: 'html' }];
  t.match(strikesOf(plan)(), { latencyMs: 15, spoil: { failure: 'reset' } });
});

await t.test('bodies that are not what they should be', async (t) => {
  const { get, stage } = await startSandbox(t);
  const well = await get(MSA);
  const broken = async (failure: string) => {
    await stage(MSA_ID, { failure });
    return get(MSA);
  };
  const truncated = await broken('truncated-json');
  t.equal(truncated.status, 200);
  t.equal(truncated.json, undefined);
  t.equal(truncated.text.slice(0, 10), well.text.slice(0, 10));
  const invalid = await broken('invalid-json');
  t.match(invalid, { status: 200, headers: { 'content-type': 'application/vnd.api+json' }, json: undefined });
  t.same((await broken('wrong-shape')).json.data, [null]);
  t.equal((await broken('empty-body')).text, '');
  t.match(await broken('html'), {
    status: 200,
    headers: { 'content-type': 'text/html' },
    text: /^<!doctype/,
  });
  t.match(await broken('redirect'), { status: 302, headers: { location: '/pings' } });
});

await t.test('a body of 50 MB is well-formed JSON all the same', async (t) => {
  const { get, stage } = await startSandbox(t);
  await stage(MSA_ID, { failure: 'huge-body' });
  const { text, json } = await get(MSA);
  t.ok(text.length > 50 * 2 ** 20);
  t.type(json.data.remplissage, 'string');
});

await t.test('a trickle gives the whole answer, a byte at a time', async (t) => {
  const { get, stage, slept } = await startSandbox(t);
  const well = await get(VIGILANCE);
  await stage('urssaf_attestation_vigilance', { failure: 'trickle' });
  t.equal((await get(VIGILANCE)).text, well.text);
  t.equal(slept.length, Buffer.byteLength(well.text));
  t.ok(slept.every((ms) => ms === 100));
});

await t.test('a reset breaks the connection before or within the answer', async (t) => {
  const { url, token, stage } = await startSandbox(t);
  const headers = { authorization: `Bearer ${token}` };
  await stage(MSA_ID, { failure: 'reset' });
  await t.rejects(fetch(url + MSA, { headers }), { cause: { code: /ECONNRESET|UND_ERR_SOCKET/ } });
  await stage(MSA_ID, { failure: 'reset-mid-body' });
  const answer = await fetch(url + MSA, { headers });
  t.equal(answer.status, 200);
  await t.rejects(answer.text());
});

await t.test('a hang gives no header, or half a body, until the client leaves', async (t) => {
  const { url, token, get, stage } = await startSandbox(t);
  const headers = { authorization: `Bearer ${token}` };
  await stage(MSA_ID, { failure: 'hang' });
  await t.rejects(fetch(url + MSA, { headers, signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' });
  await stage(MSA_ID, { failure: 'hang-mid-body' });
  const other = MSA.replace('object=dossier', 'object=autre');
  const answer = await fetch(url + other, { headers, signal: AbortSignal.timeout(500) });
  t.equal(answer.status, 200);
  t.ok(Number(answer.headers.get('content-length')) > 0);
  await t.rejects(answer.text(), { name: 'TimeoutError' });
  await stage(MSA_ID, {});
  t.equal((await get(MSA)).status, 200, 'the lock of the call left with its client');
});

await t.test('a storm of 429 refuses calls whose quota is not spent', async (t) => {
  const { get, stage } = await startSandbox(t, { quotas: false });
  await stage('*', { failure: 'too-many-requests' });
  const answer = await get(MSA);
  t.equal(answer.status, 429);
  t.same(codesOf(answer), ['00429']);
  t.match(answer.headers, { 'retry-after': '30', 'ratelimit-remaining': '0' });
});

await t.test('faults can be there from the start', async (t) => {
  const faults = { [MSA_ID]: faultPlan.parse({ errors: [{ code: '002', status: 504 }] }) };
  const { get } = await startSandbox(t, { faults });
  t.same(codesOf(await get(MSA)), ['10002']);
});
