import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Outcome } from '../dossier/outcome.ts';
import { refused } from '../problems.ts';
import type { Source } from '../sources/source.ts';

/** What Prometheus reads. Labels are route patterns, source ids and statuts: never an identifier. */
export interface Metrics {
  registry: Registry;
  /** @param tookMs how long the call took, in milliseconds */
  sourceCalled(source: Source, outcome: Outcome, tookMs: number): void;
  /** @param tookMs how long the answer took, in milliseconds */
  requestAnswered(route: string, status: number, tookMs: number): void;
  cacheFailed(): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: 'dlnuf_source_call_duration_seconds',
    help: 'Calls to each source, by what came of them',
    labelNames: ['source', 'statut'],
    buckets: SECONDS,
    registers,
  });
  const requests = new Histogram({
    name: 'dlnuf_request_duration_seconds',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const cacheFailures = new Counter({
    name: 'dlnuf_cache_failures_total',
    help: 'Commands to Redis that failed; the caller was served without it',
    registers,
  });
  return {
    registry,
    sourceCalled: ({ id }, { statut }, tookMs) => calls.observe({ source: id, statut }, tookMs / 1000),
    requestAnswered: (route, status, tookMs) => requests.observe({ route, status }, tookMs / 1000),
    cacheFailed: () => cacheFailures.inc(),
  };
}

export function metricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.requestAnswered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
    done();
  });
  app.get('/metrics', { schema: documentation }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}

const documentation = {
  operationId: 'lireMetriques',
  tags: ['Exploitation'],
  summary: 'Les mesures, au format Prometheus',
  response: {
    200: { description: 'Les mesures', content: { 'text/plain': { schema: z.string() } } },
    ...refused,
  },
};
