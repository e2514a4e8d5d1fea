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
 * When a job will end: what was said at the post, which counts those that come in turn with it, until enough was done to
 * tell its pace; then more and more at that. Not before a source that is to be asked again is; at the end of its time at
 * the latest.
 *
 * @param byQuotas when so many companies would be done, from now on
 */
export function estimateOf(
  job: Job,
  progress: Progress,
  byQuotas: (companies: number) => number,
  nowMs: number,
): number {
  const { size, begunAtMs, estimatedAtMs, untilMs } = job;
  const { done, lastTryAtMs } = progress;
  const left = size - done;
  const telling = Math.max(TELLING.companies, size * TELLING.share);
  const quotasMs = byQuotas(left) - nowMs;
  const atMs =
    begunAtMs === null || done < telling
      ? Math.max(nowMs + quotasMs, estimatedAtMs)
      : nowMs + (telling * quotasMs + (nowMs - begunAtMs) * left) / (telling + done);
  return Math.min(untilMs, Math.max(atMs, lastTryAtMs ?? 0));
}
