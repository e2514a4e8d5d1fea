import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  PROBLEMS,
  Problem,
  type ProblemDetails,
  type ProblemDocument,
  type ProblemSlug,
  problemDocument,
} from '../problems.ts';

const PROBLEM_TYPE = 'application/problem+json';
const JSON_TYPE = 'application/json';

/** What fastify refuses by itself, in our words. */
const REFUSALS: Record<number, [ProblemSlug, string]> = {
  400: ['requete-mal-formee', "Vérifiez l'adresse et les en-têtes envoyés."],
  414: ['adresse-trop-longue', "Raccourcissez l'adresse."],
  503: ['passerelle-indisponible', 'Réessayez dans quelques instants.'],
};

/** Everything that is not 2xx leaves as a problem document (RFC 9457), in French. */
export function problemDetails(app: FastifyInstance): void {
  // RFC 9112, 3.2: a request of HTTP/1.1 without Host is refused.
  app.addHook('onRequest', ({ headers, raw }, _reply, done) => {
    const isHostless = headers.host === undefined && raw.httpVersion === '1.1';
    done(isHostless ? new Problem('requete-mal-formee', { detail: "L'en-tête Host manque." }) : undefined);
  });
  app.server.on('request', remember);
  app.setNotFoundHandler((request, reply) => {
    const detail = `Rien n'y répond à ${request.method} : les adresses, et ce qui y répond, sont décrites sur /docs.`;
    sendProblem(request, reply, 'route-inconnue', { detail });
  });
  app.setErrorHandler(refuse);
}

/** Also answers for fastify where a request goes no further than the router: hooks and headers are not there yet. */
export function refuseUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  refuse(error, request, reply);
}

function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof Problem) {
    sendProblem(request, reply, error.slug, error.details);
    return;
  }
  const status = error.statusCode ?? 500;
  const refusal =
    refusedBody(error, request) ?? REFUSALS[status] ?? (status < 500 ? REFUSALS[400] : undefined);
  if (refusal) {
    sendProblem(request, reply, refusal[0], { detail: refusal[1] });
    return;
  }
  request.log.error({ err: error }, 'a request met a bug');
  sendProblem(request, reply, 'erreur-interne', {
    detail: "L'erreur est enregistrée. Citez l'identifiant de la requête au support.",
  });
}

/** What a body may be is said by the route that reads it. */
function refusedBody(error: FastifyError, request: FastifyRequest): [ProblemSlug, string] | undefined {
  const { bodyLimit, schema } = request.routeOptions;
  switch (error.code) {
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return ['requete-mal-formee', "Le corps n'est pas du JSON bien formé : corrigez-le."];
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return ['corps-trop-grand', `Envoyez ${bodyLimit / 1024} Kio au plus.`];
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return ['type-de-contenu-refuse', `Envoyez « Content-Type: ${schema?.consumes?.[0] ?? JSON_TYPE} ».`];
  }
}

function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  slug: ProblemSlug,
  details: ProblemDetails,
): void {
  const { status } = PROBLEMS[slug];
  if (status === 503) reply.header('retry-after', '5');
  const problem = problemDocument(slug, details, request.id);
  const { type, body } = details.error === undefined ? asProblem(problem) : asOAuthError(problem);
  reply.code(status).type(type).header('cache-control', 'no-store').send(body);
}

function asProblem(problem: ProblemDocument) {
  return { type: PROBLEM_TYPE, body: JSON.stringify(problem) };
}

/**
 * RFC 6749, 5.2: clients of OAuth look for `error` in plain JSON, and may refuse any other type. The other members of
 * the problem stay beside it; its words lose their accents there, which the RFC does not allow.
 */
function asOAuthError(problem: ProblemDocument) {
  const error_description = problem.detail
    .replace(/«\s?|\s?»/g, "'")
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");
  const body = JSON.stringify({ ...problem, error_description, error_uri: problem.type });
  return { type: 'application/json; charset=utf-8', body };
}

const CLIENT_ERRORS: Record<string, [ProblemSlug, string]> = {
  HPE_HEADER_OVERFLOW: ['en-tetes-trop-grands', 'Envoyez moins de 16 Kio d’en-têtes.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['requete-trop-lente', 'Envoyez la requête sans attendre.'],
};

interface Exchange {
  request: IncomingMessage;
  answer: ServerResponse;
}

/** What is under way on each connection, in order: callers may send requests before the answers have come. */
const exchanges = new WeakMap<Socket, Exchange[]>();

function remember(request: IncomingMessage, answer: ServerResponse): void {
  const { socket } = request;
  exchanges.set(socket, [...underWay(socket), { request, answer }]);
}

function underWay(socket: Socket): Exchange[] {
  return (exchanges.get(socket) ?? []).filter(({ answer }) => !answer.writableFinished);
}

/**
 * What the HTTP parser refuses never becomes a request: the answer is written on the socket itself, after the
 * answers to the requests before it. One whose own body is what cannot be read has no other answer to wait for.
 */
export function refuseOnSocket(error: Error & { code?: string }, socket: Socket): void {
  const exchanges = underWay(socket);
  if (exchanges.some(({ request, answer }) => !request.complete && answer.headersSent)) socket.destroy();
  const before = exchanges.findLast(({ request }) => request.complete);
  if (before) before.answer.once('finish', () => endWithRefusal(error, socket));
  else endWithRefusal(error, socket);
}

function endWithRefusal(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [slug, detail] = CLIENT_ERRORS[error.code ?? ''] ?? [
    'requete-mal-formee',
    "Ce n'est pas du HTTP correct.",
  ];
  const { status } = PROBLEMS[slug];
  const body = JSON.stringify(problemDocument(slug, { detail }, randomUUID()));
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}
