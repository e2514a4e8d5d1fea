import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from '../access/gate.ts';
import type { Piece } from '../dossier/piece.ts';
import { Problem, problemDocument } from '../problems.ts';
import { isOfMother } from '../usages/wanted.ts';
import type { Admission } from './admission.ts';
import type { AllowDossier, AllowedQuestion } from './allow-dossier.ts';
import type { Constitute, Constituted } from './constitute-dossier.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { piecesOf, traceparentOf, UNKNOWN } from './read-dossier.ts';
import { renderDossier } from './render-dossier.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export const EVENTS_TYPE = 'text/event-stream';

const BUG = "L'erreur est enregistrée. Citez l'identifiant de la requête au support.";

export interface SendEventsOptions extends Pick<AllowDossier, 'takeFamilies'> {
  access: Admission;
  gate: Pick<Gate, 'recallNow'>;
  constitute: Constitute;
  tell: TellAccess;
  now: () => number;
}

/** The dossier as it forms: a `piece` event a source, then one `dossier`, or one `probleme`. */
export function createSendEvents({ takeFamilies, gate, constitute, tell, now }: SendEventsOptions) {
  return async (request: FastifyRequest, reply: FastifyReply, question: AllowedQuestion) => {
    await takeFamilies(request, reply, question);
    // Before the first piece leaves it is not known which will; it is told again once it is.
    await tell(request, askedIn(question), { status: 200, collected: askableIn(question) });
    const stream = new Readable({ read() {} });
    const write = (event: string, data: string) => stream.push(`event: ${event}\ndata: ${data}\n\n`);
    const writePiece = (piece: Piece) => {
      // One who would not be let in any more is told so in the end.
      if (gate.recallNow(request.raw)) write('piece', JSON.stringify(piece));
    };
    /** Who the mother company is, and so whose line it is, is known at the end only. */
    const ofMother: string[] = [];
    const refuse = ({ slug, details }: Problem) =>
      write('probleme', JSON.stringify(problemDocument(slug, details, request.id)));

    async function end(constituted: Constituted): Promise<void> {
      const { dossier } = constituted;
      if (!dossier) return void refuse(new Problem('siret-inconnu', { detail: UNKNOWN }));
      const { identity, etag } = renderDossier(dossier, constituted, now());
      await tell(request, askedIn(question), { status: 200, ...piecesOf(constituted), digest: etag });
      for (const id of ofMother) writePiece(dossier.data.pieces[id] as Piece);
      write('dossier', identity.toString());
    }

    constitute(question, {
      traceparent: traceparentOf(reply),
      onPiece: (piece) => (isOfMother(piece.source) ? ofMother.push(piece.source) : writePiece(piece)),
    })
      .then(end)
      .catch((err) => {
        const isRefusal = err instanceof Problem;
        if (!isRefusal) request.log.error({ err }, 'a request met a bug');
        refuse(isRefusal ? err : new Problem('erreur-interne', { detail: BUG }));
      })
      .finally(() => stream.push(null));
    reply.header('vary', 'accept, authorization').header('cache-control', 'no-store');
    return reply.type(`${EVENTS_TYPE}; charset=utf-8`).send(stream);
  };
}

/** Ids of the sources that may be asked: what the usage needs at this stage, as far as it was granted. */
function askableIn({ usage, procedure, rights }: DossierQuestion): string[] {
  const useful = usage.sources(procedure).map(({ id }) => id);
  return useful.filter((id) => rights.sources.has(id));
}
