import type { InfrastructureOptions } from './infrastructure.ts';
import { JOB_MIGRATIONS } from './jobs/job-schema.ts';
import { createJobStore, type JobStore } from './jobs/job-store.ts';
import { createPgBossWorkQueue } from './jobs/pg-boss-work-queue.ts';
import { createSqliteWorkQueue } from './jobs/sqlite-work-queue.ts';
import type { WorkQueue } from './jobs/work-queue.ts';
import { createSeal } from './keeping/seal.ts';
import { migrated } from './storage/migrated.ts';
import { openDatabase } from './storage/open-database.ts';
import { secretIn } from './storage/secret-file.ts';

export interface Jobs {
  store: JobStore;
  queue: WorkQueue;
  /** How many share the works; one unless told. */
  processes?: () => number;
}

export interface OpenedJobs extends Jobs {
  close(): Promise<void>;
}

/**
 * Opens what is followed for as long as it takes. It is never stored in the clear: the key that was drawn before one
 * was configured still opens what it closed.
 */
export function openJobs({
  config,
  log,
  now,
}: Pick<InfrastructureOptions, 'config' | 'log' | 'now'>): OpenedJobs {
  const { DATABASE_URL, DATA_DIR, CACHE_ENCRYPTION_KEY = [] } = config;
  const onLost = ({ message }: Error) => log.warn({ err: message }, 'a connection to the database was lost');
  const database = migrated(openDatabase({ DATABASE_URL, DATA_DIR, onLost }), JOB_MIGRATIONS);
  const drawn = secretIn(DATA_DIR, 'jobs.key');
  const [first = drawn, ...others] = [...CACHE_ENCRYPTION_KEY, drawn];
  const store = createJobStore({
    database,
    seals: [createSeal(first), ...others.map((secret) => createSeal(secret))],
    now,
  });
  const queue = DATABASE_URL
    ? createPgBossWorkQueue({ url: DATABASE_URL, onLost, now })
    : createSqliteWorkQueue(database, now);
  return { store, queue, close: () => database.close() };
}
