import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Gate, refusalOfDossier } from '../access/gate.ts';
import type { Refusal } from '../access/refusal.ts';
import { Problem } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { UNRECORDED } from './health.ts';
import { askedIn } from './told.ts';

export interface AllowDossierOptions {
  access: Admission;
  gate: Pick<Gate, 'takeFamilies'>;
  /** Whether accesses can be recorded: nobody is asked for data that could not leave. */
  isRecording(): boolean;
}

/** @throws Problem */
type Allow = (request: FastifyRequest, reply: FastifyReply, question: DossierQuestion) => Promise<void>;

/** What every route asks before a dossier: whether it may be read at all, and whether its sources may be asked. */
export function createAllowDossier({ access, gate, isRecording }: AllowDossierOptions) {
  async function refuseFor(
    refusal: Refusal | null,
    ...[request, reply, question]: Parameters<Allow>
  ): Promise<void> {
    if (!refusal) return;
    const { holder } = access.admittedOf(request);
    throw await access.refuse(request, reply, refusal, { holder, asked: askedIn(question) });
  }

  /** Before anything else is looked at. */
  const allow: Allow = async (request, reply, question) => {
    const { usage, tracing } = question;
    const { holder } = access.admittedOf(request);
    const refusal = refusalOfDossier(holder, { usage: usage.id, recipient: tracing.recipient });
    await refuseFor(refusal, request, reply, question);
    if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
  };

  /** Of a dossier that is not kept: sources may be asked so often a minute. */
  const takeFamilies: Allow = async (request, reply, question) => {
    const { holder } = access.admittedOf(request);
    await refuseFor(await gate.takeFamilies(holder), request, reply, question);
  };

  return { allow, takeFamilies };
}
