import { randomFillSync, randomUUID } from 'node:crypto';
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
    reply.header('traceparent', traceparentOf(request.raw));
    done();
  });
}

/** Our own span in the caller's trace, or in a new one. */
export function traceparentOf({ headers }: IncomingMessage): string {
  const { traceparent } = headers;
  const [, trace, , flags] = (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)) || [];
  const isTrace = trace && !/^0+$/.test(trace);
  return isTrace ? `00-${trace}-${spanId()}-${flags}` : `00-${traceId()}-${spanId()}-01`;
}

const TRACE_ID_BYTES = 16;
/** Drawing many bytes costs what drawing a few does. */
const drawn = Buffer.alloc(256 * TRACE_ID_BYTES);
let used = drawn.length;

function traceId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += TRACE_ID_BYTES;
  return drawn.toString('hex', used - TRACE_ID_BYTES, used);
}

/** Drawn once, then counted: a span must be unlike the others of its trace, not beyond guessing. */
const PROCESS = randomUUID().slice(0, 8);
let spans = 0;

function spanId(): string {
  spans = (spans + 1) >>> 0;
  return PROCESS + spans.toString(16).padStart(8, '0');
}
