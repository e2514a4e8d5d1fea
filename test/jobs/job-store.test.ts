import { pino } from 'pino';
import t, { type Test } from 'tap';
import { loadConfig } from '../../src/config.ts';
import type { TaskRef } from '../../src/jobs/job.ts';
import { KEPT_MS, MAX_RUNNING, PATIENCE_MS, type Posting } from '../../src/jobs/post-job.ts';
import type { Taken } from '../../src/jobs/work-queue.ts';
import { type Jobs, openJobs } from '../../src/open-jobs.ts';
import { Broken } from '../../src/storage/database.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { emptyFolder, onBothStores, openedAt, type Place } from '../helpers/databases.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { until } from '../helpers/start-gateway.ts';
import { sure } from '../helpers/tokens.ts';

const QUESTION = '{"membres":[{"siret":"55203253400646"}]}';
const POSTING: Posting = {
  kind: 'ouverture',
  habilitationId: 'h',
  size: 3,
  question: QUESTION,
  key: null,
  endOf: () => NOON_MS,
};
const LEASE_OVER_MS = 31_000;
/** pg-boss goes by the clock of its server: the last sign of life is moved instead. */
const SILENT =
  "UPDATE passerelle_travaux.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'";

/** As a process would: two of them share a place. */
async function openAt(t: Test, place: Place, now = () => NOON_MS): Promise<Jobs> {
  const jobs = openJobs({
    config: { ...loadConfig({}), SOURCES_URL: '', ...place },
    log: pino({ level: 'silent' }),
    now,
  });
  t.teardown(async () => {
    await jobs.queue.close();
    await jobs.close();
  });
  return jobs;
}

async function posted({ store }: Jobs, more: Partial<Posting> = {}) {
  const done = sure(await store.post({ ...POSTING, ...more }));
  if (done === 'too_many') throw new Error('too many');
  return done;
}

const places = (works: readonly TaskRef[]) => works.map(({ position }) => position).sort();
const refs = (jobId: string) => [0, 1, 2].map((position) => ({ jobId, position }));
const worksOf = (jobId: string, turn = 0) =>
  refs(jobId).map((ref) => ({ ...ref, turn: turn + ref.position }));
const alone = (jobId: string) => worksOf(jobId).slice(0, 1);

await onBothStores(t, async (t, place) => {
  await t.test('a job is found with its question, by whoever shares the store and the key', async (t) => {
    const here = await place(t);
    const { job } = await posted(await openAt(t, here));
    const other = await openAt(t, here);
    t.strictSame(sure(await other.store.find(job.id)), { job, question: QUESTION });
    t.equal(sure(await other.store.find('00000000-0000-4000-8000-000000000000')), null);
  });

  await t.test('nothing of a company is stored in the clear', async (t) => {
    const here = await place(t);
    const { store, ...rest } = await openAt(t, here);
    const { job } = await posted({ store, ...rest }, { key: { value: 'la-cle', digest: 'l-empreinte' } });
    const result = '{"secret":"SOCIETE DES ESSAIS"}';
    const toAsk = { text: '["SOCIETE"]', judgedBy: 'by' };
    const saved = { isDone: false, result, toAsk, waiting: 1, tries: 1, nextTryAtMs: NOON_MS };
    sure(await store.save({ jobId: job.id, position: 0, ...saved }, NOON_MS));
    const database = openedAt(t, here);
    const rows = [
      ...sure(await database.query('SELECT * FROM jobs')),
      ...sure(await database.query('SELECT * FROM job_tasks')),
    ];
    const text = rows
      .flatMap((row) => Object.values(row))
      .map(textOf)
      .join(' ');
    t.match(text, job.id);
    for (const clear of ['55203253400646', 'SOCIETE', 'la-cle', 'l-empreinte']) t.notMatch(text, clear);
    t.equal(sure(await store.tasks(job.id, 0, 1))[0]?.result, result);
  });

  await t.test('what is left to ask is kept, and replaced as long as nothing newer was', async (t) => {
    const here = await place(t);
    const { store } = await openAt(t, here);
    const { job } = await posted({ store } as Jobs);
    const [first, second] = refs(job.id) as [TaskRef, TaskRef];
    const saved = { isDone: false, result: '{}', waiting: 1, tries: 1, nextTryAtMs: NOON_MS };
    const toAsk = (text: string) => ({ text, judgedBy: 'monday' });
    sure(await store.save({ ...second, ...saved, toAsk: toAsk('b') }, NOON_MS));
    sure(await store.save({ ...first, ...saved, toAsk: toAsk('a') }, NOON_MS));
    sure(
      await store.save({ ...first, ...saved, tries: 2, result: null, toAsk: null, isDone: true }, NOON_MS),
    );
    const before = sure(await store.toAsk(job.id));
    t.strictSame(before, [
      { ...first, tries: 2, toAsk: toAsk('a') },
      { ...second, tries: 1, toAsk: toAsk('b') },
    ]);
    sure(await store.save({ ...second, ...saved, tries: 2, toAsk: toAsk('newer') }, NOON_MS));
    sure(
      await store.saveToAsk(before.map((task) => ({ ...task, toAsk: { text: 'c', judgedBy: 'tuesday' } }))),
    );
    const after = sure(await store.toAsk(job.id));
    t.strictSame(
      after.map((task) => task.toAsk),
      [{ text: 'c', judgedBy: 'tuesday' }, toAsk('newer')],
    );
  });

  await t.test('of two that collected a company, the first that saves it is kept', async (t) => {
    const { store } = await openAt(t, await place(t));
    const { job } = await posted({ store } as Jobs, { size: 1 });
    const ref = { jobId: job.id, position: 0 };
    const saved = { toAsk: null, waiting: 0, tries: 1, nextTryAtMs: null };
    sure(await store.save({ ...ref, ...saved, isDone: true, result: 'first' }, NOON_MS));
    const late = { ...saved, isDone: false, waiting: 3, nextTryAtMs: NOON_MS };
    sure(await store.save({ ...ref, ...late, result: 'late' }, NOON_MS));
    t.match(sure(await store.tasks(job.id, 0, 1)), [{ isDone: true, result: 'first', waiting: 0, tries: 1 }]);
    t.strictSame(sure(await store.progress(job.id)), { done: 1, waiting: 0, lastTryAtMs: null });
  });

  await t.test('a key posts once, and is of one habilitation', async (t) => {
    const jobs = await openAt(t, await place(t));
    const key = { value: 'k', digest: 'one' };
    const first = await posted(jobs, { key });
    const again = await posted(jobs, { key });
    t.strictSame([first.repeated, again.repeated, again.job], [null, { isSame: true }, first.job]);
    const other = await posted(jobs, { key: { value: 'k', digest: 'two' } });
    t.strictSame([other.repeated, other.job], [{ isSame: false }, first.job]);
    t.not((await posted(jobs, { key, habilitationId: 'other' })).job.id, first.job.id);
  });

  await t.test('a habilitation has so many jobs at once, and no more', async (t) => {
    const jobs = await openAt(t, await place(t));
    for (let i = 0; i < MAX_RUNNING; i++) await posted(jobs);
    t.equal(sure(await jobs.store.post(POSTING)), 'too_many');
    t.ok(await posted(jobs, { habilitationId: 'other' }));
  });

  await t.test('habilitations come in turn, however much one of them has posted', async (t) => {
    const { store, queue } = await openAt(t, await place(t));
    const ends: number[] = [];
    const post = async (habilitationId: string, size: number) => {
      const endOf = (companies: number) => ends.push(companies);
      const { job } = await posted({ store, queue }, { habilitationId, size, endOf });
      const works = Array.from({ length: size }, (_, position) => ({
        jobId: job.id,
        position,
        turn: job.turn + position,
      }));
      sure(await queue.add('ouverture', works));
      return job.id;
    };
    const [first, second] = [await post('large', 4), await post('large', 4)];
    const taken = sure(await queue.take('ouverture', 2));
    for (const ref of taken) {
      const saved = { isDone: true, result: null, toAsk: null, waiting: 0, tries: 1, nextTryAtMs: null };
      sure(await store.save({ ...ref, ...saved }, NOON_MS));
      sure(await queue.finish(ref));
    }
    const small = await post('small', 3);
    const next = async (count: number) =>
      sure(await queue.take('ouverture', count))
        .map(({ jobId }) => jobId)
        .sort();
    t.strictSame(await next(4), [first, first, small, small].sort());
    t.strictSame(await next(2), [second, small].sort());
    t.strictSame(ends, [4, 8, 6], 'so many companies come before the end of each');
  });

  await t.test('a job ends with its last company, and is deleted when its time is over', async (t) => {
    let nowMs = NOON_MS;
    const { store, ...rest } = await openAt(t, await place(t), () => nowMs);
    const { job } = await posted({ store, ...rest });
    for (const ref of refs(job.id)) {
      t.equal(sure(await store.find(job.id))?.job.state, 'en_cours');
      const saved = { isDone: true, result: null, toAsk: null, waiting: 0, tries: 1, nextTryAtMs: null };
      sure(await store.save({ ...ref, ...saved }, NOON_MS - 3_000 + ref.position));
    }
    t.match(sure(await store.find(job.id))?.job, { state: 'terminee', begunAtMs: NOON_MS - 3_000 });
    t.strictSame(sure(await store.progress(job.id)), { done: 3, waiting: 0, lastTryAtMs: null });
    nowMs += PATIENCE_MS + KEPT_MS - 1;
    t.equal(sure(await store.purge()), 0);
    nowMs += 1;
    t.equal(sure(await store.purge()), 1);
    t.equal(sure(await store.find(job.id)), null);
  });

  await t.test('a work is taken by one process at a time, however often it is added', async (t) => {
    const here = await place(t);
    const [one, other] = [await openAt(t, here), await openAt(t, here)];
    sure(await one.queue.add('ouverture', worksOf('j')));
    sure(await other.queue.add('ouverture', worksOf('j')));
    const [a, b] = await Promise.all([one.queue.take('ouverture', 2), other.queue.take('ouverture', 2)]);
    t.strictSame(places([...sure(a), ...sure(b)]), [0, 1, 2]);
    t.strictSame(sure(await other.queue.take('prompte', 9)), []);
    for (const work of sure(a)) sure(await one.queue.finish(work));
    for (const work of sure(b)) sure(await other.queue.putBack(work, NOON_MS));
    t.strictSame(places(sure(await one.queue.take('ouverture', 9))), places(sure(b)));
  });

  await t.test('a work put back for later is not taken before', async (t) => {
    const { queue } = await openAt(t, await place(t));
    sure(await queue.add('prompte', alone('j')));
    const [work] = sure(await queue.take('prompte', 1)) as [Taken];
    sure(await queue.putBack(work, NOON_MS + 3_600_000));
    t.strictSame(sure(await queue.take('prompte', 1)), []);
  });

  await t.test('a work that was put back is taken in its turn', async (t) => {
    const { queue } = await openAt(t, await place(t));
    sure(await queue.add('ouverture', alone('old')));
    const [work] = sure(await queue.take('ouverture', 1)) as [Taken];
    sure(await queue.add('ouverture', worksOf('young', 1)));
    sure(await queue.putBack(work, NOON_MS));
    const [next] = sure(await queue.take('ouverture', 1));
    t.match(next, { jobId: 'old', position: 0 });
  });

  await t.test('who lost a lease says nothing about the work any more', async (t) => {
    const here = await place(t);
    let nowMs = NOON_MS;
    const [late, heir] = [await openAt(t, here, () => nowMs), await openAt(t, here, () => nowMs)];
    sure(await late.queue.add('prompte', alone('j')));
    const [lost] = sure(await late.queue.take('prompte', 1)) as [Taken];
    nowMs += LEASE_OVER_MS;
    if (here.DATABASE_URL) sure(await openedAt(t, here).query(SILENT));
    await until(async () => sure(await heir.queue.take('prompte', 1)).length === 1, 30_000);
    sure(await late.queue.finish(lost));
    sure(await late.queue.putBack(lost, NOON_MS));
    nowMs += 1;
    t.strictSame(sure(await late.queue.take('prompte', 1)), [], 'the heir has it still');
  });

  await t.test('what a process that died had taken is taken by another once its lease is over', async (t) => {
    const here = await place(t);
    let nowMs = NOON_MS;
    const [dead, heir] = [await openAt(t, here), await openAt(t, here, () => nowMs)];
    sure(await dead.queue.add('prompte', worksOf('j')));
    t.equal(sure(await dead.queue.take('prompte', 9)).length, 3);
    t.strictSame(sure(await heir.queue.take('prompte', 9)), []);
    nowMs += LEASE_OVER_MS;
    if (here.DATABASE_URL) sure(await openedAt(t, here).query(SILENT));
    const taken: Taken[] = [];
    await until(async () => taken.push(...sure(await heir.queue.take('prompte', 9))) === 3, 30_000);
    t.strictSame(places(taken), [0, 1, 2]);
  });
});

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}

await t.test('what is asked of a Postgres that has just come is answered, tables or not', async (t) => {
  const server = await startPostgres(t);
  await server.kill();
  const { store, queue } = await openAt(t, { DATABASE_URL: server.url, DATA_DIR: emptyFolder(t) });
  t.type(await store.post(POSTING), Broken);
  await server.restart();
  t.not(sure(await store.post(POSTING)), 'too_many');
  sure(await queue.add('ouverture', worksOf('j')));
});

await t.test('a Postgres that hangs is one that is away', async (t) => {
  const server = await startPostgres(t);
  const { queue } = await openAt(t, { DATABASE_URL: server.url, DATA_DIR: emptyFolder(t) });
  sure(await queue.add('prompte', worksOf('j')));
  server.pause();
  const [taken, added] = await Promise.all([queue.take('prompte', 1), queue.add('prompte', worksOf('k'))]);
  server.resume();
  t.type(taken, Broken);
  t.type(added, Broken);
});
