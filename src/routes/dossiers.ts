import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rateLimitOf } from '../access/rate-limit.ts';
import { dossierSchema } from '../dossier/dossier.ts';
import { pieceSchema } from '../dossier/piece.ts';
import { Problem, problemResponse } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import type { AllowDossier } from './allow-dossier.ts';
import { createSendEvents, EVENTS_TYPE, type SendEventsOptions } from './dossier-events.ts';
import {
  agentHeader,
  type DossierQuestion,
  dossierParams,
  dossierQuery,
  dossierQuestionOf,
} from './dossier-question.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import type { KeptLane } from './kept-lane.ts';
import { type DossierRead, type ReadDossier, traceparentOf } from './read-dossier.ts';
import type { Sending, SendRendition } from './send-rendition.ts';
import { askedIn, DOSSIER_ROUTE } from './told.ts';

const JSON_TYPE = 'application/json';
export interface DossiersOptions extends SendEventsOptions, Pick<AllowDossier, 'allow'> {
  read: ReadDossier;
  lane: KeptLane;
  send: SendRendition;
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
export function dossiersRoute(app: FastifyInstance, options: DossiersOptions): void {
  const { allow, read, tell, lane, send, access, now } = options;
  const sendEvents = createSendEvents(options);
  const config = { access: { audiences: ['agent', 'public'] as const } };

  app.get(DOSSIER_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { rights } = access.admittedOf(request).holder;
    const question = await allow(request, reply, dossierQuestionOf(request, { nowMs: now(), rights }));
    if (wantedTypeOf(request) === EVENTS_TYPE) return sendEvents(request, reply, question);
    const dossier = await read(request, reply, question);
    await tell(request, askedIn(question), dossier.told);
    return answer(request, reply, question, dossier);
  });

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
    { rendition, cacheStatus, timing }: DossierRead,
  ) {
    const encoding = wantedEncodingOf(request);
    const { holder, rate } = access.admittedOf(request);
    lane.learn(request.raw, { question: { ...question, refresh: false }, encoding });
    reply.hijack();
    send(request.raw, reply.raw, rendition, {
      requestId: request.id,
      traceparent: traceparentOf(reply),
      cacheStatus,
      timing,
      tookMs: reply.elapsedTime,
      encoding,
      isPlain: false,
      more: rateLimitOf(holder, rate),
    });
    return reply;
  }
}

/** @throws Problem 406 */
function wantedTypeOf(request: FastifyRequest): string {
  const wanted = request.accepts().type([JSON_TYPE, EVENTS_TYPE]);
  if (typeof wanted === 'string') return wanted;
  throw new Problem('format-non-disponible', { detail: `Demandez « ${JSON_TYPE} » ou « ${EVENTS_TYPE} ».` });
}

/** A caller who says nothing of encodings gets none; one that refuses everything gets the plain body all the same. */
function wantedEncodingOf(request: FastifyRequest): Sending['encoding'] {
  const isSilent = request.headers['accept-encoding'] === undefined;
  return !isSilent && request.accepts().encoding(['gzip', 'identity']) === 'gzip' ? 'gzip' : 'identity';
}

const documentation = {
  operationId: 'lireDossier',
  tags: ['Dossiers'],
  summary: "Le dossier d'une entreprise",
  description:
    "Interroge en parallèle les administrations utiles à l'usage et rend un dossier unifié. Chaque pièce dit une seule chose par son `statut` ; ce qui n'est pas connu est dit inconnu. Ce qui n'est pas arrivé dans l'attente demandée (`Prefer: wait=N`, 5 secondes par défaut, 30 au plus) est `differe` et sera là au prochain appel. Avec `Accept: text/event-stream` : un événement `piece` à chaque source qui répond, puis un événement `dossier`, et le flux se ferme.",
  params: dossierParams,
  querystring: dossierQuery,
  headers: z.object({
    ...agentHeader,
    prefer: z.string().optional().describe('`wait=N` : attente en secondes, de 0 à 30'),
    'cache-control': z.string().optional().describe('`no-cache` : interroge à nouveau les sources'),
    'accept-encoding': z.string().optional().describe('`gzip` : dossier compressé'),
    'if-none-match': z.string().optional().describe('`ETag` déjà connu : 304 si le dossier est le même'),
  }),
  response: {
    200: {
      description: 'Le dossier, complet ou partiel : voir `data.completude`',
      content: { [JSON_TYPE]: { schema: dossierBody }, [EVENTS_TYPE]: { schema: z.string() } },
    },
    304: z.null().describe("Le dossier n'a pas changé"),
    ...dossierRefusals,
    406: problemResponse("Le format demandé n'est pas disponible"),
  },
};
