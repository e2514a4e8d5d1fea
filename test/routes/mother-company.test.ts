import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Outcome } from '../../src/dossier/outcome.ts';
import { openConsultations, openJournal } from '../../src/journal/open-journal.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { build, collectOf, fact, GOOD, journalInto, RECIPIENT, SIRET } from '../helpers/app.ts';
import { archiveOf, pdfSaying } from '../helpers/archives.ts';
import { onBothStores, type Place } from '../helpers/databases.ts';
import { obtained } from '../helpers/examined.ts';
import { until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { filesIn } from '../helpers/zips.ts';

/** Of the mother company: that which the token of a company is for. */
const MOTHER = '000011403';
const CONSULTATIONS = `/v1/entreprises/${MOTHER}/consultations?limite=100`;
const CERTIFICATE = 'dgfip_attestation_fiscale_mere';
const HERS = [CERTIFICATE, 'dgfip_liasses_fiscales_mere'];
const RETURNS = {
  imprime: '2050',
  regime: 'RNMEMBRE',
  date_fin_exercice: '2025-12-31',
  duree_exercice_jours: 365,
};
const PDF = pdfSaying('attestation de la mère');
const ASKED = { siret: SIRET, object: '2026-001', recipient: RECIPIENT };
const ENDS_MS = 10_000;

/** A subsidiary whose mother company DGFiP certifies. */
async function subsidiary(t: Test) {
  const archive = archiveOf(t, Date.now);
  const document = await archive.keep(`${SIRET.slice(0, 9)} ${MOTHER}`, CERTIFICATE, PDF);
  const holder = { siren: MOTHER, denomination: 'Mère', pourcentage: 100 };
  const validite = { du: '2026-10-31', au: null };
  const of = (id: Parameters<typeof obtained>[0], data: object = {}): Outcome =>
    obtained(id, data, { validite }).outcome;
  const member = { obligations_fiscales: [], declarations: [RETURNS] };
  const collect = collectOf({
    dgfip_liasses_fiscales: of('dgfip_liasses_fiscales', member),
    dgfip_liens_capitalistiques: of('dgfip_liens_capitalistiques', {
      actionnaires_personnes_morales: [holder],
    }),
    [CERTIFICATE]: { ...of(CERTIFICATE), document } as Outcome,
    // She is held herself: what is left to ask is judged on what is hers.
    dgfip_liasses_fiscales_mere: of('dgfip_liasses_fiscales_mere', member),
    dgfip_attestation_fiscale: of('dgfip_attestation_fiscale'),
  });
  return { archive, collect };
}

/** An application with a journal of its own at a place, and what the mother company sees there. */
async function setUp(t: Test, place: Place) {
  const journal = await openJournal({
    place,
    seed: Buffer.alloc(32, 7),
    sources: catalog.map(({ id }) => id),
    onOpen() {},
    onClosed() {},
    onCommitted() {},
    onSealed() {},
  });
  await until(async () => journal.isOpen(), ENDS_MS);
  const consultations = openConsultations(place, () => {});
  t.teardown(async () => {
    await consultations.close();
    await journal.close();
  });
  const { archive, collect } = await subsidiary(t);
  const app = await build(t, collect, [], { archive, journal, consultations });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const seen = async () => {
    const { data } = (await app.inject(CONSULTATIONS)).json();
    return data.map(({ data }: { data: object }) => data) as { id: string; pieces: string[] }[];
  };
  let known = 0;
  /** What the mother company sees since it was last looked at, the latest first. */
  const more = async () => {
    const all = await seen();
    const latest = all.slice(0, all.length - known);
    known = all.length;
    return latest;
  };
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers: { ...bearerAt(url + path), ...headers } });
  const post = (path: string, payload: object) => app.inject({ method: 'POST', url: path, payload });
  return { app, ask, post, more };
}

await onBothStores(t, async (t, place) => {
  await t.test('the mother company sees who was given what is hers, whatever the way', async (t) => {
    const { app, ask, post, more } = await setUp(t, await place(t));
    const { href } = JSON.parse(await (await ask(GOOD)).text()).data.pieces[CERTIFICATE].document;
    const ways: [string, () => Promise<unknown>][] = [
      ['a dossier kept by the route', async () => (await ask(`${GOOD}&context=autre`)).text()],
      ['a dossier kept by its lane', async () => (await ask(GOOD)).text()],
      ['a ZIP', async () => (await ask(GOOD.replace('?', '/documents.zip?'))).arrayBuffer()],
      ['an ESPD', async () => (await ask(GOOD.replace('?', '/espd?'))).text()],
      [
        'a form',
        () => post('/v1/formulaires/preremplissage', { ...ASKED, usage: 'marche_public', formulaire: 'dc2' }),
      ],
      ['a dossier as it forms', async () => (await ask(GOOD, { accept: 'text/event-stream' })).text()],
    ];
    t.match(await more(), [
      { organisme: { siret: RECIPIENT }, usage: 'marche_public', objet: '2026-001', resultat: 'repondu' },
    ]);
    for (const [way, go] of ways) {
      await go();
      const lines = await more();
      t.equal(lines.length, 1, way);
      t.strictSame(lines[0]?.pieces.toSorted(), HERS, way);
    }
    t.strictSame(Buffer.from(await (await ask(href)).arrayBuffer()), PDF);
    const [read] = await more();
    t.strictSame(read?.pieces, [CERTIFICATE], 'her certificate alone');

    const { self } = (await post('/v1/candidatures', ASKED)).json().links;
    await until(async () => (await app.inject(self)).json().data.statut !== 'en_cours', ENDS_MS);
    const followed = await more();
    t.ok(followed.length >= 2, 'what was asked for a job, and each time it is read');
    for (const { pieces } of followed) t.strictSame(pieces.toSorted(), HERS);

    const opening = { object: '2026-001', recipient: RECIPIENT, candidats: [SIRET] };
    const { self: opened } = (await post('/v1/ouvertures', opening)).json().links;
    await until(async () => (await app.inject(opened)).json().data.statut !== 'en_cours', ENDS_MS);
    await more();
    const left = (await app.inject(`${opened}/a-demander`)).json();
    const [asked] = await more();
    t.match(JSON.stringify(left), /société mère/, 'what her certificate does not tell');
    t.ok(asked?.pieces.includes(CERTIFICATE), 'also of what is left to ask of a whole opening');

    const contested = `/v1/entreprises/${MOTHER}/consultations/${read?.id}/contestations`;
    t.equal((await post(contested, { texte: 'Nous contestons.' })).statusCode, 201);
  });
});

t.test('her certificate is read by who names her only, and is in the archive', async (t) => {
  const { archive, collect } = await subsidiary(t);
  const app = await build(t, collect, [], { archive });
  const { href } = (await app.inject(GOOD)).json().data.pieces[CERTIFICATE].document;
  t.match(href, `&mere=${MOTHER}`);
  t.equal((await app.inject(href)).statusCode, 200);
  t.equal((await app.inject(href.replace(`&mere=${MOTHER}`, ''))).statusCode, 404);
  t.equal((await app.inject(href.replace(MOTHER, '552032534'))).statusCode, 404);
  t.equal((await app.inject(href.replace(MOTHER, '123'))).statusCode, 422);
  const files = await filesIn((await app.inject(GOOD.replace('?', '/documents.zip?'))).rawPayload);
  t.ok([...files.keys()].some((name) => /mère/.test(name)));
});

t.test('nothing of hers leaves before her line is written', async (t) => {
  const { collect } = await subsidiary(t);
  let isHers = false;
  const journal = {
    ...journalInto([]),
    record: async (rest: string) => {
      if (!rest.includes(`"siren":"${MOTHER}"`)) return;
      isHers = true;
      await sleep(1);
      throw new Error('closed');
    },
  };
  const app = await build(t, collect, [], { journal });
  t.equal((await app.inject(GOOD)).statusCode, 503);
  t.ok(isHers);
  const { body } = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
  t.match(body, /event: piece/);
  t.notMatch(body, /"source":"dgfip_attestation_fiscale_mere"|event: dossier/);
});

t.test('a company without a mother company costs one line', async (t) => {
  const lines: object[] = [];
  const app = await build(t, collectOf({ insee_etablissement: fact('obtenu') }), [], {
    journal: journalInto(lines),
  });
  await app.inject(GOOD);
  await app.inject(GOOD);
  t.equal(lines.length, 2);
});
