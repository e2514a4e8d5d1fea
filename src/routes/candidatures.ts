import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from '../access/gate.ts';
import type { Holder } from '../access/register.ts';
import type { Witness } from '../access/witness.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import { estimateByQuotas, estimateOf, type Need } from '../jobs/estimate.ts';
import { type Job, KINDS, type Kind, lineOf } from '../jobs/job.ts';
import type { JobStore, Progress } from '../jobs/job-store.ts';
import type { Runner } from '../jobs/runner.ts';
import type { WorkQueue } from '../jobs/work-queue.ts';
import { Problem } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import type { Quota } from '../sources/source.ts';
import { usages } from '../usages/usages.ts';
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
import { addressOf, createExamine, createSee, followedView, postedView, type Seen } from './followed-view.ts';
import { digestOf, idempotencyKeyOf } from './idempotency-key.ts';
import { ouvertureADemanderRoute } from './ouverture-a-demander.ts';
import { parsed } from './parsed.ts';
import { type Followed, followedOf, questionOf, usageOf } from './posted-question.ts';
import { readable } from './readable.ts';
import { createTellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

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
const MS_PER_SECOND = 1_000;
const LONGEST_POLL_SECONDS = 60;

const IN_FLIGHT =
  'Un dépôt de même clé est en train d’être reçu. Attendez sa réponse, ou renvoyez-le ensuite.';
const REUSED =
  'Cette clé a servi pour un autre dépôt. Renvoyez le même corps pour en relire la réponse, ou choisissez une autre clé.';
const TOO_MANY =
  'Trop de suivis de cette habilitation sont en cours ou conservés. Attendez la fin de ceux qui sont en cours.';
const TOO_MANY_SECONDS = 60;

/** `POST /v1/candidatures`, `/v1/demandes`, `/v1/ouvertures`, and how what was posted is followed. */
export function candidaturesRoutes(app: FastifyInstance, options: CandidaturesOptions): void {
  const { store, queue, runner, limitOf, access, witness, now } = options;
  const followedJob = createFollowedJob(options);
  const see = createSee(createExamine(options));
  const tell = createTellAccess(access, witness);
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
  ouvertureADemanderRoute(app, { store, followedJob, tell, estimate, pollSeconds, now });

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
        'retry-after': String(pollSeconds(job.estimatedAtMs)),
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
    const before = readable(await store.backlog(KINDS.filter((one) => lineOf(one) === line)));
    const posted = readable(
      await store.post({
        kind,
        habilitationId: holder.habilitation.id,
        size: followed.membres.length,
        estimatedAtMs: Math.round(byQuotas(holder, followed, before + followed.membres.length)),
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
        followed.membres.map((_, position) => ({ jobId: job.id, position })),
      );
    runner.nudge();
    return job;
  }

  function byQuotas(holder: Holder, followed: Followed, companies: number): number {
    return estimateByQuotas(companies, needsOf(followed, holder, limitOf), now());
  }

  function estimate(job: Job, followed: Followed, holder: Holder, progress: Progress): number {
    return estimateOf(job, progress, (left) => byQuotas(holder, followed, left), now());
  }

  async function read(kind: Kind, request: FastifyRequest, reply: FastifyReply) {
    const wanted = wantedTypeOf(request);
    const { apres = 0, limite = PAGE_DEFAULT } = parsed(pageQuery, request.query, 'parameter');
    const { job, followed, holder } = await followedJob.read(kind, request, reply);
    if (wanted === EVENTS_TYPE) return stream.send(request, reply, job.id);
    const { view, seen } = await pageOf(job, followed, holder, apres, limite);
    await tellSeen(request, followed, holder, seen, JSON.stringify(view));
    if (job.state === 'en_cours')
      reply.header('retry-after', String(pollSeconds(Date.parse(view.data.fin_estimee_le ?? ''))));
    return reply
      .headers({ vary: 'accept, authorization', 'cache-control': 'private, no-store' })
      .type(`${JSON_TYPE}; charset=utf-8`)
      .send(view);
  }

  async function pageOf(job: Job, followed: Followed, holder: Holder, from: number, count: number) {
    const tasks = count === 0 ? [] : readable(await store.tasks(job.id, from, count));
    const progress = readable(await store.progress(job.id));
    const seen: Seen[] = [];
    for (const task of tasks) seen.push(await see(followed, task, holder.rights));
    const end = from + tasks.length;
    const next = tasks.length > 0 && end < job.size ? `${addressOf(job)}?apres=${end}&limite=${count}` : null;
    const estimatedAtMs = estimate(job, followed, holder, progress);
    const members = seen.map(({ view }) => view);
    return { view: followedView({ job, followed, progress, estimatedAtMs, members, next }), seen };
  }

  /** A line for each company of which something leaves; the body that leaves is one. */
  async function tellSeen(
    request: FastifyRequest,
    followed: Followed,
    holder: Holder,
    seen: readonly Seen[],
    text: string,
  ) {
    const digest = `"${digestOf(text)}"`;
    const shown = seen.filter(({ view }) => view.dossier);
    await Promise.all(
      shown.map(({ view, pieces, mere }) => {
        const asked = askedIn(questionOf(followed, view.siret, holder.rights, 0));
        return tell(request, asked, { status: 200, kept: pieces, mere, digest });
      }),
    );
  }

  function pollSeconds(endMs: number): number {
    const seconds = Math.ceil((endMs - now()) / 4 / MS_PER_SECOND) || 1;
    return Math.min(LONGEST_POLL_SECONDS, Math.max(1, seconds));
  }

  const stream = createFollowStream(app, { ...options, pageOf, tellSeen });
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
    return source && !id.endsWith('_mere') ? [source.quota] : [];
  });
  const calls = Map.groupBy(buckets, (bucket) => bucket);
  return [...calls].map(([bucket, made]) => ({ calls: made.length, perMinute: limitOf(bucket) }));
}

/** @throws Problem 406 */
function wantedTypeOf(request: FastifyRequest): string {
  const wanted = request.accepts().type([JSON_TYPE, EVENTS_TYPE]);
  if (typeof wanted === 'string') return wanted;
  throw new Problem('format-non-disponible', { detail: `Demandez « ${JSON_TYPE} » ou « ${EVENTS_TYPE} ».` });
}
