import t from 'tap';
import { type Asked, type AskSource, createAskSource } from '../../src/collection/ask-source.ts';
import type { CallSource } from '../../src/collection/call-source.ts';
import { type CollectedAnswer, createCollect } from '../../src/collection/collect.ts';
import { createInFlight } from '../../src/collection/in-flight.ts';
import { createMemoryOutcomeCache } from '../../src/collection/memory-outcome-cache.ts';
import { cibtpAttestationCongesPayes } from '../../src/sources/cibtp-attestation-conges-payes.ts';
import { msaConformiteCotisations } from '../../src/sources/msa-conformite-cotisations.ts';
import { urssafAttestationVigilance } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { NOON_MS, single, subjectOf } from '../helpers/answer.ts';
import { fact } from '../helpers/app.ts';

const [MSA, URSSAF, CIBTP] = [
  msaConformiteCotisations,
  urssafAttestationVigilance,
  cibtpAttestationCongesPayes,
];
const ANSWER: Asked = { outcome: fact('obtenu'), from: 'called', freshUntilMs: NOON_MS + 1000 };
const UP_TO_DATE = JSON.stringify(single({ status: 'up_to_date' }));
const fixed: () => Promise<Asked> = async () => ANSWER;

/** A collection whose deadline falls when the test says. */
function setUp(ask: AskSource) {
  const bugs: unknown[] = [];
  const told: [string, CollectedAnswer][] = [];
  const delays: number[] = [];
  let ring = () => {};
  let cancelled = 0;
  const collect = createCollect({
    ask,
    now: () => NOON_MS,
    onBug: (_, error) => bugs.push(error),
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
      sources: [MSA, URSSAF, CIBTP],
      tracing: { context: 'c', object: 'o', recipient: 'r' },
      refresh: false,
      waitMs,
      onAsked: (source, asked) => told.push([source.id, asked]),
    });
  return { run, ring: () => ring(), bugs, told, delays, cancelled: () => cancelled };
}

t.test('all answers are there as soon as the last has come', async (t) => {
  const { run, told, delays, cancelled } = setUp(async () => ANSWER);
  const collected = await run(5000);
  t.strictSame([...collected.keys()], [MSA.id, URSSAF.id, CIBTP.id]);
  t.equal(told.length, 3);
  t.strictSame(delays, [5000]);
  t.equal(cancelled(), 1, 'no timer is left behind');
});

t.test(
  'what is late at the deadline is differe, says when to come back, and is told once only',
  async (t) => {
    let answerLate = (_: Asked) => {};
    const late = new Promise<Asked>((resolve) => {
      answerLate = resolve;
    });
    const { run, ring, told } = setUp(({ source }) => (source === URSSAF ? late : Promise.resolve(ANSWER)));
    const running = run(1000);
    await new Promise(setImmediate);
    ring();
    const collected = await running;
    t.match(collected.get(URSSAF.id), {
      from: 'late',
      outcome: { statut: 'differe', nouvel_essai_le: '2026-11-23T11:00:25Z', erreur: null },
    });
    t.equal(collected.get(MSA.id)?.outcome.statut, 'obtenu');
    answerLate(ANSWER);
    await new Promise(setImmediate);
    t.strictSame(told.map(([id]) => id).sort(), [CIBTP.id, MSA.id, URSSAF.id]);
    t.equal(
      collected.get(URSSAF.id)?.outcome.statut,
      'differe',
      'what was given does not change behind the caller',
    );
  },
);

t.test('what is late goes on in the background and is kept for the next caller', async (t) => {
  const answer = Promise.withResolvers<Awaited<ReturnType<CallSource>>>();
  const inFlight = createInFlight<Asked>();
  const now = () => NOON_MS;
  const cache = createMemoryOutcomeCache({ maxBytes: 1_000_000, now });
  const ask = createAskSource({ cache, call: () => answer.promise, inFlight, now });
  const { run, ring } = setUp((question) => (question.source === MSA ? ask(question) : fixed()));
  const first = run(1000);
  await new Promise(setImmediate);
  ring();
  t.match((await first).get(MSA.id), { from: 'late' });
  answer.resolve({ status: 200, retryAfterSeconds: null, body: UP_TO_DATE });
  await inFlight.settled();
  t.match((await run(0)).get(MSA.id), { from: 'kept', outcome: { statut: 'obtenu' } });
});

t.test('a caller who does not wait still gets what is kept', async (t) => {
  const { run, delays } = setUp(async () => ANSWER);
  t.equal((await run(0)).get(MSA.id)?.outcome.statut, 'obtenu');
  t.ok((delays[0] as number) > 0 && (delays[0] as number) < 100, 'the time of a reading');
});

t.test('a bug in one source loses its piece, is reported, and never fails the collection', async (t) => {
  const { run, bugs } = setUp(({ source }) => {
    if (source === MSA) throw new Error('at once');
    return source === URSSAF ? Promise.reject(new Error('later')) : Promise.resolve(ANSWER);
  });
  const collected = await run(1000);
  t.equal(bugs.length, 2);
  for (const source of [MSA, URSSAF]) {
    t.match(collected.get(source.id)?.outcome, {
      statut: 'indisponible',
      erreur: { code: 'erreur_interne' },
    });
  }
  t.equal(collected.get(CIBTP.id)?.outcome.statut, 'obtenu');
});
