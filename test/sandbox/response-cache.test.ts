import t from 'tap';
import { expiryOf } from '../../src/sandbox/response-cache.ts';
import { MSA, SIREN, SIRET, startSandbox, traced, UNKNOWN_SIREN, VIGILANCE } from './start-sandbox.ts';

const FRESH = { 'x-response-cached': 'false', 'x-cache-expires-in': '' };
const NO_CACHE = { headers: { 'cache-control': 'no-cache' } };
const INSEE = traced(`/v4/insee/sirene/unites_legales/${SIREN}`);

await t.test('a kept answer is the same for all, and tells the seconds it has left', async (t) => {
  const { get, mint, clock, asked } = await startSandbox(t);
  const first = await get(INSEE);
  t.match(first.headers, FRESH);
  clock.nowMs += 600_000;
  const other = await get(INSEE.replace('object=dossier', 'object=%20'));
  t.equal(other.status, 422, 'a refused caller gets nothing of it');
  const kept = await get(INSEE.replace('object=dossier', 'object=autre'), { token: await mint() });
  t.match(kept.headers, { 'x-response-cached': 'true', 'x-cache-expires-in': '3000' });
  t.equal(kept.text, first.text);
  t.equal(asked.length, 1);
  clock.nowMs += 3_000_000;
  t.match((await get(INSEE)).headers, FRESH);
});

await t.test('no-cache asks anew, and what it gets is not kept', async (t) => {
  const { get, asked } = await startSandbox(t);
  t.match((await get(VIGILANCE, NO_CACHE)).headers, FRESH);
  const kept = await get(VIGILANCE);
  t.match(kept.headers, FRESH, 'the answer before was not written');
  t.not((await get(VIGILANCE, NO_CACHE)).text, kept.text);
  t.equal((await get(VIGILANCE)).text, kept.text);
  t.equal(asked.length, 3);
});

await t.test('endpoints that keep nothing say so each time', async (t) => {
  const { get } = await startSandbox(t);
  await get(MSA);
  t.match((await get(MSA)).headers, FRESH);
});

await t.test('an unknown company is asked anew, except of VIES and for capital links', async (t) => {
  const { get } = await startSandbox(t);
  const again = async (path: string) => {
    await get(traced(path));
    return (await get(traced(path))).headers['x-response-cached'];
  };
  t.equal(await again(`/v4/insee/sirene/unites_legales/${UNKNOWN_SIREN}`), 'false');
  t.equal(await again(`/v3/european_commission/unites_legales/${UNKNOWN_SIREN}/numero_tva`), 'true');
  t.equal(await again(`/v3/dgfip/unites_legales/${UNKNOWN_SIREN}/liens_capitalistiques/2024`), 'true');
});

await t.test('headcounts are kept by nature too, other answers by path alone', async (t) => {
  const { get, asked } = await startSandbox(t);
  const annual = `/v3/gip_mds/unites_legales/${SIREN}/effectifs_annuels/2025`;
  await get(traced(annual));
  t.equal((await get(traced(annual, '&nature_effectif=moyen'))).headers['x-response-cached'], 'true');
  t.equal((await get(traced(annual, '&nature_effectif=boeth'))).headers['x-response-cached'], 'false');
  await get(INSEE);
  t.equal((await get(`${INSEE}&limit=3`)).headers['x-response-cached'], 'true');
  t.equal(asked.length, 3);
});

await t.test('version 3 and version 4 are kept apart', async (t) => {
  const { get } = await startSandbox(t);
  await get(traced(`/v4/qualibat/etablissements/${SIRET}/certification_batiment`));
  const third = await get(traced(`/v3/qualibat/etablissements/${SIRET}/certification_batiment`));
  t.match(third.headers, FRESH);
});

await t.test('each life ends at its hour in Paris, changes of clock included', async (t) => {
  const end = (life: Parameters<typeof expiryOf>[0], at: string) => {
    return new Date(expiryOf(life, Date.parse(at))).toISOString();
  };
  t.equal(end('1 h', '2026-11-23T11:00:00Z'), '2026-11-23T12:00:00.000Z');
  t.equal(end('24 h', '2026-11-23T11:00:00Z'), '2026-11-24T11:00:00.000Z');
  t.equal(end('until 08:00 tomorrow', '2026-11-22T23:30:00Z'), '2026-11-24T07:00:00.000Z');
  t.equal(end('until 08:00 tomorrow', '2026-07-01T10:00:00Z'), '2026-07-02T06:00:00.000Z');
  t.equal(end('until 03:00', '2026-11-23T01:59:00Z'), '2026-11-23T02:00:00.000Z');
  t.equal(end('until 03:00', '2026-11-23T02:00:00Z'), '2026-11-24T02:00:00.000Z');
  t.equal(end('end of day', '2026-10-25T00:30:00Z'), '2026-10-25T23:00:00.000Z');
  t.equal(end('end of month', '2026-03-15T12:00:00Z'), '2026-03-31T22:00:00.000Z');
});

await t.test('the control route empties the cache', async (t) => {
  const { get, controlUrl } = await startSandbox(t);
  await get(INSEE);
  t.equal((await get(`${controlUrl}/cache`, { method: 'DELETE' })).status, 204);
  t.equal((await get(INSEE)).headers['x-response-cached'], 'false');
});
