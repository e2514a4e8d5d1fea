import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Gate, refusalOfDossier } from '../access/gate.ts';
import { Problem } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { Constitute } from './constitute-dossier.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { piecesOf, UNKNOWN } from './dossiers.ts';
import { UNRECORDED } from './health.ts';
import type { KeptDossiers } from './kept-dossiers.ts';
import { renderDossier } from './render-dossier.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn, type Telling, toldOfKept } from './told.ts';

export interface ReadDossierOptions {
  constitute: Constitute;
  keptDossiers: KeptDossiers;
  access: Admission;
  gate: Pick<Gate, 'takeFamilies'>;
  isRecording(): boolean;
  tell: TellAccess;
  now: () => number;
}

/** A dossier as its bytes, and what is to be told before anything of it leaves. */
export interface ReadDossier {
  identity: Buffer;
  told: Telling;
}

/**
 * Whether the dossier may be asked for, before anything else is looked at.
 *
 * @throws Problem
 */
export function createAllowDossier({
  access,
  isRecording,
}: Pick<ReadDossierOptions, 'access' | 'isRecording'>) {
  return async (request: FastifyRequest, reply: FastifyReply, question: DossierQuestion): Promise<void> => {
    const { holder } = access.admittedOf(request);
    const { usage, tracing } = question;
    const refusal = refusalOfDossier(holder, { usage: usage.id, recipient: tracing.recipient });
    if (refusal) throw await access.refuse(request, reply, refusal, { holder, asked: askedIn(question) });
    if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
  };
}

/**
 * Reads the dossier for a route that answers something else than it: with the rights, the refusals and the
 * rates of the dossier itself.
 *
 * @throws Problem when it may not be read, when the company is unknown, or the sources were asked too often
 */
export function createReadDossier(options: ReadDossierOptions) {
  const { constitute, keptDossiers, access, gate, tell, now } = options;
  const allow = createAllowDossier(options);

  async function anew(
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
  ): Promise<ReadDossier> {
    const { holder } = access.admittedOf(request);
    const refusal = await gate.takeFamilies(holder);
    if (refusal) throw await access.refuse(request, reply, refusal, { holder, asked: askedIn(question) });
    const constituted = await constitute(question);
    const { dossier } = constituted;
    const pieces = piecesOf(constituted);
    if (!dossier) {
      await tell(request, askedIn(question), { status: 404, ...pieces });
      throw new Problem('siret-inconnu', { detail: UNKNOWN });
    }
    const { identity, etag } = renderDossier(dossier, constituted, now());
    return { identity, told: { status: 200, ...pieces, digest: etag } };
  }

  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
  ): Promise<ReadDossier> => {
    await allow(request, reply, question);
    const kept = await keptDossiers.read(question);
    return kept ? { identity: kept.identity, told: toldOfKept(kept) } : anew(request, reply, question);
  };
}
export type ReadingDossier = ReturnType<typeof createReadDossier>;
