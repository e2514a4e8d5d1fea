import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Outcome } from '../dossier/outcome.ts';
import type { Source } from '../sources/source.ts';

/** One span under way. */
export interface RequestSpan {
  /** W3C Trace Context, version 00: what the answer and the calls to the sources carry. */
  traceparent: string;
  end(route: string, status: number): void;
}

/** Spans as OpenTelemetry knows them. Attributes are route patterns, source ids and statuts: never an identifier. */
export interface Spans {
  /** @param traceparent the caller's, as received */
  begin(method: string, traceparent: string | undefined): RequestSpan;
  /** A call that has ended now, in the trace of the request it was made for. */
  sourceCalled(source: Source, outcome: Outcome, tookMs: number, traceparent: string | undefined): void;
}

/** A span a request. The trace that the answer names is then the one that is exported. */
export function requestSpans(app: FastifyInstance, spans: Spans): void {
  const underWay = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const span = spans.begin(request.method, typeof traceparent === 'string' ? traceparent : undefined);
    underWay.set(request, span);
    reply.header('traceparent', span.traceparent);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    underWay.get(request)?.end(request.routeOptions.url ?? 'unknown', reply.statusCode);
    done();
  });
}
