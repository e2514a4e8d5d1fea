import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rateLimitOf } from '../access/rate-limit.ts';
import type { Witness } from '../access/witness.ts';
import type { Collected } from '../collection/collect.ts';
import { type Dossier, dossierSchema } from '../dossier/dossier.ts';
import { type Piece, pieceSchema } from '../dossier/piece.ts';
import type { Rendition } from '../keeping/rendition.ts';
import { Problem, problemDocument, problemResponse } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import { isOfMother } from '../usages/wanted.ts';
import { type AllowDossierOptions, createAllowDossier } from './allow-dossier.ts';
import { cacheStatusOf, cacheStatusOfKept } from './cache-status.ts';
import type { Constitute, Constituted } from './constitute-dossier.ts';
import {
  agentHeader,
  type DossierQuestion,
  dossierParams,
  dossierQuery,
  dossierQuestionOf,
} from './dossier-question.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import type { KeptDossiers } from './kept-dossiers.ts';
import type { KeptLane } from './kept-lane.ts';
import { renderDossier } from './render-dossier.ts';
import type { Sending, SendRendition } from './send-rendition.ts';
import { createTellAccess } from './tell-access.ts';
import { askedIn, DOSSIER_ROUTE, type Telling, toldOfKept } from './told.ts';

const JSON_TYPE = 'application/json';
const EVENTS_TYPE = 'text/event-stream';
export const UNKNOWN = "Aucune source interrogée ne connaît ce SIRET : vérifiez-le auprès de l'entreprise.";

const BUG = "L'erreur est enregistrée. Citez l'identifiant de la requête au support.";

export interface DossiersOptions extends AllowDossierOptions {
  constitute: Constitute;
  keptDossiers: KeptDossiers;
  lane: KeptLane;
  send: SendRendition;
  witness: Witness;
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
export function dossiersRoute(app: FastifyInstance, options: DossiersOptions): void {
  const { constitute, keptDossiers, lane, send, access, witness, now } = options;
  const { allow, takeFamilies } = createAllowDossier(options);

  /** A dossier that several wait for is written once. */
  const renderings = new WeakMap<Dossier, Rendition>();

  const config = { access: { audiences: ['agent', 'public'] as const } };
  app.get(DOSSIER_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { holder } = access.admittedOf(request);
    const question = dossierQuestionOf(request, { nowMs: now(), rights: holder.rights });
    await allow(request, reply, question);
    if (wantedTypeOf(request) === EVENTS_TYPE) return sendEvents(request, reply, question);
    const kept = await keptDossiers.read(question);
    if (!kept) return answerAnew(request, reply, question);
    await tell(request, question, toldOfKept(kept));
    return answer(request, reply, question, kept, cacheStatusOfKept(kept, now()), 'conserve');
  });

  const tellAccess = createTellAccess(access, witness);
  const tell = (request: FastifyRequest, question: DossierQuestion, told: Telling) =>
    tellAccess(request, askedIn(question), told);

  async function answerAnew(request: FastifyRequest, reply: FastifyReply, question: DossierQuestion) {
    await takeFamilies(request, reply, question);
    const mark = keptDossiers.mark(question);
    const constituted = await constitute(question, { traceparent: traceparentOf(reply) });
    const { dossier, collected } = constituted;
    const cacheStatus = cacheStatusOf(collected, now());
    const pieces = piecesOf(constituted);
    if (!dossier) {
      await tell(request, question, { status: 404, ...pieces });
      reply.header('cache-status', cacheStatus);
      throw new Problem('siret-inconnu', { detail: UNKNOWN });
    }
    const known = renderings.get(dossier);
    const rendition = known ?? renderDossier(dossier, constituted, now());
    await tell(request, question, { status: 200, ...pieces, digest: rendition.etag });
    answer(request, reply, question, rendition, cacheStatus, 'collecte');
    if (!known) {
      renderings.set(dossier, rendition);
      void keptDossiers.keep(question, mark, rendition, collected);
    }
    return reply;
  }

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    question: DossierQuestion,
    rendition: Rendition,
    cacheStatus: string,
    timing: Sending['timing'],
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
      more: rateLimitOf(holder, rate),
    });
    return reply;
  }

  async function sendEvents(request: FastifyRequest, reply: FastifyReply, question: DossierQuestion) {
    await takeFamilies(request, reply, question);
    // Before the first piece leaves it is not known which will; it is told again once it is.
    await tell(request, question, { status: 200, collected: askableIn(question) });
    const stream = new Readable({ read() {} });
    const write = (event: string, data: string) => stream.push(`event: ${event}\ndata: ${data}\n\n`);
    const writePiece = (piece: Piece) => write('piece', JSON.stringify(piece));
    /** Who the mother company is, and so whose line it is, is known at the end only. */
    const ofMother: string[] = [];
    const refuse = ({ slug, details }: Problem) =>
      write('probleme', JSON.stringify(problemDocument(slug, details, request.id)));
    constitute(question, {
      traceparent: traceparentOf(reply),
      onPiece: (piece) => (isOfMother(piece.source) ? ofMother.push(piece.source) : writePiece(piece)),
    })
      .then(async (constituted) => {
        const { dossier } = constituted;
        if (!dossier) return refuse(new Problem('siret-inconnu', { detail: UNKNOWN }));
        const { identity, etag } = renderDossier(dossier, constituted, now());
        await tell(request, question, { status: 200, ...piecesOf(constituted), digest: etag });
        for (const id of ofMother) writePiece(dossier.data.pieces[id] as Piece);
        write('dossier', identity.toString());
      })
      .catch((err) => {
        const isRefusal = err instanceof Problem;
        if (!isRefusal) request.log.error({ err }, 'a request met a bug');
        refuse(isRefusal ? err : new Problem('erreur-interne', { detail: BUG }));
      })
      .finally(() => stream.push(null));
    reply.header('vary', 'accept, authorization').header('cache-control', 'no-store');
    return reply.type(`${EVENTS_TYPE}; charset=utf-8`).send(stream);
  }
}

/** Ids of the sources that may be asked: what the usage needs at this stage, as far as it was granted. */
function askableIn({ usage, procedure, rights }: DossierQuestion): string[] {
  const useful = usage.sources(procedure).map(({ id }) => id);
  return useful.filter((id) => rights.sources.has(id));
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

function traceparentOf(reply: FastifyReply): string {
  return String(reply.getHeader('traceparent'));
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
    "Interroge en parallèle les administrations utiles à l'usage et rend un dossier unifié. Chaque pièce dit une seule chose par son `statut` ; ce qui n'est pas connu est dit inconnu. Ce qui n'est pas arrivé dans l'attente demandée (`Prefer: wait=N`, 5 secondes par défaut, 30 au plus) est `differe` et sera là au prochain appel.",
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
