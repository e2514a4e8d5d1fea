import { randomUUID } from 'node:crypto';
import type { Seal } from '../keeping/seal.ts';
import { Broken, type Database, type Query, type Row } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import type { Job, JobState, Kind, Task, TaskRef, ToAsk } from './job.ts';
import { JOB_MIGRATIONS } from './job-schema.ts';
import { createSealedText } from './sealed-text.ts';
import { createToAskStore, nameOfToAsk, type ToAskStore } from './to-ask-store.ts';

export interface Posting extends Pick<Job, 'kind' | 'habilitationId' | 'size' | 'estimatedAtMs'> {
  /** What was asked, as text. */
  question: string;
  /** What its sender calls it, so that sending it twice asks once; null when nobody does. */
  key: { value: string; digest: string } | null;
}

/** `repeated`: its key was used before, for the same or for something else. */
export type Posted = { job: Job; repeated: { isSame: boolean } | null } | 'too_many';

/** What jobs are made of, until their time is over. Who may read them is for others to say. */
export interface JobStore extends ToAskStore {
  prepare(): Promise<'done' | Broken>;
  post(posting: Posting): Promise<Posted | Broken>;
  find(id: string): Promise<{ job: Job; question: string } | null | Broken>;
  tasks(jobId: string, from: number, count: number): Promise<Task[] | Broken>;
  progress(jobId: string): Promise<Progress | Broken>;
  /**
   * Ends the job with the last of its tasks. What is null of a result stays as it was.
   *
   * @param triedAtMs when the try began: with the first the job did
   */
  save(task: Task & { toAsk: ToAsk | null }, triedAtMs: number): Promise<'done' | Broken>;
  stop(jobId: string): Promise<'done' | Broken>;
  /** What remains to be done, oldest first. */
  unfinished(): Promise<(TaskRef & { kind: Kind })[] | Broken>;
  /** Companies that remain to be done, of jobs of these kinds. */
  backlog(kinds: readonly Kind[]): Promise<number | Broken>;
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
  database: Database;
  /** The first closes; what was closed by the others still opens. */
  seals: readonly [Seal, ...Seal[]];
  now: () => number;
}

const DAY_MS = 86_400_000;
/** How long sources are asked. */
export const PATIENCE_MS = DAY_MS;
/** How long what was collected can be read, after the end of that: the time that examining bids takes. */
export const KEPT_MS = 30 * DAY_MS;
/** Of one habilitation, at once. */
export const MAX_RUNNING = 50;
/** Companies of all that is kept of one habilitation. */
export const MAX_COMPANIES = 20_000;

const COLUMNS =
  'id, kind, habilitation_id, state, size, created_at_ms, begun_at_ms, until_ms, ended_at_ms, purge_at_ms, estimated_at_ms';

export function createJobStore({ database, seals, now }: JobStoreOptions): JobStore {
  const [seal] = seals;
  const { close, open } = createSealedText(seals);

  /** Of a key, and of the digest of what was asked: with the digest alone, who reads the table could try SIRETs. */
  const nameOfKey = (habilitationId: string, key: string) => seal.nameOf(`${habilitationId} ${key}`);
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

  async function isTooMany(query: Query, { habilitationId, size }: Posting): Promise<boolean> {
    const [row] = await query(
      `SELECT SUM(size) AS companies, SUM(CASE WHEN state = 'en_cours' THEN 1 ELSE 0 END) AS running
       FROM jobs WHERE habilitation_id = $1`,
      [habilitationId],
    );
    return Number(row?.running ?? 0) >= MAX_RUNNING || Number(row?.companies ?? 0) + size > MAX_COMPANIES;
  }

  async function insert(query: Query, posting: Posting): Promise<Job | null> {
    const id = randomUUID();
    const nowMs = now();
    const { kind, habilitationId, size, question, estimatedAtMs, key } = posting;
    const untilMs = nowMs + PATIENCE_MS;
    const rows = await query(
      `INSERT INTO jobs (id, kind, habilitation_id, state, size, question, created_at_ms, until_ms, purge_at_ms,
         estimated_at_ms, key_name, key_digest)
       VALUES ($1, $2, $3, 'en_cours', $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [
        id,
        kind,
        habilitationId,
        size,
        close(question, id),
        nowMs,
        untilMs,
        untilMs + KEPT_MS,
        estimatedAtMs,
        key && nameOfKey(habilitationId, key.value),
        key && nameOfKey(habilitationId, key.digest),
      ],
    );
    if (!rows[0]) return null;
    await query(
      `WITH RECURSIVE places (place) AS (
         SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < CAST($2 AS INTEGER)
       )
       INSERT INTO job_tasks (job_id, position, is_done, tries) SELECT CAST($1 AS TEXT), place, 0, 0 FROM places`,
      [id, size],
    );
    return jobIn(rows[0]);
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

  const rowsByKey = (habilitationId: string, key: string) =>
    [
      `SELECT ${COLUMNS}, key_digest FROM jobs WHERE key_name = $1`,
      [nameOfKey(habilitationId, key)],
    ] as const;

  function repeatedIn(row: Row, { habilitationId, key }: Posting): Posted {
    const isSame = key !== null && row.key_digest === nameOfKey(habilitationId, key.digest);
    return { job: jobIn(row), repeated: { isSame } };
  }

  async function done(asked: Promise<unknown>): Promise<'done' | Broken> {
    const result = await asked;
    return result instanceof Broken ? result : 'done';
  }

  return {
    ...createToAskStore(database, { close, open }),
    prepare: () => migrate(database, JOB_MIGRATIONS),
    post: (posting) =>
      database.transaction<Posted>(async (query) => {
        const { habilitationId, key } = posting;
        const byKey = async () =>
          key ? (await query(...rowsByKey(habilitationId, key.value)))[0] : undefined;
        const before = await byKey();
        if (before) return repeatedIn(before, posting);
        if (await isTooMany(query, posting)) return 'too_many';
        const job = await insert(query, posting);
        if (job) return { job, repeated: null };
        // Another process posted it meanwhile.
        const other = await byKey();
        if (!other) throw new Error('a job was neither inserted nor there');
        return repeatedIn(other, posting);
      }),
    async find(id) {
      const rows = await database.query(`SELECT ${COLUMNS}, question FROM jobs WHERE id = $1`, [id]);
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
        await query(
          `UPDATE job_tasks SET is_done = $3, result = COALESCE($4, result), waiting = $5, tries = $6, next_try_at_ms = $7,
             to_ask = COALESCE($8, to_ask), judged_by = COALESCE($9, judged_by)
           WHERE job_id = $1 AND position = $2`,
          valuesOf(task),
        );
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
        `SELECT t.job_id, t.position, j.kind FROM job_tasks t JOIN jobs j ON j.id = t.job_id
         WHERE t.is_done = 0 AND j.state = 'en_cours' ORDER BY j.created_at_ms, j.id, t.position`,
      );
      if (rows instanceof Broken) return rows;
      return rows.map((row) => ({
        jobId: String(row.job_id),
        position: Number(row.position),
        kind: row.kind as Kind,
      }));
    },
    async backlog(kinds) {
      const rows = await database.query(
        `SELECT COUNT(*) AS count FROM job_tasks t JOIN jobs j ON j.id = t.job_id
         WHERE t.is_done = 0 AND j.state = 'en_cours' AND j.kind IN (${kinds.map((_, i) => `$${i + 1}`)})`,
        kinds,
      );
      return rows instanceof Broken ? rows : Number(rows[0]?.count);
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

const END_WHEN_DONE = `UPDATE jobs SET state = 'terminee', ended_at_ms = $2
  WHERE id = $1 AND state = 'en_cours'
    AND NOT EXISTS (SELECT 1 FROM job_tasks WHERE job_id = $1 AND is_done = 0)`;

function jobIn(row: Row): Job {
  return {
    id: String(row.id),
    kind: row.kind as Kind,
    habilitationId: String(row.habilitation_id),
    state: row.state as JobState,
    size: Number(row.size),
    createdAtMs: Number(row.created_at_ms),
    begunAtMs: numberOrNull(row.begun_at_ms),
    untilMs: Number(row.until_ms),
    endedAtMs: numberOrNull(row.ended_at_ms),
    purgeAtMs: Number(row.purge_at_ms),
    estimatedAtMs: Number(row.estimated_at_ms),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
