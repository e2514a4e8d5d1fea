import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusalOfDossier } from '../access/gate.ts';
import type { Holder } from '../access/register.ts';
import type { Job, Kind } from '../jobs/job.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { Problem } from '../problems.ts';
import type { Admission } from './admission.ts';
import { params } from './candidatures-documentation.ts';
import { UNRECORDED } from './health.ts';
import { type Followed, followedIn } from './posted-question.ts';
import { readable } from './readable.ts';

export interface FollowedJobOptions {
  store: Pick<JobStore, 'find'>;
  access: Admission;
  isRecording(): boolean;
}

const UNKNOWN =
  "Aucun suivi de cette habilitation n'est à cette adresse : il est mal recopié, ou son temps est passé.";

/** Who may post and follow what. */
export function createFollowedJob({ store, access, isRecording }: FollowedJobOptions) {
  /** @throws Problem when the habilitation does not cover what is asked, or nothing can be recorded */
  async function requireCovered(
    request: FastifyRequest,
    reply: FastifyReply,
    holder: Holder,
    followed: Followed,
  ) {
    const refusal = refusalOfDossier(holder, followed);
    if (refusal) throw await access.refuse(request, reply, refusal, { holder });
    if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
  }

  /** @throws Problem alike for what is not there and for what is another's */
  async function found(kind: Kind, request: FastifyRequest, { habilitation }: Holder) {
    const id = params.safeParse(request.params).data?.id;
    const known = id ? readable(await store.find(id)) : null;
    if (known?.job.kind === kind && known.job.habilitationId === habilitation.id) {
      return { job: known.job, followed: followedIn(known.question) };
    }
    throw new Problem('suivi-inconnu', { detail: UNKNOWN });
  }

  return {
    requireCovered,
    /** What the address of a request names, to whom may read it. */
    async read(
      kind: Kind,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<{ job: Job; followed: Followed; holder: Holder }> {
      const { holder } = access.admittedOf(request);
      const { job, followed } = await found(kind, request, holder);
      await requireCovered(request, reply, holder, followed);
      return { job, followed, holder };
    },
  };
}
