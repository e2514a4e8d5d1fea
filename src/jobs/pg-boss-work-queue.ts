import { PgBoss } from 'pg-boss';
import { Broken } from '../storage/database.ts';
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

/** The works on Postgres, by pg-boss: of one company there is one that waits or is done, whoever adds it. */
export function createPgBossWorkQueue(options: PgBossWorkQueueOptions): WorkQueue {
  const { url, onLost, now, leaseMs = LEASE_MS } = options;
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: CONNECTIONS,
    application_name: 'dites-le-nous-une-fois',
    connectionTimeoutMillis: 2_000,
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
    prepare,
    add: (line, works) =>
      doing(() =>
        boss.insert(
          queueOf(line),
          works.map(({ jobId, position }) => ({
            data: { jobId, position },
            singletonKey: keyOf({ jobId, position }),
          })),
        ),
      ),
    async take(line, count) {
      const jobs = await ready(() => boss.fetch<TaskRef>(queueOf(line), { batchSize: count }));
      if (jobs instanceof Broken) return jobs;
      return jobs.map(({ id, data }) => ({ ...data, line, lease: id }));
    },
    async renew(works) {
      for (const line of LINES) {
        const leases = works.filter((work) => work.line === line).map(({ lease }) => lease);
        const done = leases.length === 0 ? 'done' : await doing(() => boss.touch(queueOf(line), leases));
        if (done instanceof Broken) return done;
      }
      return 'done';
    },
    finish: ({ line, lease }: Taken) => doing(() => boss.complete(queueOf(line), lease)),
    // Between the two nobody has it: whoever looks for works that are lost adds it again.
    putBack: ({ jobId, position, line, lease }, dueMs) =>
      doing(async () => {
        await boss.complete(queueOf(line), lease);
        const delayMs = Math.max(0, dueMs - now());
        await boss.send(
          queueOf(line),
          { jobId, position },
          { singletonKey: keyOf({ jobId, position }), startAfter: Math.ceil(delayMs / MS_PER_SECOND) },
        );
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
