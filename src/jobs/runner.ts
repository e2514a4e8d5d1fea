import { setTimeout as sleep } from 'node:timers/promises';
import { Broken } from '../storage/database.ts';
import { type Job, LINES, type Line, lineOf, type Task, type TaskRef, type ToAsk } from './job.ts';
import type { JobStore } from './job-store.ts';
import type { Taken, WorkQueue } from './work-queue.ts';
import { LEASE_MS } from './work-queue.ts';

/** What one try came to. `stopped`: the job may go on no further. */
export type Tried =
  | { result: string | null; toAsk: ToAsk | null; waiting: number; nextTryAtMs: number; isDone: boolean }
  | { postponedUntilMs: number }
  | 'stopped';

/** @param signal aborts when the process stops: what has come by then is kept */
export type TryTask = (job: Job, question: string, task: Task, signal: AbortSignal) => Promise<Tried>;

export interface RunnerOptions {
  store: JobStore;
  queue: WorkQueue;
  tryTask: TryTask;
  /** How many share the works, this one included. */
  processes?: (() => number) | undefined;
  now: () => number;
  onBug(error: unknown): void;
  /** Told when the store goes away, and when it is back. */
  onAway(reason: string | null): void;
  onPurged(count: number): void;
}

/** Does what the queue gives, some companies at a time. */
export interface Runner {
  start(): void;
  /** Something was added: it need not wait for the next look. */
  nudge(): void;
  /** Companies being collected by this process, and those that remain to be done by all, as of the last look for them. */
  counts(): { underWay: number; left: number | null };
  /** What is under way is ended where it is, and handed over. */
  close(): Promise<void>;
}

/**
 * At once, of a line, by all processes. Each may wait for its quotas: few, so that what is asked by others waits little,
 * and that the places that may be booked ahead suffice.
 */
const WIDTH: Record<Line, number> = { prompte: 32, ouverture: 16 };
const LOOK_MS = 1_000;
const RENEW_MS = LEASE_MS / 3;
/** How often works that nobody has are looked for, and jobs whose time is over deleted. */
const SWEEP_MS = 60_000;
/** After a bug, or with a store that is away. */
const LATER_MS = 30_000;

export function createRunner(options: RunnerOptions): Runner {
  const { store, queue, tryTask, processes = () => 1, now, onBug, onAway, onPurged } = options;
  const underWay = new Map<string, { work: Taken; doing: Promise<unknown> }>();
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let looking: Promise<void> | null = null;
  let isSwept = false;
  let isAway = false;
  let left: number | null = null;

  /** Whether it answered; tells when that changes. */
  function answered<T>(result: T | Broken): result is T {
    const isBroken = result instanceof Broken;
    if (isBroken !== isAway) onAway(isBroken ? result.message : null);
    isAway = isBroken;
    return !isBroken;
  }

  /**
   * Again and again while the store is away: what was collected is kept by nobody else, and what is not put back waits
   * for the end of its lease.
   * @returns false when the process stops before
   */
  async function insist(work: () => Promise<unknown>): Promise<boolean> {
    while (!answered(await work())) {
      if (stopping.signal.aborted) return false;
      await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
    return true;
  }

  const finish = (work: Taken) => insist(() => queue.finish(work));
  const putBack = (work: Taken, dueMs: number) => insist(() => queue.putBack(work, dueMs));

  function look(): void {
    if (looking || stopping.signal.aborted) return;
    looking = lookOnce()
      .catch(onBug)
      .finally(() => {
        looking = null;
      });
  }

  async function lookOnce(): Promise<void> {
    // What a process that died had not told the queue of.
    isSwept ||= await sweep();
    if (!isSwept) return;
    for (const line of LINES) {
      const share = Math.ceil(WIDTH[line] / processes());
      const free = share - works().filter((work) => work.line === line).length;
      const taken = free > 0 ? await queue.take(line, free) : [];
      if (!answered(taken)) return;
      for (const work of taken) begin(work);
    }
  }

  const works = () => [...underWay.values()].map(({ work }) => work);

  /** What is given again, its lease lost while the store was away, is under way all the same: it goes on, by the new one. */
  function begin(work: Taken): void {
    const name = nameOf(work);
    const before = underWay.get(name);
    if (before) {
      before.work.lease = work.lease;
      return;
    }
    const doing = doWork(work)
      .catch((error) => {
        onBug(error);
        return putBack(work, now() + LATER_MS);
      })
      .finally(() => {
        underWay.delete(name);
        look();
      });
    underWay.set(name, { work, doing });
  }

  async function doWork(work: Taken): Promise<unknown> {
    const found = await store.find(work.jobId);
    if (!answered(found)) return putBack(work, now() + LATER_MS);
    if (found?.job.state !== 'en_cours') return finish(work);
    const tasks = await store.tasks(work.jobId, work.position, 1);
    if (!answered(tasks)) return putBack(work, now() + LATER_MS);
    const [task] = tasks;
    if (!task || task.isDone) return finish(work);
    const triedAtMs = now();
    const tried = await tryTask(found.job, found.question, task, stopping.signal);
    return settle(work, task, tried, triedAtMs);
  }

  async function settle(work: Taken, task: Task, tried: Tried, triedAtMs: number): Promise<unknown> {
    if (tried === 'stopped') return (await insist(() => store.stop(work.jobId))) && finish(work);
    if ('postponedUntilMs' in tried) return putBack(work, tried.postponedUntilMs);
    const saved = await insist(() => store.save({ ...task, ...tried, tries: task.tries + 1 }, triedAtMs));
    if (!saved) return;
    if (tried.isDone) return finish(work);
    return putBack(work, stopping.signal.aborted ? now() : tried.nextTryAtMs);
  }

  /** Whether both answered. */
  async function sweep(): Promise<boolean> {
    const purged = await store.purge();
    if (answered(purged) && purged > 0) onPurged(purged);
    const lost = await store.unfinished();
    if (!answered(lost)) return false;
    left = lost.length;
    for (const line of LINES) {
      const works: typeof lost = lost.filter(({ kind }) => lineOf(kind) === line);
      if (works.length > 0 && !answered(await queue.add(line, works))) return false;
    }
    return true;
  }

  function every(ms: number, work: () => unknown): void {
    timers.push(setInterval(work, ms).unref());
  }

  return {
    start() {
      every(LOOK_MS, look);
      every(RENEW_MS, () => {
        if (underWay.size > 0) queue.renew(works()).catch(onBug);
      });
      every(SWEEP_MS, () => {
        if (isSwept) sweep().catch(onBug);
      });
      look();
    },
    nudge: look,
    counts: () => ({ underWay: underWay.size, left: isAway ? null : left }),
    async close() {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      await looking;
      await Promise.all([...underWay.values()].map(({ doing }) => doing));
      await queue.close();
    },
  };
}

const nameOf = ({ jobId, position }: TaskRef) => `${jobId} ${position}`;
