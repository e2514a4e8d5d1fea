import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import type { Asked, Asking, AskSource } from '../../src/collection/ask-source.ts';
import { createCollect } from '../../src/collection/collect.ts';
import { until } from '../../src/collection/collect-further.ts';
import { deferred } from '../../src/dossier/outcome.ts';
import { cibtpAttestationCongesPayes as CIBTP } from '../../src/sources/cibtp-attestation-conges-payes.ts';
import { msaConformiteCotisations as MSA } from '../../src/sources/msa-conformite-cotisations.ts';
import type { Source } from '../../src/sources/source.ts';
import { urssafAttestationVigilance as URSSAF } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { askedFor, fact } from '../helpers/app.ts';
import { createAsker, tracing, UP_TO_DATE } from '../helpers/asker.ts';

const ANSWER = askedFor(fact('obtenu'));
const STALE = askedFor(fact('obtenu'), true);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const readyPromises = () => new Promise(setImmediate);

function late(untilMs: number): Asked {
  return { outcome: deferred(null, untilMs), perime: false, from: 'late', freshUntilMs: null, entry: null };
}

function asking(answer: Asking['answer'], meanwhile: Asked = late(NOON_MS + 15_000)): Asking {
  return { answer, meanwhile: () => meanwhile };
}

/** Under way for ever. */
const never = () => asking(new Promise(() => {}));

/** A collection whose deadline falls when the test says. */
function setUp(ask: AskSource, sources: Source[] = [MSA, URSSAF, CIBTP], isTelling = true) {
  const bugs: string[] = [];
  const told: [string, Asked][] = [];
  const delays: number[] = [];
  let ring = () => {};
  let cancelled = 0;
  const collect = createCollect({
    ask,
    now: () => NOON_MS,
    onBug: ({ id }, error) => bugs.push(`${id}: ${(error as Error).message}`),
    schedule: (callback, delayMs) => {
      delays.push(delayMs);
      ring = callback;
      return () => {
        cancelled += 1;
      };
    },
  });
  const run = (waitMs: number) =>
    collect({
      subject: subjectOf(),
      sources: sources.map((source) => ({ source, turn: null })),
      tracing,
      refresh: false,
      waitMs,
      traceparent: '00-1-2-01',
      onAsked: (source, asked) => isTelling && told.push([source.id, asked]),
    });
  return { run, ring: () => ring(), bugs, told, delays, cancelled: () => cancelled };
}

t.test('all answers are there as soon as the last has come, at once or later', async (t) => {
  const { run, told, delays, cancelled } = setUp(({ source }) =>
    asking(source === URSSAF ? Promise.resolve(ANSWER) : ANSWER),
  );
  const collected = await run(5000);
  t.strictSame([...collected.keys()].sort(), [MSA.id, URSSAF.id, CIBTP.id].sort());
  t.equal(told.length, 3);
  t.strictSame(delays, [5000]);
  t.equal(cancelled(), 1, 'no timer is left behind');
});

t.test('each source is asked the question of the caller, who waits for it', async (t) => {
  const questions: unknown[] = [];
  await setUp((question) => {
    questions.push(question);
    return asking(ANSWER);
  }).run(1000);
  const common = { subject: subjectOf(), tracing, refresh: false, lane: 'waiting', traceparent: '00-1-2-01' };
  t.match(questions, [
    { ...common, source: { id: MSA.id } },
    { ...common, source: { id: URSSAF.id } },
    { ...common, source: { id: CIBTP.id } },
  ]);
});

t.test('without a source there is nothing to wait for', async (t) => {
  const { run, cancelled } = setUp(never, []);
  t.equal((await run(1000)).size, 0);
  t.equal(cancelled(), 1);
});

t.test(
  'what is late at the deadline is differe, says when it is expected, and is told once only',
  async (t) => {
    const answer = Promise.withResolvers<Asked>();
    const { run, ring, told } = setUp(({ source }) =>
      source === URSSAF ? asking(answer.promise, late(NOON_MS + 25_000)) : asking(ANSWER),
    );
    const running = run(1000);
    await readyPromises();
    ring();
    const collected = await running;
    t.match(collected.get(URSSAF.id), {
      from: 'late',
      outcome: { statut: 'differe', nouvel_essai_le: '2026-11-23T11:00:25Z', erreur: null },
    });
    t.equal(collected.get(MSA.id)?.outcome.statut, 'obtenu');
    answer.resolve(ANSWER);
    await readyPromises();
    t.strictSame(told.map(([id]) => id).sort(), [CIBTP.id, MSA.id, URSSAF.id]);
    t.equal(collected.get(URSSAF.id)?.from, 'late', 'what was given does not change behind the caller');
  },
);

t.test('what is kept, stale as it is, is given at the deadline in place of nothing', async (t) => {
  const { run, ring } = setUp(() => asking(new Promise(() => {}), STALE));
  const running = run(1000);
  ring();
  t.same(
    [...(await running).values()].map(({ perime, outcome }) => [perime, outcome.statut]),
    Array.from({ length: 3 }, () => [true, 'obtenu']),
  );
});

t.test('nobody waits for what is known to come after the deadline', async (t) => {
  const atMs = NOON_MS + 40_000;
  const { run, cancelled } = setUp(({ source }, onDelayed) => {
    if (source !== URSSAF) return asking(readyPromises().then(() => ANSWER));
    onDelayed?.(atMs);
    return asking(new Promise(() => {}), late(atMs));
  });
  const collected = await run(5000);
  t.match(collected.get(URSSAF.id), {
    from: 'late',
    outcome: { statut: 'differe', nouvel_essai_le: '2026-11-23T11:00:40Z' },
  });
  for (const source of [MSA, CIBTP])
    t.equal(collected.get(source.id)?.from, 'called', 'the others are waited for');
  t.ok(cancelled() >= 1);
});

t.test('what is delayed within the wait is waited for', async (t) => {
  const answer = Promise.withResolvers<Asked>();
  const { run } = setUp(({ source }, onDelayed) => {
    if (source !== URSSAF) return asking(ANSWER);
    onDelayed?.(NOON_MS + 4_999);
    return asking(answer.promise);
  });
  const running = run(5000);
  await readyPromises();
  answer.resolve(ANSWER);
  t.equal((await running).get(URSSAF.id)?.from, 'called');
});

t.test('what was left is taken all the same when it comes before the others', async (t) => {
  const sources: Source[] = [MSA, URSSAF, CIBTP];
  const answers = new Map(sources.map((source) => [source, Promise.withResolvers<Asked>()]));
  const { run, told } = setUp(({ source }, onDelayed) => {
    if (source === URSSAF) onDelayed?.(NOON_MS + 60_000);
    return asking(answers.get(source)?.promise as Promise<Asked>);
  });
  const running = run(5000);
  for (const source of [URSSAF, MSA, CIBTP]) {
    answers.get(source)?.resolve(ANSWER);
    await readyPromises();
  }
  t.equal((await running).get(URSSAF.id)?.from, 'called');
  t.equal(told.length, 3);
});

t.test('what is late goes on in the background and is kept for the next caller', async (t) => {
  const answer = Promise.withResolvers<typeof UP_TO_DATE>();
  const { ask, settled } = createAsker(() => answer.promise);
  const { run, ring } = setUp(({ source }, onDelayed) => ask(source, {}, onDelayed), [MSA]);
  const first = run(1000);
  await readyPromises();
  ring();
  t.match((await first).get(MSA.id), { from: 'late' });
  answer.resolve(UP_TO_DATE);
  await settled();
  t.match((await run(0)).get(MSA.id), { from: 'kept', outcome: { statut: 'obtenu' } });
});

t.test('a caller who does not wait still gets what is kept', async (t) => {
  const { run, delays } = setUp(() => asking(Promise.resolve(ANSWER)));
  t.equal((await run(0)).get(MSA.id)?.outcome.statut, 'obtenu');
  t.ok((delays[0] as number) > 0 && (delays[0] as number) < 100, 'the time of a reading');
});

t.test('a bug in one source loses its piece, is reported, and never fails the collection', async (t) => {
  const { run, bugs, cancelled } = setUp(({ source }) => {
    if (source === MSA) throw new Error('at once');
    return asking(source === URSSAF ? Promise.reject(new Error('later')) : ANSWER);
  });
  const collected = await run(1000);
  t.same(bugs, [`${MSA.id}: at once`, `${URSSAF.id}: later`]);
  for (const source of [MSA, URSSAF]) {
    t.match(collected.get(source.id), {
      outcome: { statut: 'indisponible', erreur: { code: 'erreur_interne' } },
      entry: null,
    });
  }
  t.equal(collected.get(CIBTP.id)?.outcome.statut, 'obtenu');
  t.equal(cancelled(), 1);
});

t.test('a bug in how a source is asked loses its piece too', async (t) => {
  const { ask } = createAsker(() => UP_TO_DATE);
  const broken: Source = {
    ...URSSAF,
    paths: () => {
      throw new Error('no path');
    },
  };
  const { run, bugs } = setUp(({ source }) => ask(source), [broken, MSA]);
  const collected = await run(1000);
  t.same(bugs, [`${URSSAF.id}: no path`]);
  t.match(collected.get(MSA.id), { outcome: { statut: 'obtenu' } });
});

t.test('a question under way for long holds nothing of the collections that are over', async (t) => {
  const underWay = new Promise<Asked>(() => {});
  const answers: WeakRef<object>[] = [];
  const { run, ring } = setUp(
    ({ source }) => {
      if (source === URSSAF) return asking(underWay);
      const answer = askedFor({ ...fact('obtenu') });
      answers.push(new WeakRef(answer), new WeakRef(answer.outcome));
      return asking(answer);
    },
    [MSA, URSSAF],
    false,
  );
  await (async () => {
    const collecting = run(5000);
    ring();
    await collecting;
  })();
  await readyPromises();
  collectGarbage();
  t.strictSame(
    answers.map((answer) => answer.deref()),
    [undefined, undefined],
  );
  t.ok(underWay);
});

t.test('a collection that begins once it is to end waits for nothing', async (t) => {
  const stopping = new AbortController();
  stopping.abort();
  const collect = createCollect({
    ask: never,
    now: () => NOON_MS,
    onBug: () => {},
    schedule: until(stopping.signal),
  });
  const sources = [{ source: MSA, turn: null }];
  const collected = await collect({
    subject: subjectOf(),
    sources,
    tracing,
    refresh: false,
    waitMs: 1_000_000,
  });
  t.equal(collected.get(MSA.id)?.from, 'late');
});
