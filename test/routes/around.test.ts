import t from 'tap';
import { createCircuits } from '../../src/collection/circuits.ts';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import { createQuota } from '../../src/collection/quota.ts';
import { unavailable } from '../../src/dossier/outcome.ts';
import { urssafAttestationVigilance as urssaf } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { build, collectOf, fact, GOOD } from '../helpers/app.ts';

t.test('the catalogue tells perimeter, freshness, quota and usages of each source', async (t) => {
  const app = await build(t, collectOf({}));
  const sources = (await app.inject('/v1/sources')).json().data;
  t.equal(sources.length, 32);
  const vigilance = sources.find(
    ({ data }: { data: { id: string } }) => data.id === 'urssaf_attestation_vigilance',
  );
  t.match(vigilance.data, {
    administration: 'Urssaf',
    identifiant: 'siren',
    ouverture: 'protege',
    quota: { groupe: 'urssaf', appels_par_minute: 100 },
    usages: ['marche_public', 'aide_publique', 'subvention_association'],
  });
});

t.test('the catalogue tells what is left of each quota, and whether a source is left alone', async (t) => {
  const now = () => NOON_MS;
  const circuits = createCircuits({ now, random: () => 0.5 });
  for (let i = 0; i < 5; i++) circuits.record(urssaf, unavailable('delai_depasse', '…', null), NOON_MS);
  const quota = createQuota({ ledger: createMemoryQuotaLedger(), now });
  for (let i = 0; i < 3; i++) await quota.take({ bucket: 'urssaf', lane: 'waiting' });
  const app = await build(t, collectOf({}), [], { circuits, quota });
  const sources: { data: { id: string; quota: object; circuit: object } }[] = (
    await app.inject('/v1/sources')
  ).json().data;
  const byId = new Map(sources.map(({ data }) => [data.id, data]));
  t.match(byId.get('urssaf_attestation_vigilance'), {
    quota: { appels_par_minute: 100, restant: 97 },
    circuit: { etat: 'ouvert', jusqu_a: '2026-11-23T11:00:10Z' },
  });
  t.strictSame(byId.get('msa_conformite_cotisations')?.circuit, { etat: 'ferme', jusqu_a: null });
  t.match(byId.get('msa_conformite_cotisations')?.quota, { appels_par_minute: 250, restant: 250 });
});

t.test('a process that stops says so before it refuses anything', async (t) => {
  let isDraining = false;
  const app = await build(t, collectOf({ douanes_eori: fact('obtenu', {}) }), [], {
    isDraining: () => isDraining,
  });
  t.equal((await app.inject('/readyz')).statusCode, 200);
  isDraining = true;
  const response = await app.inject('/readyz');
  t.equal(response.statusCode, 503);
  t.match(response.json(), { type: '/problemes/passerelle-indisponible' });
  t.ok(Number(response.headers['retry-after']) > 0);
  t.equal((await app.inject('/livez')).statusCode, 200);
  t.equal((await app.inject(GOOD)).statusCode, 200);
});

t.test('the process lives, is ready, and is measured', async (t) => {
  const app = await build(t, collectOf({}));
  t.equal((await app.inject('/livez')).statusCode, 200);
  t.equal((await app.inject('/readyz')).statusCode, 200);
  await app.inject(GOOD);
  const metrics = await app.inject('/metrics');
  t.match(metrics.body, 'dlnuf_request_duration_seconds_count{route="/v1/dossiers/:siret",status="404"} 1');
});

t.test('the page of a problem is at the address that the problem gives', async (t) => {
  const app = await build(t, collectOf({}));
  const { type } = (await app.inject('/nulle-part')).json();
  const page = await app.inject(type);
  t.equal(page.statusCode, 200);
  t.match(page.headers['content-type'], /^text\/markdown/);
  t.match(page.body, "Cette adresse n'existe pas");
});

t.test('answers carry the headers that keep a browser from misusing them', async (t) => {
  const app = await build(t, collectOf({}));
  const { headers } = await app.inject('/livez');
  t.match(headers, {
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});

t.test('the document describes every route that serves data, with named schemas', async (t) => {
  const app = await build(t, collectOf({}));
  const document = (await app.inject('/openapi.json')).json();
  t.equal(document.openapi, '3.1.0');
  t.ok(document.paths['/v1/dossiers/{siret}'].get);
  t.ok(document.components.schemas.Dossier);
  t.ok(document.components.schemas.PieceUrssafAttestationVigilance);
  t.strictSame(
    Object.keys(document.components.schemas).filter((name) => name.endsWith('Input')),
    [],
  );
});
