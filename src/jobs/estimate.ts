import type { Job } from './job.ts';
import type { Progress } from './job-store.ts';

const MINUTE_MS = 60_000;
/** What the quotas do not tell of: the sources themselves, and the minute that has begun. */
const BASE_MS = 15_000;
/** So many companies done tell more of the pace than the quotas do. */
const TELLING = 10;

/** Calls of one bucket that a company takes, and how many a minute there are. */
export interface Need {
  calls: number;
  perMinute: number;
}

/**
 * When so many companies will be done by the quotas: the scarcest decides.
 *
 * @param companies those that come before included
 */
export function estimateByQuotas(companies: number, needs: readonly Need[], nowMs: number): number {
  const minutes = needs.map(({ calls, perMinute }) => (companies * calls) / perMinute);
  return nowMs + BASE_MS + Math.max(0, ...minutes) * MINUTE_MS;
}

/**
 * When a job will end: at the pace it has had, once that is known; not before a source that is to be asked again is;
 * at the end of its time at the latest.
 */
export function estimateOf(
  job: Job,
  progress: Progress,
  byQuotas: (companies: number) => number,
  nowMs: number,
): number {
  const left = job.size - progress.done;
  const paced = paceOf(job, progress, nowMs);
  const atMs = paced === null ? byQuotas(left) : nowMs + left * paced;
  return Math.min(job.untilMs, Math.max(atMs, progress.lastTryAtMs ?? 0));
}

/** Milliseconds a company; null while too few are done. */
function paceOf({ begunAtMs, size }: Job, { done }: Progress, nowMs: number): number | null {
  if (begunAtMs === null || done < Math.max(TELLING, size / 20)) return null;
  return (nowMs - begunAtMs) / done;
}
