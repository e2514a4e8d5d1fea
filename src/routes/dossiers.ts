import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dossierSchema } from '../dossier/dossier.ts';
import { pieceSchema } from '../dossier/piece.ts';
import { Problem, problemDocument, problemResponse } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import { cacheStatusOf } from './cache-status.ts';
import type { Constitute, Constituted } from './constitute-dossier.ts';
import { type DossierQuestion, dossierParams, dossierQuery, dossierQuestionOf } from './dossier-question.ts';

const JSON_TYPE = 'application/json';
const EVENTS_TYPE = 'text/event-stream';
const UNKNOWN = "Aucune source interrogée ne connaît ce SIRET : vérifiez-le auprès de l'entreprise.";

const BUG = "L'erreur est enregistrée. Citez l'identifiant de la requête au support.";

export interface DossiersOptions {
  constitute: Constitute;
  now: () => number;
}

const piecesSchema = z
  .object(
    Object.fromEntries(
      catalog.map(({ id, schemas }) => [id, pieceSchema(schemas.donnees).meta({ id: pieceName(id) })]),
    ),
  )
  .meta({ id: 'Pieces' });

export const dossierBody = dossierSchema(piecesSchema).meta({ id: 'Dossier' });

function pieceName(id: string): string {
  return `Piece${id.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}

/** `GET /v1/dossiers/{siret}`: one SIRET in, one dossier out, as JSON or as it forms. */
export function dossiersRoute(app: FastifyInstance, { constitute, now }: DossiersOptions): void {
  app.get('/v1/dossiers/:siret', { schema: documentation }, async (request, reply) => {
    const question = dossierQuestionOf(request);
    reply.header('vary', 'accept, authorization');
    if (wantedTypeOf(request) === EVENTS_TYPE) return sendEvents(request, reply, question);
    const constituted = await constitute(question);
    return sendDossier(request, reply, constituted);
  });

  function sendDossier(request: FastifyRequest, reply: FastifyReply, { dossier, collected }: Constituted) {
    reply.header('cache-status', cacheStatusOf(collected, now()));
    reply.header('server-timing', `collecte;dur=${reply.elapsedTime.toFixed(1)}`);
    if (!dossier) throw new Problem('siret-inconnu', { detail: UNKNOWN });
    const body = Buffer.from(JSON.stringify(dossier));
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    reply.header('cache-control', 'private, no-cache').header('etag', etag);
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type(`${JSON_TYPE}; charset=utf-8`).send(body);
  }

  function sendEvents(request: FastifyRequest, reply: FastifyReply, question: DossierQuestion) {
    const stream = new Readable({ read() {} });
    const write = (event: string, data: unknown) =>
      stream.push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    constitute(question, (piece) => write('piece', piece)).then(
      ({ dossier }) => {
        if (dossier) write('dossier', dossier);
        else write('probleme', problemDocument('siret-inconnu', { detail: UNKNOWN }, request.id));
        stream.push(null);
      },
      (err) => {
        request.log.error({ err }, 'a request met a bug');
        write('probleme', problemDocument('erreur-interne', { detail: BUG }, request.id));
        stream.push(null);
      },
    );
    return reply.type(`${EVENTS_TYPE}; charset=utf-8`).header('cache-control', 'no-store').send(stream);
  }
}

/** @throws Problem 406 */
function wantedTypeOf(request: FastifyRequest): string {
  const wanted = request.accepts().type([JSON_TYPE, EVENTS_TYPE]);
  if (typeof wanted === 'string') return wanted;
  throw new Problem('format-non-disponible', { detail: `Demandez « ${JSON_TYPE} » ou « ${EVENTS_TYPE} ».` });
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
function matches(given: string | undefined, etag: string): boolean {
  if (!given) return false;
  return given.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

const documentation = {
  operationId: 'lireDossier',
  tags: ['Dossiers'],
  summary: "Le dossier d'une entreprise",
  description:
    "Interroge en parallèle les administrations utiles à l'usage et rend un dossier unifié. Chaque pièce dit une seule chose par son `statut` ; ce qui n'est pas connu est dit inconnu. Ce qui n'est pas arrivé dans l'attente demandée (`Prefer: wait=N`, 5 secondes par défaut, 30 au plus) est `differe` et sera là au prochain appel.",
  params: dossierParams,
  querystring: dossierQuery,
  headers: z.object({
    prefer: z.string().optional().describe('`wait=N` : attente en secondes, de 0 à 30'),
    'cache-control': z.string().optional().describe('`no-cache` : interroge à nouveau les sources'),
    'if-none-match': z.string().optional().describe('`ETag` déjà connu : 304 si le dossier est le même'),
  }),
  response: {
    200: {
      description: 'Le dossier, complet ou partiel : voir `data.completude`',
      content: { [JSON_TYPE]: { schema: dossierBody }, [EVENTS_TYPE]: { schema: z.string() } },
    },
    304: z.null().describe("Le dossier n'a pas changé"),
    404: problemResponse('Aucune source ne connaît ce SIRET'),
    406: problemResponse("Le format demandé n'est pas disponible"),
    422: problemResponse('Des paramètres manquent ou sont invalides'),
    503: problemResponse('La passerelle ne peut pas répondre pour le moment'),
  },
};
