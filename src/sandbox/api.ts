import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { hubError, refusal } from './errors.ts';
import { sendAnswer } from './send-answer.ts';
import { textAnswer } from './wire-answer.ts';

const LONGEST_PARAMETER = 2_000;
const NOT_FOUND = textAnswer(404, 'Not Found');
const GONE = textAnswer(410, 'Gone');
/** Resources of version 3 that were closed. */
const CLOSED = ['actes', 'brevets', 'marques', 'modeles'];

export interface ApiOptions {
  /** True when the address may get no answer at all. */
  isBanned: (ip: string) => boolean;
  /** Told of what should never happen: a 500. */
  onBug: (error: unknown) => void;
}

/** An HTTP application with the manners of API Entreprise, and no resource yet. */
export function createApi({ isBanned, onBug }: ApiOptions): FastifyInstance {
  const badRequest = refusal(400, hubError('00401'));
  const internal = refusal(500, hubError('00500'));
  const app: FastifyInstance = Fastify({
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (_error, request, reply) =>
      sendAnswer(reply.header('x-request-id', request.id), badRequest),
  });

  // Only GET has a meaning: bodies are read past, whatever their type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });

  app.addHook('onRequest', (request, reply, done) => {
    // A banned address sees its connections stay open and silent.
    if (isBanned(request.ip)) return void reply.hijack();
    reply.header('x-request-id', request.id);
    done();
  });
  app.setNotFoundHandler((_, reply) => sendAnswer(reply, NOT_FOUND));
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if (error.statusCode && error.statusCode < 500) return sendAnswer(reply, badRequest);
    onBug(error);
    return sendAnswer(reply, internal);
  });

  app.all('/v2/*', (_, reply) => sendAnswer(reply, GONE));
  for (const name of CLOSED) {
    app.get(`/v3/inpi/unites_legales/:siren/${name}`, (_, reply) => sendAnswer(reply, GONE));
  }
  return app;
}
