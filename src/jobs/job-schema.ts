import type { Dialect } from '../storage/database.ts';
import type { Migration } from '../storage/migrate.ts';

const BYTES: Record<Dialect, string> = { sqlite: 'BLOB', postgres: 'BYTEA' };

/** Instants are epoch milliseconds. What tells of a company is in `question`, `result` and `to_ask` only, sealed. */
const tables = (dialect: Dialect): string[] => [
  `CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    habilitation_id TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    question ${BYTES[dialect]} NOT NULL,
    created_at_ms BIGINT NOT NULL,
    begun_at_ms BIGINT,
    until_ms BIGINT NOT NULL,
    ended_at_ms BIGINT,
    purge_at_ms BIGINT NOT NULL,
    estimated_at_ms BIGINT NOT NULL,
    key_name TEXT UNIQUE,
    key_digest TEXT
  )`,
  'CREATE INDEX jobs_of_habilitation ON jobs (habilitation_id, state)',
  'CREATE INDEX jobs_to_purge ON jobs (purge_at_ms)',
  `CREATE TABLE job_tasks (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    is_done INTEGER NOT NULL,
    result ${BYTES[dialect]},
    waiting INTEGER,
    tries INTEGER NOT NULL,
    next_try_at_ms BIGINT,
    PRIMARY KEY (job_id, position)
  )`,
];

const toAsk = (dialect: Dialect): string[] => [
  `ALTER TABLE job_tasks ADD COLUMN to_ask ${BYTES[dialect]}`,
  'ALTER TABLE job_tasks ADD COLUMN judged_by TEXT',
];

const TURNS = ['ALTER TABLE jobs ADD COLUMN turn BIGINT NOT NULL DEFAULT 0'];

/** Of the embedded store: which work is to be done, and who is doing it until when. */
const WORK_TABLE = [
  `CREATE TABLE job_works (
    job_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    line TEXT NOT NULL,
    due_at_ms BIGINT NOT NULL,
    added INTEGER NOT NULL,
    leased_until_ms BIGINT NOT NULL,
    holder TEXT,
    PRIMARY KEY (job_id, position)
  )`,
  'CREATE INDEX job_works_due ON job_works (line, added)',
];

export const JOB_MIGRATIONS: readonly Migration[] = [
  { id: '0060-jobs', statements: { sqlite: tables('sqlite'), postgres: tables('postgres') } },
  // On Postgres pg-boss has its own.
  { id: '0061-job-works', statements: { sqlite: WORK_TABLE, postgres: [] } },
  { id: '0062-to-ask', statements: { sqlite: toAsk('sqlite'), postgres: toAsk('postgres') } },
  {
    id: '0069-turns',
    statements: { sqlite: [...TURNS, 'ALTER TABLE job_works RENAME COLUMN added TO turn'], postgres: TURNS },
  },
];
