import t, { type Test } from 'tap';
import { createRunner, type RunnerOptions } from '../../src/jobs/runner.ts';
import type { Jobs } from '../../src/open-jobs.ts';
import { Broken } from '../../src/storage/database.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { jobsOf } from '../helpers/app.ts';
import { until } from '../helpers/start-gateway.ts';
import { sure } from '../helpers/tokens.ts';

const ENDS_MS = 10_000;
const LEASE_OVER_MS = 31_000;
const COLLECTED = { result: 'collected', toAsk: null, waiting: 0, nextTryAtMs: NOON_MS, isDone: true };

/** A runner of one company, and its job; closed with the test. */
async function running(t: Test, { store, queue }: Jobs, more: Pick<RunnerOptions, 'tryTask' | 'now'>) {
  const posting = { kind: 'ouverture', habilitationId: 'h', size: 1, question: '{}', key: null } as const;
  const posted = sure(await store.post({ ...posting, endOf: () => NOON_MS }));
  if (posted === 'too_many') throw new Error('too many');
  const told: (string | null)[] = [];
  const runner = createRunner({
    store,
    queue,
    onBug: (error) => t.error(error),
    onAway: (reason) => told.push(reason),
    onPurged() {},
    ...more,
  });
  t.teardown(() => runner.close());
  runner.start();
  const stateOf = async () => sure(await store.find(posted.job.id))?.job.state;
  return { runner, told, stateOf, jobId: posted.job.id };
}

await t.test('what was collected while the store was away is kept, not asked for again', async (t) => {
  const { store, queue } = jobsOf(t, () => NOON_MS);
  let refusals = 0;
  let tries = 0;
  const save: typeof store.save = async (...saved) =>
    refusals++ < 2 ? new Broken('away') : store.save(...saved);
  const { told, stateOf, jobId } = await running(
    t,
    { store: { ...store, save }, queue },
    {
      now: () => NOON_MS,
      tryTask: async () => {
        tries++;
        return COLLECTED;
      },
    },
  );
  await until(async () => (await stateOf()) === 'terminee', ENDS_MS);
  t.match(sure(await store.tasks(jobId, 0, 1)), [{ result: 'collected', tries: 1 }]);
  t.equal(tries, 1);
  t.strictSame([told[0], told.at(-1)], ['away', null]);
});

await t.test('a company whose lease was lost is not collected twice at once by one process', async (t) => {
  let nowMs = NOON_MS;
  const { store, queue } = jobsOf(t, () => nowMs);
  const held = Promise.withResolvers<void>();
  let [taken, tries] = [0, 0];
  const take: typeof queue.take = async (...asked) => {
    const works = sure(await queue.take(...asked));
    taken += works.length;
    return works;
  };
  const { stateOf } = await running(
    t,
    { store, queue: { ...queue, take, renew: async () => 'done' } },
    {
      now: () => nowMs,
      tryTask: async () => {
        tries++;
        await held.promise;
        return COLLECTED;
      },
    },
  );
  await until(() => tries === 1, ENDS_MS);
  nowMs += LEASE_OVER_MS;
  await until(() => taken === 2, ENDS_MS);
  held.resolve();
  await until(async () => (await stateOf()) === 'terminee', ENDS_MS);
  t.equal(tries, 1);
  await until(async () => sure(await queue.take('ouverture', 1)).length === 0, ENDS_MS);
  nowMs += LEASE_OVER_MS;
  t.strictSame(sure(await queue.take('ouverture', 1)), [], 'nothing of it is left to be done');
});
