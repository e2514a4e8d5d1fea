import t from 'tap';
import { codesOf, MSA, SIREN, startSandbox, traced, VIGILANCE } from './start-sandbox.ts';

const TURNOVER = traced('/v3/dgfip/etablissements/55203253400646/chiffres_affaires');

await t.test('a provider in its daily window is closed until the window ends, in Paris', async (t) => {
  const { get, clock } = await startSandbox(t, { maintenance: true });
  clock.nowMs = Date.parse('2026-07-01T23:00:00Z');
  const closed = await get(TURNOVER);
  t.equal(closed.status, 503);
  t.match(closed.json.errors[0], {
    code: '03020',
    title: 'Maintenance du fournisseur de données',
    meta: { provider: 'DGFIP - Adélie', retry_in: 3_600 },
  });
  t.equal((await get(VIGILANCE)).status, 200, 'Urssaf has none');
  clock.nowMs += 3_599_000;
  t.equal((await get(TURNOVER)).json.errors[0].meta.retry_in, 1);
  clock.nowMs += 1_000;
  t.equal((await get(TURNOVER)).status, 200);
});

await t.test('windows come before malformed paths, and after kept answers', async (t) => {
  const { get, clock } = await startSandbox(t, { maintenance: true });
  clock.nowMs = Date.parse('2026-11-23T23:59:00Z');
  await get(TURNOVER);
  clock.nowMs += 120_000;
  t.equal((await get(TURNOVER)).headers['x-response-cached'], 'true');
  t.same(codesOf(await get(TURNOVER.replace('55203253400646', '1'))), ['03020']);
});

await t.test('there is no window unless asked', async (t) => {
  const { get, clock } = await startSandbox(t);
  clock.nowMs = Date.parse('2026-11-24T02:15:00Z');
  t.equal((await get(MSA)).status, 200);
});

await t.test('pings tell the health of each provider, without token nor quota', async (t) => {
  const { get, stage, url } = await startSandbox(t);
  const pings = (await get('/pings', { token: null })).json;
  t.match(pings[0], { name: 'insee/sirene', url: `${url}/ping/insee/sirene` });
  for (const ping of pings) t.match((await get(ping.url)).json, { status: 'ok', last_ok_status: String });

  await stage('insee_etablissement', { failure: 'hang' });
  t.match(await get('/ping/insee/sirene'), { status: 502, json: { status: 'bad_gateway' } });
  await stage('insee_etablissement', { rate: 0.5, failure: 'hang' });
  t.equal((await get('/ping/insee/sirene')).status, 200);
  await stage('msa_conformite_cotisations', { maintenance: { retryInSeconds: 30 } });
  t.match(await get('/ping/msa/conformite_cotisations'), {
    status: 200,
    json: { status: 'maintenance', until: '2026-11-23T11:01:00.000Z' },
  });
  t.match(await get('/ping/nulle/part'), { status: 404, json: { status: 'unknown' } });
  t.equal((await get('/ping/constructor')).status, 404);
});

await t.test('a daily window shows in the pings', async (t) => {
  const { get, clock } = await startSandbox(t, { maintenance: true });
  clock.nowMs = Date.parse('2026-11-23T21:05:00Z');
  t.match((await get('/ping/banque_de_france/bilans')).json, { until: '2026-11-23T21:08:00.000Z' });
  t.equal((await get(traced(`/v3/banque_de_france/unites_legales/${SIREN}/bilans`))).status, 503);
});
