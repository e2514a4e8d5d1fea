import type { Job } from './job.ts';
import type { Progress } from './job-store.ts';

const MINUTE_MS = 60_000;
/** What the quotas do not tell of: the sources themselves, and the minute that has begun. */
const BASE_MS = 15_000;
/** So many companies done, or such a share of the job, tell as much of the pace as the quotas do. Fewer tell nothing. */
const TELLING = { companies: 20, share: 0.1 };

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
 * When a job will end: at the pace of the quotas, and more and more at the one it has had; not before a source that is
 * to be asked again is; at the end of its time at the latest. As long as others are before it, what was said at the post.
 *
 * @param byQuotas when so many companies would be done, from now on
 */
export function estimateOf(
  job: Job,
  progress: Progress,
  byQuotas: (companies: number) => number,
  nowMs: number,
): number {
  const left = job.size - progress.done;
  const atMs =
    job.begunAtMs === null
      ? Math.max(byQuotas(left), job.estimatedAtMs)
      : nowMs + paced(byQuotas(left) - nowMs, nowMs - job.begunAtMs, { ...progress, left });
  return Math.min(job.untilMs, Math.max(atMs, progress.lastTryAtMs ?? 0));
}

/** What is left takes so many milliseconds. */
function paced(quotasMs: number, tookMs: number, { done, left }: { done: number; left: number }): number {
  const telling = Math.max(TELLING.companies, (done + left) * TELLING.share);
  return done < telling ? quotasMs : (telling * quotasMs + tookMs * left) / (telling + done);
}
