import t from 'tap';
import { createAskOnce, type Question } from '../../src/collection/ask-once.ts';
import type { Answer, Call, Head } from '../../src/collection/call-source.ts';
import type { Circuits } from '../../src/collection/circuits.ts';
import type { HubAnswer, QuotaBudget } from '../../src/collection/quota.ts';
import { type Failure, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { HOURLY, tracing, UP_TO_DATE } from '../helpers/asker.ts';

const PATH = '/v3/msa';
const REFUSAL = unavailable('delai_depasse', 'Source en panne', NOON_MS + 10_000);
const question: Question = {
  source: HOURLY,
  subject: subjectOf(),
  tracing,
  refresh: true,
  lane: 'background',
  traceparent: '00-1-2-01',
};

interface World {
  refusal?: ReturnType<Circuits['refusal']>;
  /** What the quota gives, after telling a delay when there is one. */
  full?: { fullUntilMs: number };
  delayedUntilMs?: number;
  call?: Answer | Failure;
  /** Of an answer whose body may break off. */
  head?: Head;
  tookMs?: number;
}

/** One call in a world that the test describes; everything that is told of it is written down. */
async function askIn({ refusal = null, full, delayedUntilMs, call = UP_TO_DATE, ...world }: World) {
  const { head = 'body' in call ? call : null, tookMs = 0 } = world;
  let nowMs = NOON_MS;
  const told = {
    calls: [] as Call[],
    taken: [] as string[],
    settled: [] as (HubAnswer | null)[],
    recorded: [] as [Outcome, number][],
    spent: [] as Question[],
    called: [] as unknown[],
    delays: [] as number[],
  };
  const circuits: Circuits = {
    refusal: () => refusal,
    record: (_source, outcome, askedMs) => void told.recorded.push([outcome, askedMs]),
    stateOf: () => ({ etat: 'ferme' }),
  };
  const quota: Pick<QuotaBudget, 'take'> = {
    async take({ bucket, lane, onDelayed }) {
      told.taken.push(`${bucket} ${lane}`);
      if (delayedUntilMs) {
        onDelayed?.(delayedUntilMs);
        nowMs = delayedUntilMs;
      }
      return full ?? { settle: (answer) => void told.settled.push(answer) };
    },
  };
  const askOnce = createAskOnce({
    circuits,
    quota: quota as QuotaBudget,
    async call({ onHead, ...given }) {
      told.calls.push(given);
      nowMs += tookMs;
      if (head) onHead?.(head);
      return call;
    },
    now: () => nowMs,
    onSpent: (given) => void told.spent.push(given),
    onCalled: ({ id }, { statut }, ms) => void told.called.push([id, statut, ms]),
  });
  const attempt = await askOnce(question, PATH, 5_000, (untilMs) => void told.delays.push(untilMs));
  return { ...attempt, ...told };
}

t.test('a call carries the question, takes its quota, and is told of everywhere', async (t) => {
  const { outcome, tookMs, calls, taken, settled, recorded, called } = await askIn({ tookMs: 300 });
  t.match(outcome, { statut: 'obtenu', obtenu_le: '2026-11-23T11:00:00Z' });
  t.equal(tookMs, 300);
  const { source, refresh, traceparent } = question;
  t.strictSame(calls, [{ source, path: PATH, tracing, refresh, timeoutMs: 5_000, traceparent }]);
  t.same(taken, ['json background']);
  t.same(settled[0], UP_TO_DATE);
  t.same(recorded.at(-1), [outcome, NOON_MS]);
  t.same(called, [[HOURLY.id, 'obtenu', 300]]);
});

t.test('a source that is left alone is answered for, without a call or a quota', async (t) => {
  for (const refusal of [REFUSAL, Promise.resolve(REFUSAL)]) {
    const { outcome, tookMs, calls, taken, recorded, called } = await askIn({ refusal });
    t.equal(outcome, REFUSAL);
    t.equal(tookMs, null);
    t.same([calls, taken, recorded, called], [[], [], [], []]);
  }
  t.match(
    (await askIn({ refusal: Promise.resolve(null) })).outcome,
    { statut: 'obtenu' },
    'a probe is a call',
  );
});

t.test('a spent quota defers until an instant, without a call, and says so to who hands over', async (t) => {
  const { outcome, tookMs, calls, spent } = await askIn({ full: { fullUntilMs: NOON_MS + 60_000 } });
  t.match(outcome, {
    statut: 'differe',
    erreur: { code: 'quota_epuise' },
    nouvel_essai_le: '2026-11-23T11:01:00Z',
  });
  t.equal(tookMs, null);
  t.same(calls, []);
  t.same(spent, [question]);
});

t.test('the wait for a quota is told, and is no time of the source', async (t) => {
  const delayedUntilMs = NOON_MS + 60_000;
  const { delays, tookMs, calls } = await askIn({ delayedUntilMs, tookMs: 200 });
  t.same(delays, [delayedUntilMs]);
  t.equal(tookMs, 200);
  t.equal(calls[0]?.timeoutMs, 5_000);
});

t.test('a 429 counts even when its body breaks off', async (t) => {
  const head = { status: 429, headers: {} };
  const { settled } = await askIn({ call: unavailable('connexion_impossible', '…', null), head });
  t.same(settled[0], head);
});

t.test('a call without an answer is settled as one that the hub may have counted', async (t) => {
  const failure = unavailable('connexion_impossible', '…', null);
  const { outcome, settled, recorded } = await askIn({ call: failure });
  t.equal(outcome, failure);
  t.same(settled, [null]);
  t.same(recorded.at(-1), [failure, NOON_MS]);
});
