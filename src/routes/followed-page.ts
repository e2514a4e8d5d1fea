import { setImmediate } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { Holder } from '../access/register.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import type { Job } from '../jobs/job.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { createExamine, createSee, type Seen } from './examine-member.ts';
import type { FollowedView } from './followed-schema.ts';
import { addressOf, followedView } from './followed-view.ts';
import { digestOf } from './idempotency-key.ts';
import type { JobEnd } from './job-end.ts';
import { type Followed, questionOf } from './posted-question.ts';
import { readable } from './readable.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export interface FollowedPageOptions {
  store: Pick<JobStore, 'tasks' | 'progress'>;
  hold: HoldDocuments;
  tell: TellAccess;
  jobEnd: JobEnd;
  now: () => number;
}

/** How far a job has come, with some of its companies. */
export interface FollowedPage {
  view: FollowedView;
  seen: readonly Seen[];
}

export function createFollowedPage(options: FollowedPageOptions) {
  const { store, tell, jobEnd } = options;
  const see = createSee(createExamine(options));

  return {
    /** @param from position of the first company of the page */
    async pageOf(
      job: Job,
      followed: Followed,
      holder: Holder,
      from: number,
      count: number,
    ): Promise<FollowedPage> {
      const tasks = count === 0 ? [] : readable(await store.tasks(job.id, from, count));
      const progress = readable(await store.progress(job.id));
      const seen: Seen[] = [];
      for (const task of tasks) {
        seen.push(await see(followed, task, holder.rights));
        // Others are answered between two companies.
        await setImmediate();
      }
      const end = from + tasks.length;
      const isLast = tasks.length === 0 || end >= job.size;
      const next = isLast ? null : `${addressOf(job)}?apres=${end}&limite=${count}`;
      const estimatedAtMs = jobEnd.estimate(job, followed, holder, progress);
      const members = seen.map(({ view }) => view);
      return { view: followedView({ job, followed, progress, estimatedAtMs, members, next }), seen };
    },

    /** A line for each company of which something leaves; the body that leaves is one. */
    async tellSeen(
      request: FastifyRequest,
      followed: Followed,
      holder: Holder,
      seen: readonly Seen[],
      text: string,
    ): Promise<void> {
      const digest = `"${digestOf(text)}"`;
      const shown = seen.filter(({ view }) => view.dossier);
      await Promise.all(
        shown.map(({ view, pieces, mere }) => {
          const asked = askedIn(questionOf(followed, view.siret, holder.rights, 0));
          return tell(request, asked, { status: 200, kept: pieces, mere, digest });
        }),
      );
    },
  };
}
