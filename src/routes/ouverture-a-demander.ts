import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Holder } from '../access/register.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { JSON_TYPE, leftDocumentation } from './candidatures-documentation.ts';
import { FOLLOWED_ROUTES } from './collect-member.ts';
import { createExamine } from './examine-member.ts';
import type { createFollowedJob } from './followed-job.ts';
import { digestOf } from './idempotency-key.ts';
import type { JobEnd } from './job-end.ts';
import { createReadLeft, type LeftOf } from './left-to-ask.ts';
import { leftView } from './left-view.ts';
import { type Followed, questionOf } from './posted-question.ts';
import { readable } from './readable.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export interface OuvertureADemanderOptions {
  store: JobStore;
  followedJob: ReturnType<typeof createFollowedJob>;
  tell: TellAccess;
  jobEnd: JobEnd;
  now: () => number;
}

/** `GET /v1/ouvertures/{id}/a-demander`: what is left to ask of all the companies of an opening, by document. */
export function ouvertureADemanderRoute(app: FastifyInstance, options: OuvertureADemanderOptions): void {
  const { store, followedJob, tell, jobEnd, now } = options;
  // No document leaves: none has its time begin anew.
  const readLeft = createReadLeft({ store, examine: createExamine({ hold: async () => {}, now }), now });
  const config = { access: { audiences: ['agent'] as const } };

  app.get(
    `${FOLLOWED_ROUTES.ouverture}/:id/a-demander`,
    { config, schema: leftDocumentation },
    async (request, reply: FastifyReply) => {
      const { job, followed, holder } = await followedJob.read('ouverture', request, reply);
      const left = await readLeft(job.id, followed, holder.rights);
      const progress = readable(await store.progress(job.id));
      const estimatedAtMs = jobEnd.estimate(job, followed, holder, progress);
      const view = leftView({ job, followed, progress, estimatedAtMs, left, nowMs: now() });
      const text = JSON.stringify(view);
      await tellAsked(request, followed, holder, left, text);
      if (job.state === 'en_cours') reply.header('retry-after', String(jobEnd.pollSeconds(estimatedAtMs)));
      return reply
        .headers({ vary: 'authorization', 'cache-control': 'private, no-store' })
        .type(`${JSON_TYPE}; charset=utf-8`)
        .send(text);
    },
  );

  /** A line for each company that is named: the others are not. */
  async function tellAsked(
    request: FastifyRequest,
    followed: Followed,
    holder: Holder,
    left: readonly LeftOf[],
    text: string,
  ) {
    const digest = `"${digestOf(text)}"`;
    const named = left.filter(({ demandes }) => demandes.length > 0);
    await Promise.all(
      named.map(({ siret, pieces, mere }) => {
        const asked = askedIn(questionOf(followed, siret, holder.rights, 0));
        return tell(request, asked, { status: 200, kept: pieces, mere, digest });
      }),
    );
  }
}
