import t from 'tap';
import { codesOf, NOON_MS, SIREN, SIRET, startSandbox, traced, VIGILANCE } from './start-sandbox.ts';

const FISCAL = traced(`/v4/dgfip/unites_legales/${SIREN}/attestation_fiscale`);

await t.test('each answer tells what is left of its bucket until the end of the minute', async (t) => {
  const { get } = await startSandbox(t);
  await get(FISCAL);
  const { headers } = await get(FISCAL);
  t.match(headers, {
    'ratelimit-limit': '5',
    'ratelimit-remaining': '3',
    'ratelimit-reset': String((NOON_MS + 30_000) / 1000),
  });
  t.notOk('retry-after' in headers);
});

await t.test(
  'the sixth call of a bucket of five is refused until the next minute of the clock',
  async (t) => {
    const { get, clock } = await startSandbox(t);
    for (let call = 1; call <= 5; call++) t.equal((await get(FISCAL)).status, 200);
    const refused = await get(FISCAL);
    t.equal(refused.status, 429);
    t.equal(refused.headers['content-type'], 'application/json');
    t.same(codesOf(refused), ['00429']);
    t.match(refused.headers, { 'ratelimit-remaining': '0', 'retry-after': '30' });
    t.equal((await get(FISCAL.replace('/v4/', '/v3/'))).status, 429, 'versions are counted together');
    t.equal((await get(VIGILANCE)).status, 200, 'other buckets are not');
    clock.nowMs += 29_999;
    t.equal((await get(FISCAL)).status, 429);
    clock.nowMs += 1;
    t.equal((await get(FISCAL)).status, 200);
  },
);

await t.test('endpoints share the buckets they share at API Entreprise', async (t) => {
  const { get } = await startSandbox(t);
  const left = async (path: string) => (await get(traced(path))).headers['ratelimit-remaining'];
  t.equal(await left(`/v3/msa/etablissements/${SIRET}/conformite_cotisations`), '249');
  t.equal(await left(`/v4/insee/sirene/etablissements/${SIRET}`), '248');
  t.equal(await left(`/v3/fntp/unites_legales/${SIREN}/carte_professionnelle_travaux_publics`), '49');
  t.equal(await left(`/v4/qualibat/etablissements/${SIRET}/certification_batiment`), '48');
  t.equal(await left(`/v3/gip_mds/unites_legales/${SIREN}/effectifs_annuels/2025`), '49');
  t.equal(await left(`/v3/gip_mds/etablissements/${SIRET}/effectifs_mensuels/09/annee/2026`), '48');
  t.equal(await left(`/v3/inpi/rne/unites_legales/${SIREN}/extrait_rne`), '14');
  t.equal(await left(`/v3/inpi/rne/unites_legales/open_data/${SIREN}/actes_bilans`), '14');
});

await t.test('calls are counted by token, refused ones too', async (t) => {
  const { get, mint } = await startSandbox(t);
  for (let call = 1; call <= 5; call++) {
    t.equal((await get(FISCAL.replace('recipient', 'autre'))).headers['ratelimit-limit'], '5');
  }
  t.equal((await get(FISCAL)).status, 429);
  t.equal((await get(FISCAL, { token: await mint() })).status, 200);
  t.notOk('ratelimit-limit' in (await get(FISCAL, { token: 'not-a-token' })).headers);
});

await t.test('without quotas a million calls a minute are announced, and counted', async (t) => {
  const { get } = await startSandbox(t, { quotas: false });
  for (let call = 1; call <= 6; call++) t.equal((await get(FISCAL)).status, 200);
  t.match((await get(FISCAL)).headers, {
    'ratelimit-limit': '1000000',
    'ratelimit-remaining': '999993',
    'ratelimit-reset': String((NOON_MS + 30_000) / 1000),
  });
});

await t.test('an address past 1000 calls a minute gets silence for 12 hours, or until lifted', async (t) => {
  const banned: string[] = [];
  const { url, controlUrl, get, clock } = await startSandbox(t, {
    bans: true,
    onBan: (ip) => void banned.push(ip),
  });
  for (let call = 1; call <= 1_000; call++) await get('/v3/ping');
  t.same(banned, []);
  const silent = fetch(`${url}/v3/ping`, { signal: AbortSignal.timeout(2_000) });
  await t.rejects(silent, { name: 'TimeoutError' });
  t.same(banned, ['127.0.0.1']);
  await get(`${controlUrl}/bans`, { method: 'DELETE' });
  t.equal((await get('/v3/ping')).status, 200);
  for (let call = 1; call <= 999; call++) await get('/v3/ping');
  await t.rejects(fetch(`${url}/v3/ping`, { signal: AbortSignal.timeout(50) }));
  clock.nowMs += 12 * 3_600_000;
  t.equal((await get('/v3/ping')).status, 200);
});
