import t from 'tap';
import type { Answer } from '../../src/collection/call-source.ts';
import { keyOf } from '../../src/collection/question-key.ts';
import { type Failure, isFact, unavailable } from '../../src/dossier/outcome.ts';
import { dgfipAttestationFiscale } from '../../src/sources/dgfip-attestation-fiscale.ts';
import { dgfipLiassesFiscales } from '../../src/sources/dgfip-liasses-fiscales.ts';
import type { Source } from '../../src/sources/source.ts';
import { subjectOf } from '../helpers/answer.ts';
import { answer, createAsker, HOURLY, NOT_FOUND, OUTDATED, UP_TO_DATE } from '../helpers/asker.ts';
import { siretNumber } from '../helpers/gateway-on.ts';

const DOWN = unavailable('delai_depasse', 'Trop tard', null);
const HOUR_SECONDS = 3600;
const NOON = '2026-11-23T11:00:00Z';

/** A source that answers as the test says, from one moment to the next. */
function answering(first: Answer | Failure) {
  const state = { answer: first };
  return { ...createAsker(() => state.answer), state };
}

t.test('a fresh answer is given without a call, at once, and obtenu_le does not move', async (t) => {
  const { ask, asked, calls, pass } = answering(UP_TO_DATE);
  const first = await asked();
  t.match(first, { from: 'called', perime: false, outcome: { statut: 'obtenu', obtenu_le: NOON } });
  await pass(HOUR_SECONDS - 1);
  const { answer: second } = ask();
  t.notOk(second instanceof Promise, 'no promise');
  t.strictSame(second, { ...first, from: 'kept' });
  t.equal(calls.length, 1);
});

t.test('shortly after, it is given at once although stale, and asked again once behind', async (t) => {
  const { ask, asked, calls, lanes, pass, state } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS);
  state.answer = OUTDATED;
  const given = [ask(), ask(), ask()].map((asking) => asking.answer);
  for (const one of given) {
    t.match(one, { from: 'kept', perime: true, outcome: { statut: 'obtenu', obtenu_le: NOON } });
  }
  await pass(0);
  t.equal(calls.length, 2);
  t.same(lanes, ['waiting', 'background'], 'whom nobody waits for leaves the others their quota');
  t.match(await asked(), { from: 'kept', perime: false, outcome: { statut: 'refuse' } });
  t.equal(calls.length, 2);
});

t.test('a bug met behind an answer that was given is told, and takes nothing from it', async (t) => {
  const { asked, bugs, pass } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS);
  const broken: Source = { ...HOURLY, read: fail };
  t.match(await asked(broken), { perime: true, outcome: { statut: 'obtenu' } });
  await pass(0);
  t.match(bugs, [{ message: 'a bug' }]);
});

function fail(): never {
  throw new Error('a bug');
}

t.test('later it is given only if the source fails, as old as it is', async (t) => {
  const { asked, calls, pass, state } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS + 600);
  state.answer = DOWN;
  t.match(await asked(), { from: 'kept', perime: true, outcome: { statut: 'obtenu', obtenu_le: NOON } });
  t.equal(calls.length, 2);
  state.answer = NOT_FOUND;
  t.match(await asked(), { from: 'called', perime: false, outcome: { statut: 'non_trouve' } });
});

t.test('beyond its last use the failure is told', async (t) => {
  const { asked, pass, state } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS + 86_400);
  state.answer = DOWN;
  t.match(await asked(), { from: 'called', perime: false, outcome: { statut: 'indisponible' } });
});

t.test('its last use may come while the source is waited for', async (t) => {
  const late = Promise.withResolvers<Failure>();
  let isFirst = true;
  const { ask, asked, pass } = createAsker(() => {
    if (!isFirst) return late.promise;
    isFirst = false;
    return UP_TO_DATE;
  });
  await asked();
  await pass(HOUR_SECONDS + 86_400 - 5);
  const { answer: asking, meanwhile } = ask();
  t.match(meanwhile(), { perime: true, outcome: { statut: 'obtenu' } });
  await pass(5);
  t.match(meanwhile(), { from: 'late', outcome: { statut: 'differe' } });
  late.resolve(DOWN);
  t.match(await asking, { perime: false, outcome: { statut: 'indisponible' } });
});

t.test('a failure is never kept, whatever it is', async (t) => {
  for (const failure of [DOWN, answer(500, {}), answer(429, {}), answer(403, {})]) {
    const { asked, shelves } = answering(failure);
    t.match(await asked(), { from: 'called', freshUntilMs: null, entry: null });
    t.equal(shelves.read(keyOf(HOURLY, subjectOf())), null);
  }
});

t.test('who leaves first gets what is kept, stale as it is', async (t) => {
  const { ask, asked, pass, state } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS + 600);
  state.answer = new Promise<never>(() => {}) as never;
  const { meanwhile } = ask();
  t.match(meanwhile(), { from: 'kept', perime: true, outcome: { statut: 'obtenu', obtenu_le: NOON } });
});

t.test('who leaves first while nothing is kept is told when the source will have answered', async (t) => {
  const { ask } = createAsker(() => new Promise(() => {}));
  t.strictSame(ask().meanwhile(), {
    outcome: { statut: 'differe', erreur: null, nouvel_essai_le: '2026-11-23T11:00:15Z' },
    perime: false,
    from: 'late',
    freshUntilMs: null,
    entry: null,
  });
});

t.test('asking anew replaces what is kept, for everyone', async (t) => {
  const { asked, calls, state } = answering(UP_TO_DATE);
  await asked();
  state.answer = OUTDATED;
  t.match((await asked()).outcome, { statut: 'obtenu' });
  t.match(await asked(HOURLY, { refresh: true }), {
    from: 'called',
    perime: false,
    outcome: { statut: 'refuse' },
  });
  t.match(await asked(), { from: 'kept', outcome: { statut: 'refuse' } });
  t.same(
    calls.map(({ refresh }) => refresh),
    [false, true],
    'the hub is told not to answer from what it keeps',
  );
});

t.test('asking anew in vain gives what is kept, and says that it is not what was asked for', async (t) => {
  const { asked, state } = answering(UP_TO_DATE);
  const first = await asked();
  state.answer = DOWN;
  t.strictSame(await asked(HOURLY, { refresh: true }), { ...first, from: 'kept', perime: true });
  t.strictSame(await asked(), { ...first, from: 'kept' }, 'to others it is as good as before');
});

t.test(
  'a spent quota is told at once to who asks, with the instant at which the source is asked',
  async (t) => {
    const { ask, asked, pass, calls } = createAsker(() =>
      answer(200, { data: { document_url: 'https://x/y' } }),
    );
    const subject = (n: number) => subjectOf(siretNumber(n));
    for (let n = 0; n < 5; n++) await asked(dgfipAttestationFiscale, { subject: subject(n) });
    const told: number[] = [];
    const sixth = ask(dgfipAttestationFiscale, { subject: subject(5) }, (untilMs) => told.push(untilMs));
    await pass(0);
    t.equal(calls.length, 5);
    t.equal(told.length, 1);
    const [untilMs = 0] = told;
    t.ok(untilMs > Date.parse(NOON) && untilMs <= Date.parse(NOON) + 65_000, 'within the next minute');
    const instant = `${new Date(untilMs).toISOString().slice(0, 19)}Z`;
    t.match(sixth.meanwhile(), { from: 'late', outcome: { statut: 'differe', nouvel_essai_le: instant } });
    await pass(65);
    t.match(await sixth.answer, { from: 'called', outcome: { statut: 'obtenu' } });
    t.equal(calls.length, 6);
  },
);

t.test(
  'who waits for what is fetched ahead of need is answered now, where there is room for who waits',
  async (t) => {
    const { ask, pass, quota } = answering(UP_TO_DATE);
    // Well before what is left of the minute is for everybody.
    await pass(10);
    for (let n = 0; n < 150; n++) await quota.take({ bucket: 'json', lane: 'background' });
    const delays: number[] = [];
    const subject = subjectOf(siretNumber(2));
    const ahead = ask(HOURLY, { lane: 'background', subject }, (untilMs) => delays.push(untilMs));
    await new Promise(setImmediate);
    t.equal(delays.length, 1, 'the share of the background is spent');
    const told: number[] = [];
    const { answer } = ask(HOURLY, { subject }, (untilMs) => told.push(untilMs));
    t.match(await answer, { from: 'joined', outcome: { statut: 'obtenu' } });
    t.match(await ahead.answer, { from: 'called' });
    t.same(told, []);
  },
);

t.test('a quota that nobody will spend any more defers, or gives what is kept', async (t) => {
  const { asked, pass, quota } = answering(UP_TO_DATE);
  await asked();
  await pass(HOUR_SECONDS + 600);
  for (let n = 0; n < 250; n++) await quota.take({ bucket: 'json', lane: 'waiting' });
  quota.close();
  t.match(await asked(), { from: 'kept', perime: true });
  t.match(await asked(HOURLY, { subject: subjectOf(siretNumber(1)) }), {
    outcome: { statut: 'differe', erreur: { code: 'quota_epuise' } },
  });
});

t.test('what is kept elsewhere comes as a promise, and counts the same', async (t) => {
  const { ask, calls, asked } = createAsker(() => UP_TO_DATE, {
    shelvesOver: (shelves) => ({ ...shelves, read: async (key) => shelves.read(key) }),
  });
  await asked();
  const { answer: asking } = ask();
  t.ok(asking instanceof Promise);
  t.match(await asking, { from: 'kept', perime: false });
  t.equal(calls.length, 1);
});

t.test('another shape of data is another question: an old answer is never read as a new one', async (t) => {
  const schemas = { ...HOURLY.schemas, donnees: dgfipLiassesFiscales.schemas.donnees };
  const { asked, calls } = answering(UP_TO_DATE);
  await asked();
  await asked({ ...HOURLY, schemas });
  t.equal(calls.length, 2);
  t.same(keyOf({ ...HOURLY }, subjectOf()), keyOf(HOURLY, subjectOf()));
});

t.test(
  'two establishments of a company are one question where the source is asked about the company',
  async (t) => {
    const [one, other] = [
      subjectOf('55203253400646'),
      { ...subjectOf('55203253400646'), siret: '55203253400000' as never },
    ];
    t.same(keyOf(dgfipLiassesFiscales, one), keyOf(dgfipLiassesFiscales, other));
    t.not(keyOf(HOURLY, one).field, keyOf(HOURLY, other).field);
    t.ok(isFact((await answering(UP_TO_DATE).asked()).outcome));
  },
);
