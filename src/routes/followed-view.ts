import type { z } from 'zod';
import { instantOf } from '../dossier/time.ts';
import type { Job } from '../jobs/job.ts';
import type { Progress } from '../jobs/job-store.ts';
import { FOLLOWED_ROUTES } from './collect-member.ts';
import type { FollowedView, MemberView, postedSchema } from './followed-schema.ts';
import { onceEachCompany } from './left-to-ask.ts';
import type { Followed } from './posted-question.ts';

/** What was answered when it was posted, and is answered again whenever it is posted again. */
export function postedView(job: Job): z.infer<typeof postedSchema> {
  const { id, kind, size, createdAtMs, estimatedAtMs } = job;
  return {
    data: {
      id,
      nature: kind,
      entreprises: size,
      deposee_le: instantOf(createdAtMs),
      fin_estimee_le: instantOf(estimatedAtMs),
    },
    links: { self: addressOf(job) },
  };
}

export function addressOf({ kind, id }: Pick<Job, 'kind' | 'id'>): string {
  return `${FOLLOWED_ROUTES[kind]}/${id}`;
}

export interface Page {
  job: Job;
  followed: Followed;
  progress: Progress;
  estimatedAtMs: number;
  members: readonly MemberView[];
  /** Null on the last page. */
  next: string | null;
}

export function followedView({ job, followed, progress, estimatedAtMs, members, next }: Page): FollowedView {
  const isOver = job.state !== 'en_cours';
  return {
    data: {
      id: job.id,
      nature: job.kind,
      statut: job.state,
      usage: followed.usage,
      object: followed.object,
      recipient: followed.recipient,
      deposee_le: instantOf(job.createdAtMs),
      fin_estimee_le: isOver ? null : instantOf(estimatedAtMs),
      terminee_le: job.endedAtMs === null ? null : instantOf(job.endedAtMs),
      effacee_le: instantOf(job.purgeAtMs),
      progression: progressionOf(job, progress),
      entreprises: [...members],
      a_demander: toAskOf(members),
    },
    links: {
      self: addressOf(job),
      suivante: next,
      a_demander: job.kind === 'ouverture' ? `${addressOf(job)}/a-demander` : null,
    },
  };
}

export function progressionOf({ size }: Job, { done, waiting }: Progress) {
  return { entreprises: size, terminees: done, sources_en_attente: waiting };
}

function toAskOf(members: readonly MemberView[]): FollowedView['data']['a_demander'] {
  const once = onceEachCompany();
  return members.flatMap(({ siret, role, dossier }) => {
    const pieces = once(siret, dossier?.data.a_demander ?? []);
    return pieces.length > 0 ? [{ siret, role, pieces }] : [];
  });
}
