import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Ids that callers may choose: short and plain, so that they can stand in a log and a header. */
const REQUEST_ID = /^[\w.-]{8,64}$/;
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Every answer carries the id of its request and the trace it belongs to. */
export function requestTrace(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('traceparent', traceparentOf(request.headers.traceparent));
    done();
  });
}

/** Our own span in the caller's trace, or in a new one. */
function traceparentOf(given: unknown): string {
  const [, trace, , flags] = (typeof given === 'string' && TRACEPARENT.exec(given)) || [];
  const isTrace = trace && !/^0+$/.test(trace);
  return `00-${isTrace ? trace : randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${isTrace ? flags : '01'}`;
}
