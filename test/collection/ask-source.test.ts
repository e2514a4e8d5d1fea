import t from 'tap';
import { type Asked, createAskSource, keyOf } from '../../src/collection/ask-source.ts';
import type { CallSource } from '../../src/collection/call-source.ts';
import { createInFlight } from '../../src/collection/in-flight.ts';
import { createMemoryOutcomeCache } from '../../src/collection/memory-outcome-cache.ts';
import type { OutcomeCache } from '../../src/collection/outcome-cache.ts';
import { type Fact, isFact, unavailable } from '../../src/dossier/outcome.ts';
import { dgfipLiassesFiscales } from '../../src/sources/dgfip-liasses-fiscales.ts';
import { msaConformiteCotisations as msa } from '../../src/sources/msa-conformite-cotisations.ts';
import type { Source } from '../../src/sources/source.ts';
import { urssafAttestationVigilance as urssaf } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { errors, NOON_MS, single, subjectOf } from '../helpers/answer.ts';

const tracing = { context: 'Marchés publics', object: 'A', recipient: '13002526500013' };
const UP_TO_DATE = {
  status: 200,
  retryAfterSeconds: null,
  body: JSON.stringify(single({ status: 'up_to_date' })),
};
const NOT_FOUND = { status: 404, retryAfterSeconds: null, body: JSON.stringify(errors('10003')) };

/** An asker with a clock of its own, over scripted calls. */
function setUp(answer: CallSource, cache?: OutcomeCache) {
  let nowMs = NOON_MS;
  const now = () => nowMs;
  const calls: string[] = [];
  const told: unknown[] = [];
  const ask = createAskSource({
    cache: cache ?? createMemoryOutcomeCache({ maxBytes: 1_000_000, now }),
    call: (call) => {
      calls.push(call.path);
      return answer(call);
    },
    inFlight: createInFlight<Asked>(),
    now,
    onCalled: ({ id }, { statut }, tookMs) => told.push([id, statut, tookMs]),
  });
  const question = (source: Source = msa, refresh = false) =>
    ask({ source, subject: subjectOf(), tracing, refresh });
  const pass = (seconds: number) => {
    nowMs += seconds * 1000;
  };
  return { question, calls, told, pass };
}

t.test('a statement is kept: the next question needs no call, and obtenu_le does not move', async (t) => {
  const { question, calls, pass } = setUp(async () => UP_TO_DATE);
  const first = await question();
  pass(3600);
  const second = await question();
  t.equal(calls.length, 1);
  t.equal(first.from, 'called');
  t.equal(second.from, 'kept');
  t.strictSame(second.outcome, first.outcome);
  t.match(second.outcome, { statut: 'obtenu', obtenu_le: '2026-11-23T11:00:00Z' });
});

t.test('once it is no longer fresh the source is asked again', async (t) => {
  const { question, calls, pass } = setUp(async () => UP_TO_DATE);
  const { freshUntilMs } = await question();
  pass(((freshUntilMs as number) - NOON_MS) / 1000);
  const { outcome } = await question();
  t.equal(calls.length, 2);
  t.ok(isFact(outcome) && outcome.obtenu_le > '2026-11-23T11:00:00Z');
});

t.test('"not found" is kept for less time than a statement', async (t) => {
  const { freshUntilMs: found } = await setUp(async () => UP_TO_DATE).question({
    ...msa,
    absentSeconds: 600,
  });
  const { freshUntilMs: absent } = await setUp(async () => NOT_FOUND).question({
    ...msa,
    absentSeconds: 600,
  });
  t.equal(absent, NOON_MS + 600_000);
  t.ok((found as number) > (absent as number));
});

t.test(
  'a case under examination is kept as briefly, an answer until the source publishes anew',
  async (t) => {
    const examined = { status: 502, retryAfterSeconds: null, body: JSON.stringify(errors('04501')) };
    const source = { ...urssaf, freshness: { untilHour: 8 }, absentSeconds: 600 };
    const { outcome, freshUntilMs } = await setUp(async () => examined).question(source);
    t.match(outcome, { statut: 'en_examen' });
    t.equal(freshUntilMs, NOON_MS + 600_000);
    const { freshUntilMs: answered } = await setUp(async () => UP_TO_DATE).question({
      ...msa,
      freshness: { untilHour: 8 },
    });
    t.equal(answered, Date.parse('2026-11-24T07:00:00Z'), '8:00 in Paris');
  },
);

t.test('what a cache still gives after its time is not used', async (t) => {
  const { outcome } = await setUp(async () => UP_TO_DATE).question();
  const cache: OutcomeCache = {
    read: async () => ({ fact: outcome as Fact, freshUntilMs: NOON_MS }),
    write: async () => {},
  };
  const { question, calls } = setUp(async () => UP_TO_DATE, cache);
  t.equal((await question()).from, 'called');
  t.equal(calls.length, 1);
});

t.test('a failure is never kept', async (t) => {
  const { question, calls } = setUp(async () => unavailable('delai_depasse', '…', null));
  t.equal((await question()).freshUntilMs, null);
  await question();
  t.equal(calls.length, 2);
});

t.test('asking anew replaces what is kept, for everyone', async (t) => {
  let answer = UP_TO_DATE;
  const { question, calls } = setUp(async () => answer);
  await question();
  answer = { ...UP_TO_DATE, body: JSON.stringify(single({ status: 'outdated' })) };
  t.match((await question()).outcome, { statut: 'obtenu' });
  t.match((await question(msa, true)).outcome, { statut: 'refuse' });
  t.match((await question()).outcome, { statut: 'refuse' });
  t.equal(calls.length, 2);
});

t.test('each call is told once, with what came of it and how long it took', async (t) => {
  const answer = Promise.withResolvers<typeof UP_TO_DATE>();
  const { question, told, pass } = setUp(() => answer.promise);
  const asked = [question(), question()];
  await new Promise(setImmediate);
  pass(2);
  answer.resolve(UP_TO_DATE);
  await Promise.all([...asked]);
  await question();
  t.same(told, [[msa.id, 'obtenu', 2000]]);
});

t.test('asking anew in vain leaves what is kept', async (t) => {
  let answer: Awaited<ReturnType<CallSource>> = UP_TO_DATE;
  const { question } = setUp(async () => answer);
  const first = await question();
  answer = unavailable('delai_depasse', '…', null);
  t.match((await question(msa, true)).outcome, { statut: 'indisponible' });
  t.strictSame(await question(), { ...first, from: 'kept' });
});

t.test('asking anew joins a call already under way, which the source would refuse twice', async (t) => {
  const answer = Promise.withResolvers<typeof UP_TO_DATE>();
  const { question, calls } = setUp(() => answer.promise);
  const asked = [question(), question(msa, true), question(msa, true), question()];
  await new Promise(setImmediate);
  answer.resolve(UP_TO_DATE);
  const from = (await Promise.all(asked)).map((one) => one.from).sort();
  t.same(from, ['called', 'joined', 'joined', 'joined']);
  t.equal(calls.length, 1);
});

/** As a Redis that takes its time, each time another. */
function slowCache(): OutcomeCache {
  const cache = createMemoryOutcomeCache({ maxBytes: 1_000_000, now: () => NOON_MS });
  const aWhile = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  return {
    read: (key) => aWhile().then(() => cache.read(key)),
    write: (key, kept) => aWhile().then(() => cache.write(key, kept)),
  };
}

t.test('a hundred alike at once make one call, and the others say that they joined it', async (t) => {
  for (const cache of [undefined, slowCache()]) {
    const { question, calls } = setUp(async () => UP_TO_DATE, cache);
    const asked = await Promise.all(Array.from({ length: 100 }, () => question()));
    t.equal(calls.length, 1);
    t.equal(asked.filter(({ from }) => from === 'called').length, 1);
    t.equal(asked.filter(({ from }) => from === 'joined').length, 99);
    t.equal(new Set(asked.map(({ outcome }) => JSON.stringify(outcome))).size, 1);
  }
});

t.test('those who come while the first ones end make no second call either', async (t) => {
  const { question, calls } = setUp(async () => UP_TO_DATE, slowCache());
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, i / 2));
      return question();
    }),
  );
  t.equal(calls.length, 1);
});

t.test('a second path is asked only when the first does not know the company', async (t) => {
  const absent = { status: 404, retryAfterSeconds: null, body: JSON.stringify(errors('03003')) };
  const tried = setUp(async () => absent);
  t.match((await tried.question(dgfipLiassesFiscales)).outcome, { statut: 'non_trouve' });
  t.equal(tried.calls.length, 2);
  t.not(tried.calls[0], tried.calls[1]);
  const down = setUp(async () => ({
    status: 502,
    retryAfterSeconds: null,
    body: JSON.stringify(errors('03001')),
  }));
  t.match((await down.question(dgfipLiassesFiscales)).outcome, { statut: 'indisponible' });
  t.equal(down.calls.length, 1);
});

t.test(
  'another shape of data is another question, so an old answer is never read as a new one',
  async (t) => {
    const reshaped = { ...msa, schemas: { ...msa.schemas, donnees: dgfipLiassesFiscales.schemas.donnees } };
    t.not(keyOf(msa, subjectOf()), keyOf(reshaped as Source, subjectOf()));
    t.equal(keyOf(msa, subjectOf()), keyOf({ ...msa }, subjectOf()));
  },
);

t.test('a mapping that throws is a bug, and is not hidden', async (t) => {
  const broken: Source = {
    ...msa,
    read: () => {
      throw new Error('a bug');
    },
  };
  const { question, calls } = setUp(async () => UP_TO_DATE);
  await t.rejects(question(broken), /a bug/);
  await t.rejects(question(broken), /a bug/, 'and the next one asks again');
  t.equal(calls.length, 2);
});
