import t from 'tap';
import { estimateByQuotas, estimateOf } from '../../src/jobs/estimate.ts';
import type { Job } from '../../src/jobs/job.ts';
import { NOON_MS } from '../helpers/answer.ts';

const MINUTE_MS = 60_000;
const TAX = { calls: 1, perMinute: 5 };
const JOB: Job = {
  id: 'j',
  kind: 'ouverture',
  habilitationId: 'h',
  state: 'en_cours',
  size: 200,
  turn: 0,
  createdAtMs: NOON_MS,
  begunAtMs: NOON_MS,
  untilMs: NOON_MS + 86_400_000,
  endedAtMs: null,
  purgeAtMs: NOON_MS + 31 * 86_400_000,
  estimatedAtMs: NOON_MS + 40 * MINUTE_MS,
};

/** Minutes from noon, to the nearest, so long after noon and with so many companies done. */
function minutes(atMinute: number, done: number, job: Partial<Job> = {}, lastTryAtMs: number | null = null) {
  const nowMs = NOON_MS + atMinute * MINUTE_MS;
  const byQuotas = (companies: number) => estimateByQuotas(companies, [TAX], nowMs);
  const atMs = estimateOf({ ...JOB, ...job }, { done, waiting: 0, lastTryAtMs }, byQuotas, nowMs);
  return Math.round((atMs - NOON_MS) / MINUTE_MS);
}

t.test('the scarcest quota tells how long so many companies take', async (t) => {
  const needs = [{ calls: 20, perMinute: 250 }, TAX];
  t.equal(estimateByQuotas(200, needs, NOON_MS), NOON_MS + 40.25 * MINUTE_MS);
  t.equal(estimateByQuotas(200, [], NOON_MS), NOON_MS + MINUTE_MS / 4);
});

t.test('a job at the pace of its quotas is estimated alike from its beginning to its end', async (t) => {
  for (const minute of [0, 1, 2, 10, 20, 39]) {
    t.ok(Math.abs(minutes(minute, minute * 5) - 40) <= 1, `after ${minute} minutes`);
  }
});

t.test('the first companies are done in a burst, which tells little', async (t) => {
  t.ok(minutes(1, 19) >= 37);
  t.ok(minutes(1, 20) >= 22);
});

t.test(
  'a job that is slower or faster than its quotas is estimated at its own pace, in the end',
  async (t) => {
    t.equal(minutes(40, 100), 77);
    t.equal(minutes(1, 190), 1);
  },
);

t.test('a job behind others begins after them', async (t) => {
  t.equal(minutes(5, 0, { begunAtMs: null, estimatedAtMs: NOON_MS + 90 * MINUTE_MS }), 90);
  t.equal(minutes(88, 0, { begunAtMs: null, estimatedAtMs: NOON_MS + 90 * MINUTE_MS }), 128);
});

t.test(
  'it ends no sooner than the last try that a source announced, and with its time at the latest',
  async (t) => {
    t.equal(minutes(39, 195, {}, NOON_MS + 120 * MINUTE_MS), 120);
    t.equal(minutes(39, 195, { untilMs: NOON_MS + 60 * MINUTE_MS }, NOON_MS + 120 * MINUTE_MS), 60);
  },
);
