import t from 'tap';
import { build, collectOf, GOOD } from '../helpers/app.ts';

t.test('the catalogue tells perimeter, freshness, quota and usages of each source', async (t) => {
  const app = await build(t, collectOf({}));
  const sources = (await app.inject('/v1/sources')).json().data;
  t.equal(sources.length, 30);
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
