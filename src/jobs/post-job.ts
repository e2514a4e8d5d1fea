import { randomUUID } from 'node:crypto';
import type { Seal } from '../keeping/seal.ts';
import type { Broken, Database, Query, Row } from '../storage/database.ts';
import { type Job, KINDS, type Kind, lineOf } from './job.ts';
import { JOB_COLUMNS, jobIn } from './job-rows.ts';
import type { SealedText } from './sealed-text.ts';

export interface Posting extends Pick<Job, 'kind' | 'habilitationId' | 'size'> {
  /** What was asked, as text. */
  question: string;
  /** What its sender calls it, so that sending it twice asks once; null when nobody does. */
  key: { value: string; digest: string } | null;
  /** Epoch milliseconds at which so many companies will be done, its own and those before them. */
  endOf(companies: number): number;
}

/** `repeated`: its key was used before, for the same or for something else. */
export type Posted = { job: Job; repeated: { isSame: boolean } | null } | 'too_many';

export interface PostJobOptions {
  database: Database;
  sealed: SealedText;
  /** Names a key, and the digest of what was asked: with the digest alone, who reads the table could try SIRETs. */
  nameOf: Seal['nameOf'];
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

/** Stores a job and its companies, once for each key, within what one habilitation may have. */
export function createPostJob({ database, sealed, nameOf, now }: PostJobOptions) {
  const namesOf = ({ habilitationId, key }: Posting) => ({
    value: key && nameOf(`${habilitationId} ${key.value}`),
    digest: key && nameOf(`${habilitationId} ${key.digest}`),
  });

  async function insert(query: Query, posting: Posting): Promise<Job | null> {
    const id = randomUUID();
    const nowMs = now();
    const { kind, habilitationId, size, question, endOf } = posting;
    const { value, digest } = namesOf(posting);
    const { turn, ahead } = await placeOf(query, posting);
    const untilMs = nowMs + PATIENCE_MS;
    const rows = await query(INSERT, [
      id,
      kind,
      habilitationId,
      size,
      turn,
      sealed.close(question, id),
      nowMs,
      untilMs,
      untilMs + KEPT_MS,
      Math.round(endOf(ahead + size)),
      value,
      digest,
    ]);
    if (!rows[0]) return null;
    await query(INSERT_COMPANIES, [id, size]);
    return jobIn(rows[0]);
  }

  async function before(query: Query, posting: Posting): Promise<Posted | null> {
    const { value, digest } = namesOf(posting);
    const [row] = value === null ? [] : await query(BY_KEY, [value]);
    return row ? { job: jobIn(row), repeated: { isSame: row.key_digest === digest } } : null;
  }

  return (posting: Posting): Promise<Posted | Broken> =>
    database.transaction<Posted>(async (query) => {
      const repeated = await before(query, posting);
      if (repeated) return repeated;
      if (await isTooMany(query, posting)) return 'too_many';
      const job = await insert(query, posting);
      if (job) return { job, repeated: null };
      // Another process posted it meanwhile.
      const other = await before(query, posting);
      if (!other) throw new Error('a job was neither inserted nor there');
      return other;
    });
}

async function isTooMany(query: Query, { habilitationId, size }: Posting): Promise<boolean> {
  const [row]: Row[] = await query(COUNT, [habilitationId]);
  return Number(row?.running ?? 0) >= MAX_RUNNING || Number(row?.companies ?? 0) + size > MAX_COMPANIES;
}

/**
 * Habilitations come in turn, company by company, however much each has posted: a new job of one that has nothing begins
 * with whatever comes next, and else after its own.
 */
async function placeOf(query: Query, { kind, habilitationId, size }: Posting) {
  const kinds = KINDS.filter((one) => lineOf(one) === lineOf(kind));
  const [next] = await query(NEXT_TURN(kinds), kinds);
  const [own] = await query(OWN_TURN(kinds), [habilitationId, ...kinds]);
  const turn = Math.max(Number(next?.turn ?? 0), Number(own?.turn ?? 0));
  const [before] = await query(AHEAD(kinds), [turn + size, ...kinds]);
  return { turn, ahead: Number(before?.count ?? 0) };
}

const among = (kinds: readonly Kind[], after: number) =>
  `(${kinds.map((_, i) => `$${after + i + 1}`).join(', ')})`;

/** What was tried before waits for its sources, whatever its turn. */
const NEXT_TURN = (kinds: readonly Kind[]) => `
  SELECT COALESCE(MIN(CASE WHEN t.tries = 0 THEN j.turn + t.position END), MAX(j.turn + t.position) + 1) AS turn
  FROM job_tasks t JOIN jobs j ON j.id = t.job_id
  WHERE t.is_done = 0 AND j.state = 'en_cours' AND j.kind IN ${among(kinds, 0)}`;

const OWN_TURN = (kinds: readonly Kind[]) => `
  SELECT MAX(turn + size) AS turn FROM jobs
  WHERE habilitation_id = $1 AND state = 'en_cours' AND kind IN ${among(kinds, 1)}`;

const AHEAD = (kinds: readonly Kind[]) => `
  SELECT COUNT(*) AS count FROM job_tasks t JOIN jobs j ON j.id = t.job_id
  WHERE t.is_done = 0 AND j.state = 'en_cours' AND j.turn + t.position < $1 AND j.kind IN ${among(kinds, 1)}`;

const BY_KEY = `SELECT ${JOB_COLUMNS}, key_digest FROM jobs WHERE key_name = $1`;

const COUNT = `SELECT SUM(size) AS companies, SUM(CASE WHEN state = 'en_cours' THEN 1 ELSE 0 END) AS running
  FROM jobs WHERE habilitation_id = $1`;

const INSERT = `INSERT INTO jobs (id, kind, habilitation_id, state, size, turn, question, created_at_ms, until_ms, purge_at_ms,
    estimated_at_ms, key_name, key_digest)
  VALUES ($1, $2, $3, 'en_cours', $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT DO NOTHING RETURNING ${JOB_COLUMNS}`;

const INSERT_COMPANIES = `WITH RECURSIVE places (place) AS (
    SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < CAST($2 AS INTEGER)
  )
  INSERT INTO job_tasks (job_id, position, is_done, tries) SELECT CAST($1 AS TEXT), place, 0, 0 FROM places`;
