import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Collected } from '../collection/collect.ts';
import type { Dossier } from '../dossier/dossier.ts';
import type { Rendition } from '../keeping/rendition.ts';
import { Problem } from '../problems.ts';
import type { AllowDossier, AllowedQuestion } from './allow-dossier.ts';
import { cacheStatusOf, cacheStatusOfKept } from './cache-status.ts';
import type { Constitute, Constituted } from './constitute-dossier.ts';
import type { KeptDossiers } from './kept-dossiers.ts';
import { renderDossier } from './render-dossier.ts';
import type { Sending } from './send-rendition.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn, type Telling, toldOfKept } from './told.ts';

export const UNKNOWN = "Aucune source interrogée ne connaît ce SIRET : vérifiez-le auprès de l'entreprise.";

export interface ReadDossierOptions extends Pick<AllowDossier, 'takeFamilies'> {
  constitute: Constitute;
  keptDossiers: KeptDossiers;
  tell: TellAccess;
  now: () => number;
}

/** A dossier as its bytes, and what is to be told before anything of it leaves. */
export interface DossierRead extends Pick<Sending, 'cacheStatus' | 'timing'> {
  rendition: Rendition;
  told: Telling;
}

/**
 * What is kept, or else what the sources answer, which is then kept.
 *
 * @throws Problem when the company is unknown, or the sources were asked too often
 */
export type ReadDossier = (
  request: FastifyRequest,
  reply: FastifyReply,
  question: AllowedQuestion,
) => Promise<DossierRead>;

export function createReadDossier(options: ReadDossierOptions): ReadDossier {
  const { constitute, keptDossiers, takeFamilies, tell, now } = options;
  /** A dossier that several wait for is written once. */
  const renderings = new WeakMap<Dossier, Rendition>();

  const anew: ReadDossier = async (request, reply, question) => {
    await takeFamilies(request, reply, question);
    const mark = keptDossiers.mark(question);
    const constituted = await constitute(question, { traceparent: traceparentOf(reply) });
    const { dossier, collected } = constituted;
    const cacheStatus = cacheStatusOf(collected, now());
    const pieces = piecesOf(constituted);
    if (!dossier) {
      await tell(request, askedIn(question), { status: 404, ...pieces });
      reply.header('cache-status', cacheStatus);
      throw new Problem('siret-inconnu', { detail: UNKNOWN });
    }
    const known = renderings.get(dossier);
    const rendition = known ?? renderDossier(dossier, constituted, now());
    if (!known) {
      renderings.set(dossier, rendition);
      // Once it has left: to compress and encrypt it takes time.
      reply.raw.once('close', () => void keptDossiers.keep(question, mark, rendition, collected));
    }
    return {
      rendition,
      told: { status: 200, ...pieces, digest: rendition.etag },
      cacheStatus,
      timing: 'collecte',
    };
  };

  return async (request, reply, question) => {
    const kept = await keptDossiers.read(question);
    if (!kept) return anew(request, reply, question);
    return {
      rendition: kept,
      told: toldOfKept(kept),
      cacheStatus: cacheStatusOfKept(kept, now()),
      timing: 'conserve',
    };
  };
}

/** Read again for what is made of it, so that only bytes are kept. */
export function dossierIn({ identity }: Rendition): Dossier {
  return JSON.parse(identity.toString());
}

export function traceparentOf(reply: FastifyReply): string {
  return String(reply.getHeader('traceparent'));
}

/** Which were kept, and which were asked for; and whose they are beside the company's. */
export function piecesOf({
  collected,
  mere,
}: Pick<Constituted, 'collected' | 'mere'>): Pick<Telling, 'kept' | 'collected' | 'mere'> {
  return { kept: idsOf(collected, true), collected: idsOf(collected, false), mere };
}

function idsOf(collected: Collected, isKept: boolean): string[] {
  return [...collected].filter(([, { from }]) => (from === 'kept') === isKept).map(([id]) => id);
}
