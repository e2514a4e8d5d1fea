import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from '../access/gate.ts';
import type { Holder } from '../access/register.ts';
import type { Witness } from '../access/witness.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import { type Job, KINDS, type Kind, lineOf } from '../jobs/job.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Runner } from '../jobs/runner.ts';
import type { WorkQueue } from '../jobs/work-queue.ts';
import { Problem } from '../problems.ts';
import type { Quota } from '../sources/source.ts';
import type { Admission } from './admission.ts';
import {
  EVENTS_TYPE,
  JSON_TYPE,
  PAGE_DEFAULT,
  pageQuery,
  postDocumentation,
  readDocumentation,
} from './candidatures-documentation.ts';
import { FOLLOWED_ROUTES } from './collect-member.ts';
import { createFollowStream } from './follow-stream.ts';
import { createFollowedJob } from './followed-job.ts';
import { createFollowedPage } from './followed-page.ts';
import { addressOf, postedView } from './followed-view.ts';
import { digestOf, idempotencyKeyOf } from './idempotency-key.ts';
import { createJobEnd } from './job-end.ts';
import { ouvertureADemanderRoute } from './ouverture-a-demander.ts';
import { parsed } from './parsed.ts';
import { type Followed, followedOf, usageOf } from './posted-question.ts';
import { readable } from './readable.ts';
import { createTellAccess } from './tell-access.ts';

export interface CandidaturesOptions {
  store: JobStore;
  queue: Pick<WorkQueue, 'add'>;
  runner: Pick<Runner, 'nudge'>;
  /** Calls a minute. */
  limitOf(bucket: Quota): number;
  hold: HoldDocuments;
  access: Admission;
  gate: Pick<Gate, 'recallNow'>;
  witness: Witness;
  isRecording(): boolean;
  /** Refuses what would be one too many. */
  shed: () => never;
  now: () => number;
}

type Deposited = Job | 'too_many';

/** A thousand SIRETs take a fourth of it. */
const MAX_BODY_BYTES = 64 * 1024;

const IN_FLIGHT =
  'Un dépôt de même clé est en train d’être reçu. Attendez sa réponse, ou renvoyez-le ensuite.';
const REUSED =
  'Cette clé a servi pour un autre dépôt. Renvoyez le même corps pour en relire la réponse, ou choisissez une autre clé.';
const TOO_MANY =
  'Trop de suivis de cette habilitation sont en cours ou conservés. Attendez la fin de ceux qui sont en cours.';
const TOO_MANY_SECONDS = 60;

/** `POST /v1/candidatures`, `/v1/demandes`, `/v1/ouvertures`, and how what was posted is followed. */
export function candidaturesRoutes(app: FastifyInstance, options: CandidaturesOptions): void {
  const { store, queue, runner, access, witness, now } = options;
  const followedJob = createFollowedJob(options);
  const tell = createTellAccess(access, witness);
  const jobEnd = createJobEnd(options);
  const { pageOf, tellSeen } = createFollowedPage({ ...options, tell, jobEnd });
  const stream = createFollowStream(app, { ...options, pageOf, tellSeen });
  const underWay = new Set<string>();
  const config = { access: { audiences: ['agent'] as const } };

  for (const kind of KINDS) {
    const route = FOLLOWED_ROUTES[kind];
    const posting = { config, bodyLimit: MAX_BODY_BYTES, schema: postDocumentation[kind] };
    app.post(route, posting, (request, reply) => post(kind, request, reply));
    app.get(`${route}/:id`, { config, schema: readDocumentation(kind) }, (request, reply) =>
      read(kind, request, reply),
    );
  }
  ouvertureADemanderRoute(app, { store, followedJob, tell, jobEnd, now });

  function refuseTooMany(reply: FastifyReply): Problem {
    reply.header('retry-after', String(TOO_MANY_SECONDS));
    return new Problem('trop-de-suivis', { detail: TOO_MANY });
  }

  async function post(kind: Kind, request: FastifyRequest, reply: FastifyReply) {
    const { holder } = access.admittedOf(request);
    const key = idempotencyKeyOf(request.headers['idempotency-key']);
    const usage = usageOf(kind, holder.habilitation.usage);
    const followed = followedOf(kind, usage, request.body, now());
    await followedJob.requireCovered(request, reply, holder, followed);
    const job = await once(`${holder.habilitation.id} ${key}`, key !== null, () =>
      deposit(kind, holder, followed, key),
    );
    if (job === 'too_many') throw refuseTooMany(reply);
    return reply
      .code(202)
      .headers({
        location: addressOf(job),
        'retry-after': String(jobEnd.pollSeconds(job.estimatedAtMs)),
        'cache-control': 'no-store',
      })
      .type(`${JSON_TYPE}; charset=utf-8`)
      .send(postedView(job));
  }

  /** @throws Problem when the same is under way in this process; the store tells of the others */
  async function once(name: string, isNamed: boolean, work: () => Promise<Deposited>): Promise<Deposited> {
    if (!isNamed) return work();
    if (underWay.has(name)) throw new Problem('depot-en-cours', { detail: IN_FLIGHT });
    underWay.add(name);
    try {
      return await work();
    } finally {
      underWay.delete(name);
    }
  }

  async function deposit(
    kind: Kind,
    holder: Holder,
    followed: Followed,
    key: string | null,
  ): Promise<Deposited> {
    const question = JSON.stringify(followed);
    const digest = digestOf(`${kind} ${question}`);
    const line = lineOf(kind);
    const posted = readable(
      await store.post({
        kind,
        habilitationId: holder.habilitation.id,
        size: followed.membres.length,
        endOf: (companies) => jobEnd.byQuotas(holder, followed, companies),
        question,
        key: key === null ? null : { value: key, digest },
      }),
    );
    if (posted === 'too_many') return posted;
    const { job, repeated } = posted;
    if (repeated && !repeated.isSame) throw new Problem('cle-deja-employee', { detail: REUSED });
    // A store that is away gets them at the next sweep.
    if (!repeated)
      await queue.add(
        line,
        followed.membres.map((_, position) => ({ jobId: job.id, position, turn: job.turn + position })),
      );
    runner.nudge();
    return job;
  }

  async function read(kind: Kind, request: FastifyRequest, reply: FastifyReply) {
    const wanted = wantedTypeOf(request);
    const { apres = 0, limite = PAGE_DEFAULT } = parsed(pageQuery, request.query, 'parameter');
    const { job, followed, holder } = await followedJob.read(kind, request, reply);
    if (wanted === EVENTS_TYPE) return stream.send(request, reply, job.id);
    const { view, seen } = await pageOf(job, followed, holder, apres, limite);
    const text = JSON.stringify(view);
    await tellSeen(request, followed, holder, seen, text);
    if (job.state === 'en_cours')
      reply.header('retry-after', String(jobEnd.pollSeconds(Date.parse(view.data.fin_estimee_le ?? ''))));
    return reply
      .headers({ vary: 'accept, authorization', 'cache-control': 'private, no-store' })
      .type(`${JSON_TYPE}; charset=utf-8`)
      .send(text);
  }
}

/** @throws Problem 406 */
function wantedTypeOf(request: FastifyRequest): string {
  const wanted = request.accepts().type([JSON_TYPE, EVENTS_TYPE]);
  if (typeof wanted === 'string') return wanted;
  throw new Problem('format-non-disponible', { detail: `Demandez « ${JSON_TYPE} » ou « ${EVENTS_TYPE} ».` });
}
