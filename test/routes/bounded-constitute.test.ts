import t from 'tap';
import { createShed } from '../../src/plugins/overload.ts';
import { createBoundedConstitute } from '../../src/routes/bounded-constitute.ts';
import type { Constitute, Constituted } from '../../src/routes/constitute-dossier.ts';
import type { DossierQuestion } from '../../src/routes/dossier-question.ts';
import { build, collectOf, fact, GOOD } from '../helpers/app.ts';

const question = {} as DossierQuestion;
const NOTHING: Constituted = { dossier: null, collected: new Map(), mere: null, today: '2026-11-23' };

/** At most so many at once, each of which ends as the test says. */
function setUp(maxUnderWay: number) {
  const works: PromiseWithResolvers<Constituted>[] = [];
  let sheds = 0;
  const asked: DossierQuestion[] = [];
  const constitute: Constitute = (one) => {
    asked.push(one);
    const work = Promise.withResolvers<Constituted>();
    works.push(work);
    return work.promise;
  };
  const bounded = createBoundedConstitute(
    constitute,
    createShed(() => {
      sheds += 1;
    }),
    maxUnderWay,
  );
  return { bounded, works, asked, sheds: () => sheds };
}

/** Until nothing that was accepted waits for its turn any more. */
async function allTurns(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
}

t.test('what is one too many is refused at once, what is under way is not', async (t) => {
  const { bounded, works, sheds } = setUp(2);
  const accepted = [bounded(question), bounded(question)];
  await t.rejects(bounded(question), /passerelle-indisponible/);
  t.equal(sheds(), 1);
  await allTurns();
  t.equal(works.length, 2);
  for (const work of works) work.resolve(NOTHING);
  t.same(await Promise.all(accepted), [NOTHING, NOTHING]);
});

t.test('as soon as one ends, well or badly, there is room for another', async (t) => {
  const { bounded, works, sheds } = setUp(2);
  const [first, second] = [bounded(question), bounded(question)];
  await allTurns();
  works[0]?.resolve(NOTHING);
  await first;
  const third = bounded(question);
  works[1]?.reject(new Error('a bug'));
  await t.rejects(second, /a bug/);
  const fourth = bounded(question);
  await allTurns();
  t.equal(works.length, 4);
  t.equal(sheds(), 0);
  for (const work of works) work.resolve(NOTHING);
  await Promise.all([third, fourth]);
});

t.test('those that come together begin a few at a time, in the order in which they came', async (t) => {
  const { bounded, works, asked } = setUp(1_000);
  const questions = Array.from({ length: 100 }, (_, n) => ({ n }) as unknown as DossierQuestion);
  const accepted = questions.map((one) => bounded(one));
  await new Promise(setImmediate);
  t.ok(works.length > 0 && works.length < 100, `${works.length} begun in one turn`);
  await allTurns();
  t.strictSame(asked, questions);
  for (const work of works) work.resolve(NOTHING);
  t.equal((await Promise.all(accepted)).length, 100);
});

t.test('a flood is refused while it comes, and those who were accepted are served', async (t) => {
  const { bounded, works, sheds } = setUp(10_000);
  const flood = Array.from({ length: 1_000 }, () => bounded(question).catch(() => null));
  t.ok(sheds() > 0, 'before any of them has begun to take time');
  await allTurns();
  t.equal(works.length + sheds(), 1_000);
  for (const work of works) work.resolve(NOTHING);
  const served = (await Promise.all(flood)).filter((one) => one === NOTHING);
  t.equal(served.length, works.length);
  t.ok(served.length >= 100);
});

t.test('a question and its listeners go through untouched', async (t) => {
  const given: unknown[] = [];
  const bounded = createBoundedConstitute(
    async (...all) => {
      given.push(...all);
      return NOTHING;
    },
    createShed(() => {}),
  );
  const options = { traceparent: '00-1-2-01' };
  await bounded(question, options);
  t.same(given, [question, options]);
});

t.test(
  'who asks for one dossier too many is told to come back; who asks for what is kept is served',
  async (t) => {
    let collect = collectOf({ douanes_eori: fact('obtenu', {}) });
    const app = await build(t, (collecting) => collect(collecting));
    t.equal((await app.inject(GOOD)).statusCode, 200);
    collect = createShed(() => {});
    const refused = await app.inject({ url: GOOD, headers: { 'cache-control': 'no-cache' } });
    t.equal(refused.statusCode, 503);
    t.match(refused.headers, {
      'retry-after': '5',
      'content-type': /problem\+json/,
      'cache-control': 'no-store',
    });
    t.match(refused.json(), { type: '/problemes/passerelle-indisponible' });
    t.equal((await app.inject(GOOD)).statusCode, 200);
  },
);
