import type { Seal } from '../keeping/seal.ts';
import { Broken, type Database, type Row } from '../storage/database.ts';
import type { Job, Kind, Task, TaskRef, ToAsk, Work } from './job.ts';
import { JOB_COLUMNS, jobIn, numberOrNull } from './job-rows.ts';
import { createPostJob, type Posted, type Posting } from './post-job.ts';
import { createSealedText } from './sealed-text.ts';
import { createToAskStore, nameOfToAsk, type ToAskStore } from './to-ask-store.ts';

/** What jobs are made of, until their time is over. Who may read them is for others to say. */
export interface JobStore extends ToAskStore {
  post(posting: Posting): Promise<Posted | Broken>;
  find(id: string): Promise<{ job: Job; question: string } | null | Broken>;
  tasks(jobId: string, from: number, count: number): Promise<Task[] | Broken>;
  progress(jobId: string): Promise<Progress | Broken>;
  /**
   * Ends the job with the last of its tasks. What is null of a result stays as it was, and so does all of it when as
   * many tries were saved already: by whoever was given it after the lease was lost.
   *
   * @param triedAtMs when the try began: with the first the job did
   */
  save(task: Task & { toAsk: ToAsk | null }, triedAtMs: number): Promise<'done' | Broken>;
  stop(jobId: string): Promise<'done' | Broken>;
  /** What remains to be done. */
  unfinished(): Promise<(Work & { kind: Kind })[] | Broken>;
  /** Deletes what is over; tells how many. */
  purge(): Promise<number | Broken>;
}

export interface Progress {
  done: number;
  /** Sources that have not answered, of the companies that were asked about. */
  waiting: number;
  /** The latest of the tries to come; null when none is. */
  lastTryAtMs: number | null;
}

export interface JobStoreOptions {
  /** With the tables of `job-schema`. */
  database: Database;
  /** The first closes; what was closed by the others still opens. */
  seals: readonly [Seal, ...Seal[]];
  now: () => number;
}

export function createJobStore({ database, seals, now }: JobStoreOptions): JobStore {
  const [seal] = seals;
  const { close, open } = createSealedText(seals);

  const nameOfResult = ({ jobId, position }: TaskRef) => `${jobId} ${position}`;

  function taskIn(row: Row): Task {
    const ref = { jobId: String(row.job_id), position: Number(row.position) };
    return {
      ...ref,
      isDone: Number(row.is_done) === 1,
      result: open(row.result, nameOfResult(ref)),
      waiting: numberOrNull(row.waiting),
      tries: Number(row.tries),
      nextTryAtMs: numberOrNull(row.next_try_at_ms),
    };
  }

  function valuesOf({ toAsk, ...task }: Task & { toAsk: ToAsk | null }) {
    const { jobId, position, isDone, result, waiting, tries, nextTryAtMs } = task;
    return [
      jobId,
      position,
      isDone ? 1 : 0,
      result === null ? null : close(result, nameOfResult(task)),
      waiting,
      tries,
      nextTryAtMs,
      toAsk && close(toAsk.text, nameOfToAsk(task)),
      toAsk?.judgedBy ?? null,
    ];
  }

  async function done(asked: Promise<unknown>): Promise<'done' | Broken> {
    const result = await asked;
    return result instanceof Broken ? result : 'done';
  }

  return {
    ...createToAskStore(database, { close, open }),
    post: createPostJob({ database, sealed: { close, open }, nameOf: seal.nameOf, now }),
    async find(id) {
      const rows = await database.query(`SELECT ${JOB_COLUMNS}, question FROM jobs WHERE id = $1`, [id]);
      if (rows instanceof Broken || !rows[0]) return rows instanceof Broken ? rows : null;
      const question = open(rows[0].question, id);
      return question === null
        ? new Broken('a job was sealed with another key')
        : { job: jobIn(rows[0]), question };
    },
    async tasks(jobId, from, count) {
      const rows = await database.query(
        'SELECT * FROM job_tasks WHERE job_id = $1 AND position >= $2 ORDER BY position LIMIT $3',
        [jobId, from, count],
      );
      return rows instanceof Broken ? rows : rows.map(taskIn);
    },
    async progress(jobId) {
      const rows = await database.query(
        `SELECT SUM(is_done) AS done, SUM(CASE WHEN is_done = 0 THEN waiting ELSE 0 END) AS waiting,
           MAX(CASE WHEN is_done = 0 THEN next_try_at_ms END) AS last
         FROM job_tasks WHERE job_id = $1`,
        [jobId],
      );
      if (rows instanceof Broken) return rows;
      const [row] = rows;
      return {
        done: Number(row?.done ?? 0),
        waiting: Number(row?.waiting ?? 0),
        lastTryAtMs: numberOrNull(row?.last),
      };
    },
    save: (task, triedAtMs) =>
      database.transaction<'done'>(async (query) => {
        const { jobId } = task;
        await query(SAVE, valuesOf(task));
        await query('UPDATE jobs SET begun_at_ms = COALESCE(begun_at_ms, $2) WHERE id = $1', [
          jobId,
          triedAtMs,
        ]);
        if (task.isDone) await query(END_WHEN_DONE, [jobId, now()]);
        return 'done';
      }),
    stop: (jobId) =>
      done(
        database.query(
          "UPDATE jobs SET state = 'interrompue', ended_at_ms = $2 WHERE id = $1 AND state = 'en_cours'",
          [jobId, now()],
        ),
      ),
    async unfinished() {
      const rows = await database.query(
        `SELECT t.job_id, t.position, j.turn, j.kind FROM job_tasks t JOIN jobs j ON j.id = t.job_id
         WHERE t.is_done = 0 AND j.state = 'en_cours' ORDER BY j.created_at_ms, j.id, t.position`,
      );
      if (rows instanceof Broken) return rows;
      return rows.map((row) => ({
        jobId: String(row.job_id),
        position: Number(row.position),
        turn: Number(row.turn) + Number(row.position),
        kind: row.kind as Kind,
      }));
    },
    purge: () =>
      database.transaction(async (query) => {
        const over = 'SELECT id FROM jobs WHERE purge_at_ms <= $1';
        await query(`DELETE FROM job_tasks WHERE job_id IN (${over})`, [now()]);
        const gone = await query('DELETE FROM jobs WHERE purge_at_ms <= $1 RETURNING id', [now()]);
        return gone.length;
      }),
  };
}

const SAVE = `UPDATE job_tasks
  SET is_done = $3, result = COALESCE($4, result), waiting = $5, tries = $6, next_try_at_ms = $7,
    to_ask = COALESCE($8, to_ask), judged_by = COALESCE($9, judged_by)
  WHERE job_id = $1 AND position = $2 AND tries < $6`;

const END_WHEN_DONE = `UPDATE jobs SET state = 'terminee', ended_at_ms = $2
  WHERE id = $1 AND state = 'en_cours'
    AND NOT EXISTS (SELECT 1 FROM job_tasks WHERE job_id = $1 AND is_done = 0)`;
