import type { Holder } from '../access/register.ts';
import { estimateByQuotas, estimateOf, type Need } from '../jobs/estimate.ts';
import type { Job } from '../jobs/job.ts';
import type { Progress } from '../jobs/job-store.ts';
import { catalog } from '../sources/catalog.ts';
import type { Quota } from '../sources/source.ts';
import { usages } from '../usages/usages.ts';
import { isOfMother } from '../usages/wanted.ts';
import type { Followed } from './posted-question.ts';

export interface JobEndOptions {
  /** Calls a minute. */
  limitOf(bucket: Quota): number;
  now: () => number;
}

/** When jobs will end, in epoch milliseconds, and how often it is worth looking. */
export type JobEnd = ReturnType<typeof createJobEnd>;

const MS_PER_SECOND = 1_000;
const LONGEST_POLL_SECONDS = 60;

export function createJobEnd({ limitOf, now }: JobEndOptions) {
  const byQuotas = (holder: Holder, followed: Followed, companies: number) =>
    estimateByQuotas(companies, needsOf(followed, holder, limitOf), now());

  return {
    /** @param companies those that come before included */
    byQuotas,
    estimate: (job: Job, followed: Followed, holder: Holder, progress: Progress) =>
      estimateOf(job, progress, (left) => byQuotas(holder, followed, left), now()),
    /** How long to wait before it is worth reading again, in seconds. */
    pollSeconds(endMs: number): number {
      const seconds = Math.ceil((endMs - now()) / 4 / MS_PER_SECOND) || 1;
      return Math.min(LONGEST_POLL_SECONDS, Math.max(1, seconds));
    },
  };
}

/** What one company takes of each bucket: sources that are asked about another company are few. */
function needsOf(
  { usage, etape, nature }: Followed,
  { rights }: Holder,
  limitOf: (bucket: Quota) => number,
): Need[] {
  const useful = usages[usage]
    .sources({ etape, nature })
    .filter((one) => rights.sources.has(one.id) && (!one.btp || nature?.startsWith('travaux')));
  const buckets = useful.flatMap(({ id }) => {
    const source = catalog.find((one) => one.id === id);
    return source && !isOfMother(id) ? [source.quota] : [];
  });
  const calls = Map.groupBy(buckets, (bucket) => bucket);
  return [...calls].map(([bucket, made]) => ({ calls: made.length, perMinute: limitOf(bucket) }));
}
