import t from 'tap';
import type { Collecting } from '../../src/collection/collect.ts';
import { unavailable } from '../../src/dossier/outcome.ts';
import { Problem } from '../../src/problems.ts';
import { dossierBody } from '../../src/routes/dossiers.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { askedFor, build, collectOf, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';

const vigilance = {
  situation: 'delivree',
  date_debut_validite: '2026-10-31',
  date_fin_validite: '2027-04-30',
  code_securite: 'ABCDEF123456789',
};
const KNOWN = { urssaf_attestation_vigilance: fact('obtenu', vigilance) };

const query = (over: Record<string, string>) =>
  new URLSearchParams({ usage: 'marche_public', object: '2026-001', recipient: RECIPIENT, ...over });

t.test('a dossier has a piece for each source, and says where each value comes from', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const response = await app.inject(GOOD);
  t.equal(response.statusCode, 200);
  t.match(response.headers['content-type'], /^application\/json/);
  const { data, meta, links } = dossierBody.parse(response.json());
  t.equal(data.siren, SIRET.slice(0, 9));
  t.equal(Object.keys(data.pieces).length, 32);
  t.match(data.social.vigilance, { situation: 'delivree', au: '2027-04-30' });
  t.equal(meta.provenance['/social/vigilance'], 'urssaf_attestation_vigilance');
  t.equal(meta.constitue_le, '2026-11-23T10:00:00Z');
  t.match(links.self, SIRET);
});

t.test('sources that the usage has no need of are not asked, and say so', async (t) => {
  const asked: string[] = [];
  const app = await build(t, (collecting) => {
    asked.push(...collecting.sources.map(({ source }) => source.id));
    return collectOf({ insee_successions: fact('obtenu', { predecesseurs: [], successeurs: [] }), ...KNOWN })(
      collecting,
    );
  });
  await app.inject(`/v1/dossiers/${SIRET}?${query({ usage: 'socle' })}`);
  t.notOk(asked.includes('urssaf_attestation_vigilance'));
  t.ok(asked.includes('insee_etablissement'));
});

t.test('a source that fails costs its piece and nothing else', async (t) => {
  const down = unavailable('delai_depasse', '…', NOON_MS + 60_000);
  const app = await build(t, collectOf({ ...KNOWN, msa_conformite_cotisations: down }));
  const { data } = (await app.inject(GOOD)).json();
  t.match(data.completude, {
    statut: 'partiel',
    en_attente: ['msa_conformite_cotisations'],
    prochain_essai_le: '2026-11-23T11:01:00Z',
  });
  t.equal(data.pieces.msa_conformite_cotisations.statut, 'indisponible');
  t.equal(data.pieces.urssaf_attestation_vigilance.statut, 'obtenu');
});

t.test(
  'a SIRET that no source knows is a 404; one failure is enough to make it a partial dossier',
  async (t) => {
    const unknown = await (await build(t, collectOf({}))).inject(GOOD);
    t.equal(unknown.statusCode, 404);
    t.match(unknown.json(), { type: '/problemes/siret-inconnu', status: 404 });
    const down = { msa_conformite_cotisations: unavailable('delai_depasse', '…', NOON_MS) };
    t.equal((await (await build(t, collectOf(down))).inject(GOOD)).statusCode, 200);
  },
);

t.test('every bad parameter is named at once, in French, in a problem document', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const response = await app.inject('/v1/dossiers/123?usage=curiosite&recipient=13002526500014');
  t.equal(response.statusCode, 422);
  t.match(response.headers['content-type'], 'application/problem+json');
  const problem = response.json();
  t.equal(problem.instance, response.headers['x-request-id']);
  t.strictSame(
    problem.errors.map(({ parameter }: { parameter: string }) => parameter),
    ['siret', 'usage', 'object', 'recipient'],
  );
});

t.test('each parameter has its rule', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const status = async (siret: string, over: Record<string, string>, more = '') =>
    (await app.inject(`/v1/dossiers/${siret}?${query(over)}${more}`)).statusCode;
  t.equal(await status('55203253400647', {}), 422, 'a wrong check digit');
  t.equal(await status('35600000000048', {}), 200, 'La Poste, head office');
  t.equal(await status('35600000049837', {}), 200, 'La Poste, an establishment outside the common rule');
  t.equal(await status('12345678900009', {}), 422, 'a SIREN that is wrong inside');
  t.equal(await status('１２３４５６７８９０１２３４', {}), 422, 'digits of another script');
  t.equal(await status('1'.repeat(5000), {}), 422, 'a very long one');
  t.equal(await status(SIRET, { recipient: SIRET }), 422, "the company's own SIRET as recipient");
  t.equal(await status(SIRET, { object: '   ' }), 422, 'a blank object');
  t.equal(await status(SIRET, { object: 'x'.repeat(251) }), 422, 'an object that is too long');
  t.equal(await status(SIRET, { object: 'a\u0000b' }), 422, 'a control character');
  t.equal(await status(SIRET, {}, '&usage=socle'), 422, 'a parameter given twice');
  t.equal(await status(SIRET, { object: 'Marché n° 12 – été' }), 200, 'accents');
});

t.test('what the caller gives reaches the collection', async (t) => {
  let got: Collecting | undefined;
  // One source is down: what is not complete is collected each time.
  const down = { msa_conformite_cotisations: unavailable('delai_depasse', '…', NOON_MS) };
  const app = await build(t, (collecting) => {
    got = collecting;
    return collectOf({ ...KNOWN, ...down })(collecting);
  });
  const ask = (headers: Record<string, string>, url = GOOD) => app.inject({ url, headers });
  await ask({});
  t.match(got, { waitMs: 5000, refresh: false, tracing: { context: 'Marchés publics', object: '2026-001' } });
  await ask({ prefer: 'respond-async, wait=12', 'cache-control': 'max-age=0, no-cache' });
  t.match(got, { waitMs: 12_000, refresh: true });
  await ask({ prefer: 'wait=3600' });
  t.match(got, { waitMs: 30_000 }, 'no more than the maximum');
  await ask({ prefer: 'wait=soon' });
  t.match(got, { waitMs: 5000 }, 'a preference that makes no sense is ignored');
  await ask({}, `${GOOD}&context=Appel%20d'offres`);
  t.match(got, { tracing: { context: "Appel d'offres" } });
});

t.test('the same answers give the same bytes', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const anew = { 'cache-control': 'no-cache' };
  const [first, second] = [await app.inject(GOOD), await app.inject({ url: GOOD, headers: anew })];
  t.match(first.headers.etag, /^"[\w-]{43}"$/);
  t.equal(second.body, first.body);
  t.equal(second.headers.etag, first.headers.etag);
});

t.test(
  'an answer that is given although no longer fresh says so in its piece and in Cache-Status',
  async (t) => {
    const app = await build(t, async (collecting) => {
      const collected = new Map(await collectOf(KNOWN)(collecting));
      const stale = askedFor(fact('obtenu', vigilance), true, NOON_MS - 90_000);
      return collected.set('urssaf_attestation_vigilance', { ...stale, from: 'kept' });
    });
    const response = await app.inject(GOOD);
    const { pieces } = response.json().data;
    t.match(pieces.urssaf_attestation_vigilance, { perime: true, obtenu_le: '2026-11-23T10:00:00Z' });
    t.match(pieces.douanes_eori, { perime: false });
    t.match(response.headers['cache-status'], 'urssaf_attestation_vigilance; hit; ttl=-90; detail=stale');
  },
);

t.test('what varies by call is in the headers', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { headers } = await app.inject({
    url: GOOD,
    headers: { traceparent, 'x-request-id': 'buyer-000042' },
  });
  t.match(headers['cache-status'], /urssaf_attestation_vigilance; fwd=miss; stored; ttl=60/);
  t.match(headers['server-timing'], /collecte;dur=/);
  t.match(headers.traceparent, /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
  t.equal(headers['x-request-id'], 'buyer-000042');
});

t.test('as events: one piece a source asked, then the dossier, then the end', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const response = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
  t.match(response.headers['content-type'], /^text\/event-stream/);
  const events = response.body
    .trimEnd()
    .split('\n\n')
    .map((event) => event.split('\n'));
  t.equal(events.length, 32, 'every source but the one of follow-up');
  t.ok(events.slice(0, 31).every(([name]) => name === 'event: piece'));
  t.equal(events[31]?.[0], 'event: dossier');
  const plain = await app.inject(GOOD);
  t.equal(events[31]?.[1], `data: ${plain.body}`, 'the same dossier');
});

t.test('as events, an unknown SIRET ends with the problem', async (t) => {
  const app = await build(t, collectOf({}));
  const { body } = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
  t.match(body, /event: probleme\ndata: \{"type":"\/problemes\/siret-inconnu"/);
});

t.test('as events, a bug ends with a problem that says nothing of its cause', async (t) => {
  const app = await build(t, () => Promise.reject(new Error('secret of the house')));
  const { body } = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
  t.match(body, /^event: probleme\ndata: \{"type":"\/problemes\/erreur-interne"/);
  t.notMatch(body, /secret/);
});

t.test('as events, a dossier too many ends with the problem that says so, and is no bug', async (t) => {
  const lines: object[] = [];
  const app = await build(
    t,
    () => Promise.reject(new Problem('passerelle-indisponible', { detail: 'Trop.' })),
    lines,
  );
  const { body } = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
  t.match(body, /^event: probleme\ndata: \{"type":"\/problemes\/passerelle-indisponible"/);
  t.notMatch(JSON.stringify(lines), 'a request met a bug');
});

t.test('another format is refused', async (t) => {
  const app = await build(t, collectOf(KNOWN));
  const response = await app.inject({ url: GOOD, headers: { accept: 'text/html' } });
  t.equal(response.statusCode, 406);
  t.match(response.json(), { type: '/problemes/format-non-disponible' });
});
