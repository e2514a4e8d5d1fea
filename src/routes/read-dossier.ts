import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems.ts';
import { type AllowDossierOptions, createAllowDossier } from './allow-dossier.ts';
import type { Constitute } from './constitute-dossier.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { piecesOf, UNKNOWN } from './dossiers.ts';
import type { KeptDossiers } from './kept-dossiers.ts';
import { renderDossier } from './render-dossier.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn, type Telling, toldOfKept } from './told.ts';

export interface ReadDossierOptions extends AllowDossierOptions {
  constitute: Constitute;
  keptDossiers: KeptDossiers;
  tell: TellAccess;
  now: () => number;
}

/** A dossier as its bytes, and what is to be told before anything of it leaves. */
export interface ReadDossier {
  identity: Buffer;
  told: Telling;
}

/**
 * Reads the dossier for a route that answers something else than it: with the rights, the refusals and the
 * rates of the dossier itself.
 *
 * @throws Problem when it may not be read, when the company is unknown, or the sources were asked too often
 */
export function createReadDossier(options: ReadDossierOptions) {
  const { constitute, keptDossiers, tell, now } = options;
  const { allow, takeFamilies } = createAllowDossier(options);

  async function anew(
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
  ): Promise<ReadDossier> {
    await takeFamilies(request, reply, question);
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
