import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Gate, refusalOfDossier } from '../access/gate.ts';
import type { Refusal } from '../access/refusal.ts';
import { Problem } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { UNRECORDED } from './health.ts';
import { askedIn } from './told.ts';

declare const allowed: unique symbol;

/** A question that whoever asks it may have answered. Only `allow` makes one, so that nothing is read without it. */
export type AllowedQuestion = DossierQuestion & { readonly [allowed]: true };

export interface AllowDossierOptions {
  access: Admission;
  gate: Pick<Gate, 'takeFamilies'>;
  /** Whether accesses can be recorded: nobody is asked for data that could not leave. */
  isRecording(): boolean;
}

export interface AllowDossier {
  /**
   * Whether the dossier may be read at all: before anything else is looked at.
   *
   * @throws Problem
   */
  allow(request: FastifyRequest, reply: FastifyReply, question: DossierQuestion): Promise<AllowedQuestion>;
  /**
   * Whether its sources may be asked, so often a minute: of a dossier that is not kept.
   *
   * @throws Problem
   */
  takeFamilies(request: FastifyRequest, reply: FastifyReply, question: AllowedQuestion): Promise<void>;
}

/** What every route asks before a dossier. */
export function createAllowDossier({ access, gate, isRecording }: AllowDossierOptions): AllowDossier {
  async function refuseFor(
    refusal: Refusal | null,
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
  ): Promise<void> {
    if (!refusal) return;
    const { holder } = access.admittedOf(request);
    throw await access.refuse(request, reply, refusal, { holder, asked: askedIn(question) });
  }

  return {
    async allow(request, reply, question) {
      const { usage, tracing } = question;
      const { holder } = access.admittedOf(request);
      const refusal = refusalOfDossier(holder, { usage: usage.id, recipient: tracing.recipient });
      await refuseFor(refusal, request, reply, question);
      if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
      return question as AllowedQuestion;
    },
    async takeFamilies(request, reply, question) {
      const { holder } = access.admittedOf(request);
      await refuseFor(await gate.takeFamilies(holder), request, reply, question);
    },
  };
}
