import { type JobAttempt, PgBoss } from 'pg-boss';
import { Broken } from '../storage/database.ts';
import { POSTGRES_PATIENCE } from '../storage/postgres-database.ts';
import { LINES, type Line, type TaskRef } from './job.ts';
import { LEASE_MS, type Taken, type WorkQueue } from './work-queue.ts';

export interface PgBossWorkQueueOptions {
  url: string;
  onLost(error: Error): void;
  now: () => number;
  leaseMs?: number;
}

const SCHEMA = 'passerelle_travaux';
const CONNECTIONS = 3;
const MS_PER_SECOND = 1_000;
/** How often what nobody tells of any more is looked for. */
const WATCH_SECONDS = 5;
/** A company may wait a whole day for its sources; of a process that died the lease says so much earlier. */
const LONGEST_SECONDS = 86_000;
/** What was finished tells nothing that is not in our own tables. */
const KEPT_SECONDS = 60;
const NEVER_GIVEN_UP = 1_000_000;

const queueOf = (line: Line) => `passerelle.${line}`;
const keyOf = ({ jobId, position }: TaskRef) => `${jobId}:${position}`;

/** Of a work that was taken: its place in line, however often it is put back, and which taking of it this one is. */
interface Lease extends JobAttempt {
  priority: number;
}

const textOf = ({ id, retryCount, priority }: Lease) => `${id} ${retryCount} ${priority}`;

function leaseIn({ lease }: Taken): Lease {
  const [id = '', retryCount, priority] = lease.split(' ');
  return { id, retryCount: Number(retryCount), priority: Number(priority) };
}

/** The works on Postgres, by pg-boss: of one company there is one that waits or is done, whoever adds it. */
export function createPgBossWorkQueue(options: PgBossWorkQueueOptions): WorkQueue {
  const { url, onLost, now, leaseMs = LEASE_MS } = options;
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: CONNECTIONS,
    application_name: 'dites-le-nous-une-fois',
    // For `pg`, to which pg-boss hands them.
    ...POSTGRES_PATIENCE,
    schedule: false,
    supervise: true,
    superviseIntervalSeconds: WATCH_SECONDS,
    monitorIntervalSeconds: WATCH_SECONDS,
    maintenanceIntervalSeconds: KEPT_SECONDS,
  });
  boss.on('error', onLost);
  let starting: Promise<'done' | Broken> | undefined;
  let isStarted = false;

  async function start(): Promise<void> {
    await boss.start();
    for (const line of LINES) {
      await boss.createQueue(queueOf(line), {
        policy: 'exclusive',
        heartbeatSeconds: Math.ceil(leaseMs / MS_PER_SECOND),
        expireInSeconds: LONGEST_SECONDS,
        retryLimit: NEVER_GIVEN_UP,
        retryDelay: 0,
        deleteAfterSeconds: KEPT_SECONDS,
      });
    }
    isStarted = true;
  }

  /** One start at a time; one that failed is tried again by whoever asks next. */
  function prepare(): Promise<'done' | Broken> {
    starting ??= attempt(start).finally(() => {
      if (!isStarted) starting = undefined;
    });
    return starting;
  }

  async function ready<T>(work: () => Promise<T>): Promise<T | Broken> {
    const prepared = await prepare();
    return prepared instanceof Broken ? prepared : attemptFor(work);
  }

  const doing = async (work: () => Promise<unknown>): Promise<'done' | Broken> => {
    const result = await ready(work);
    return result instanceof Broken ? result : 'done';
  };

  return {
    add(line, works) {
      const inserts = works.map(({ jobId, position, turn }) => ({
        data: { jobId, position },
        singletonKey: keyOf({ jobId, position }),
        priority: -turn,
      }));
      return doing(() => boss.insert(queueOf(line), inserts));
    },
    async take(line, count) {
      const fetching = { batchSize: count, includeMetadata: true } as const;
      const jobs = await ready(() => boss.fetch<TaskRef>(queueOf(line), fetching));
      if (jobs instanceof Broken) return jobs;
      return jobs.map((job) => ({ ...job.data, line, lease: textOf(job) }));
    },
    async renew(works) {
      for (const line of LINES) {
        const held = works.filter((work) => work.line === line).map(leaseIn);
        const done = held.length === 0 ? 'done' : await doing(() => boss.touch(queueOf(line), held));
        if (done instanceof Broken) return done;
      }
      return 'done';
    },
    finish: (work) => doing(() => boss.complete(queueOf(work.line), leaseIn(work))),
    // Between the two nobody has it: whoever looks for works that are lost adds it again. Where another has it, it stays.
    putBack: (work, dueMs) =>
      doing(async () => {
        const { jobId, position, line } = work;
        const lease = leaseIn(work);
        await boss.complete(queueOf(line), lease);
        const startAfter = Math.ceil(Math.max(0, dueMs - now()) / MS_PER_SECOND);
        const singletonKey = keyOf({ jobId, position });
        const { priority } = lease;
        await boss.send(queueOf(line), { jobId, position }, { singletonKey, startAfter, priority });
      }),
    async close() {
      await starting;
      if (isStarted) await boss.stop({ graceful: false, close: true });
    },
  };
}

/** Whatever pg-boss meets is that its server is away, full or slow: its statements are not ours. */
async function attemptFor<T>(work: () => Promise<T>): Promise<T | Broken> {
  try {
    return await work();
  } catch (error) {
    return new Broken((error as Error).message);
  }
}

async function attempt(work: () => Promise<void>): Promise<'done' | Broken> {
  const result = await attemptFor(work);
  return result instanceof Broken ? result : 'done';
}
