import t, { type Test } from 'tap';
import type { Asked } from '../../src/collection/ask-source.ts';
import type { Collect } from '../../src/collection/collect.ts';
import { deferred, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { alone } from '../../src/fleet/fleet.ts';
import { createShelves } from '../../src/keeping/shelves.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { askedFor, build, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';
import { keptFor } from '../helpers/keeper.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Another establishment of the same company, of which most is the same. */
const SIBLING = '55203253400653';

const addressOf = (siret = SIRET, usage = 'marche_public', object = '2026-001') =>
  `/v1/dossiers/${siret}?usage=${usage}&object=${object}&recipient=${RECIPIENT}`;

interface World {
  /** What differs from a company that every source knows, by source id. */
  outcomes?: Record<string, Outcome>;
  asked?: Record<string, Asked>;
  startMs?: number;
  /** How long the answers are fresh. */
  freshMs?: number;
  /** How long a collection takes. */
  takesMs?: number;
  version?: string;
}

/** An application on a clock of its own, and how often it had to collect. */
async function setUp(t: Test, world: World = {}) {
  const { outcomes = {}, asked = {}, startMs = NOON_MS, freshMs = HOUR_MS, takesMs = 0 } = world;
  const { version = 'test' } = world;
  let nowMs = startMs;
  const now = () => nowMs;
  const shelves = createShelves({ maxBytes: 10_000_000, store: null, fleet: alone, now });
  const collected: { siret: string; refresh: boolean }[] = [];
  const collect: Collect = async ({ sources, subject, refresh }) => {
    collected.push({ siret: subject.siret, refresh });
    nowMs += takesMs;
    const obtenu = { ...fact('obtenu'), obtenu_le: new Date(nowMs).toISOString() };
    const answerOf = (id: string) => asked[id] ?? askedFor(outcomes[id] ?? obtenu, false, startMs + freshMs);
    return new Map(sources.map(({ source }) => [source.id, answerOf(source.id)]));
  };
  const app = await build(t, collect, [], { shelves, now, version });
  const ask = (url = addressOf(), headers: Record<string, string> = {}) => app.inject({ url, headers });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { ask, collected, shelves, pass };
}

t.test('the second answer is the bytes of the first, without a collection', async (t) => {
  const { ask, collected, pass } = await setUp(t);
  const first = await ask();
  pass(2_000);
  const second = await ask();
  t.equal(collected.length, 1);
  t.equal(second.statusCode, 200);
  t.equal(second.body, first.body);
  t.equal(second.headers.etag, first.headers.etag);
  t.match(first.headers['cache-status'], /^insee_etablissement; fwd=miss; stored; ttl=3600, /);
  t.match(second.headers['cache-status'], /^insee_etablissement; hit; ttl=3598, /);
  t.match(first.headers['server-timing'], /^collecte;dur=\d/);
  t.match(second.headers['server-timing'], /^conserve;dur=\d/);
  t.match((await ask(addressOf(SIRET, 'marche_public', 'another'))).body, first.body, 'for any procedure');
  t.equal(collected.length, 1);
});

t.test('another usage, establishment or company is another dossier', async (t) => {
  const { ask, collected } = await setUp(t);
  for (const url of [
    addressOf(),
    addressOf(SIRET, 'socle'),
    addressOf(SIBLING),
    addressOf('35600000000048'),
  ]) {
    t.equal((await ask(url)).statusCode, 200);
  }
  t.equal(collected.length, 4);
});

t.test('what another version of the program made is not served', async (t) => {
  const { shelves, ask } = await setUp(t, { version: 'one' });
  await ask();
  const other = await build(t, async () => new Map(), [], { shelves, version: 'two' });
  t.notMatch((await other.inject(addressOf())).headers['server-timing'], 'conserve');
  const same = await build(t, async () => new Map(), [], { shelves, version: 'one' });
  t.match((await same.inject(addressOf())).headers['server-timing'], 'conserve');
});

t.test('a dossier is not served beyond the freshness of its first piece', async (t) => {
  const asked = { douanes_eori: askedFor(fact('non_trouve'), false, NOON_MS + 5 * MINUTE_MS) };
  const { ask, collected, pass } = await setUp(t, { asked });
  await ask();
  pass(5 * MINUTE_MS - 1);
  await ask();
  t.equal(collected.length, 1);
  pass(1);
  await ask();
  t.equal(collected.length, 2);
});

t.test('a dossier is not served on another day, on which its validities would be judged anew', async (t) => {
  const valid = { ...fact('obtenu'), validite: { du: '2026-06-01', au: '2026-11-23' } };
  const { ask, pass } = await setUp(t, {
    outcomes: { urssaf_attestation_vigilance: valid },
    startMs: Date.parse('2026-11-23T22:30:00Z'),
    freshMs: 10 * HOUR_MS,
  });
  const etat = async () => {
    const response = await ask();
    const { validite } = response.json().data.pieces.urssaf_attestation_vigilance;
    return `${validite.etat} ${response.headers['server-timing']?.toString().split(';')[0]}`;
  };
  t.equal(await etat(), 'valide collecte');
  pass(30 * MINUTE_MS - 1);
  t.equal(await etat(), 'valide conserve');
  pass(1);
  t.equal(await etat(), 'expiree collecte', 'midnight in Paris');
});

t.test(
  'a dossier that forms while the day changes is not kept: its validities were judged the day before',
  async (t) => {
    const valid = { ...fact('obtenu'), validite: { du: '2026-06-01', au: '2026-11-23' } };
    const { ask } = await setUp(t, {
      outcomes: { urssaf_attestation_vigilance: valid },
      startMs: Date.parse('2026-11-23T22:59:58Z'),
      freshMs: 10 * HOUR_MS,
      takesMs: 3_000,
    });
    const etat = async () => (await ask()).json().data.pieces.urssaf_attestation_vigilance.validite.etat;
    t.equal(await etat(), 'valide');
    t.equal(await etat(), 'expiree');
  },
);

t.test('asking anew is never answered from what is kept, and replaces it', async (t) => {
  const { ask, collected, pass } = await setUp(t);
  const first = await ask();
  pass(2_000);
  const anew = await ask(addressOf(), { 'cache-control': 'no-cache' });
  t.same(
    collected.map(({ refresh }) => refresh),
    [false, true],
  );
  t.not(anew.body, first.body, 'its pieces are of another instant');
  t.equal((await ask()).body, anew.body);
  t.equal(collected.length, 2);
});

t.test('a piece that changes takes the dossier with it', async (t) => {
  const { ask, collected, shelves } = await setUp(t);
  await ask();
  shelves.write({ siren: '130025265', field: 'x' }, keptFor({}, 60, NOON_MS));
  await ask();
  t.equal(collected.length, 1, 'not one of another company');
  shelves.write({ siren: SIRET.slice(0, 9), field: 'x' }, keptFor({}, 60, NOON_MS));
  await ask();
  t.equal(collected.length, 2);
});

const erreur = { code: '00103', titre: 'Droits' };
const FORBIDDEN: Outcome = { statut: 'non_autorise', erreur, nouvel_essai_le: null };
const PARTIAL: [string, Asked][] = [
  ['a source that is down', askedFor(unavailable('delai_depasse', '…', NOON_MS + HOUR_MS))],
  ['a source that is late', { ...askedFor(deferred(null, NOON_MS + HOUR_MS)), from: 'late' }],
  ['a stale answer', askedFor(fact('obtenu'), true)],
];

for (const [what, asked] of PARTIAL) {
  t.test(`a dossier with ${what} is not kept`, async (t) => {
    const { ask, collected } = await setUp(t, { asked: { msa_conformite_cotisations: asked } });
    t.equal((await ask()).statusCode, 200);
    t.equal((await ask()).statusCode, 200);
    t.equal(collected.length, 2);
  });
}

t.test(
  'rights that the gateway does not have keep nothing from being kept, and are looked at again within a minute',
  async (t) => {
    const outcomes = { msa_conformite_cotisations: FORBIDDEN };
    const { ask, collected, pass } = await setUp(t, { outcomes });
    await ask();
    pass(MINUTE_MS - 1);
    t.match((await ask()).json().data.pieces.msa_conformite_cotisations, { statut: 'non_autorise' });
    t.equal(collected.length, 1);
    pass(1);
    await ask();
    t.equal(collected.length, 2);
  },
);

t.test('an unknown company is collected each time, and is no dossier', async (t) => {
  const app = await build(
    t,
    async ({ sources }) => new Map(sources.map(({ source }) => [source.id, askedFor(fact('non_trouve'))])),
  );
  for (let i = 0; i < 2; i++) {
    const response = await app.inject(GOOD);
    t.equal(response.statusCode, 404);
    t.match(response.headers['cache-status'], /fwd=miss/);
  }
});

t.test('a dossier of another stage, nature or day is another dossier', async (t) => {
  const { ask, collected } = await setUp(t);
  const variants = ['', '&etape=suivi', '&nature=services', '&date=2026-11-02', '&date=2026-11-23'];
  const bodies = [];
  for (const more of variants) bodies.push((await ask(`${addressOf()}${more}`)).body);
  t.equal(collected.length, variants.length);
  for (const [i, more] of variants.entries()) {
    t.equal((await ask(`${addressOf()}${more}`)).body, bodies[i], more);
  }
  t.equal((await ask(`${addressOf()}&etape=attribution`)).body, bodies[0], 'the default, in words');
  t.equal(collected.length, variants.length, 'each is kept by itself');
});

t.test('findings of today are not those of tomorrow, nor findings of a given day for ever', async (t) => {
  const { ask, collected, pass } = await setUp(t, { freshMs: 30 * HOUR_MS });
  await ask();
  await ask(`${addressOf()}&date=2026-11-30`);
  t.equal(collected.length, 2);
  pass(13 * HOUR_MS);
  await ask();
  await ask(`${addressOf()}&date=2026-11-30`);
  t.equal(collected.length, 4, 'the day ended in Paris');
});
