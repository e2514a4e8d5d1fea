import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Outcome } from '../dossier/outcome.ts';
import { refused } from '../problems.ts';
import type { Source } from '../sources/source.ts';
import { createTally } from './tally.ts';
import { type JobCounts, type Watched, watch, watchJobs } from './watched.ts';

type Level = 'process' | 'store' | 'none';
type Kind = 'piece' | 'dossier';

/** What Prometheus reads. Labels are route patterns, source ids and statuts: never an identifier. */
export interface Metrics {
  registry: Registry;
  /** @param tookMs how long the call took, in milliseconds */
  sourceCalled(source: Source, outcome: Outcome, tookMs: number, ...rest: unknown[]): void;
  /** @param ageMs how long ago the source gave the answer that is served, in milliseconds */
  pieceServed(source: string, ageMs: number, perime: boolean): void;
  /** @param tookMs how long the answer took, in milliseconds */
  requestAnswered(route: string, status: number, tookMs: number): void;
  requestShed(): void;
  /** @param result `conserve`, or why there is no document */
  documentTried(source: string, result: string): void;
  keptRead(what: Kind, level: Level): void;
  redisFailed(): void;
  /** @param tookMs how long the first of these lines waited until it was durable, in milliseconds */
  journalCommitted(lines: number, tookMs: number): void;
  watch(watched: Watched): void;
  watchJobs(counts: () => JobCounts): void;
}

const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];
const REQUEST_SECONDS = [0.0005, 0.001, 0.0025, ...CALL_SECONDS];
const AGE_SECONDS = [1, 60, 600, 3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 31 * 86_400];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const tallyCall = createTally(registry, {
    name: 'dlnuf_source_call_duration_seconds',
    help: 'Calls to each source, by what came of them',
    labelNames: ['source', 'statut'],
    bounds: CALL_SECONDS,
  });
  const tallyAge = createTally(registry, {
    name: 'dlnuf_piece_age_seconds',
    help: 'Age of the answers served, by source, when a dossier is assembled; one kept whole is not counted again',
    labelNames: ['source', 'perime'],
    bounds: AGE_SECONDS,
  });
  const tallyRequest = createTally(registry, {
    name: 'dlnuf_request_duration_seconds',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    bounds: REQUEST_SECONDS,
  });
  const tooMany = new Counter({
    name: 'dlnuf_source_refused_calls_total',
    help: 'Calls that the hub refused for being too many (429): none should be',
    labelNames: ['source'],
    registers,
  });
  const shed = new Counter({
    name: 'dlnuf_requests_shed_total',
    help: 'Requests refused at once because there was too much to do',
    registers,
  });
  const documents = new Counter({
    name: 'dlnuf_documents_total',
    help: 'Links to documents that were followed, by what came of them',
    labelNames: ['source', 'resultat'],
    registers,
  });
  const redisFailures = new Counter({
    name: 'dlnuf_redis_failures_total',
    help: 'Commands to Redis that failed; the caller was served without it',
    registers,
  });
  const journalLines = new Counter({
    name: 'dlnuf_journal_lines_total',
    help: 'Lines of the journal that were made durable',
    registers,
  });
  const journalCommits = new Histogram({
    name: 'dlnuf_journal_commit_duration_seconds',
    help: 'How long the first line of each commit waited until it was durable',
    buckets: REQUEST_SECONDS,
    registers,
  });
  const keptRead = countReads(registry);
  return {
    registry,
    keptRead,
    sourceCalled({ id: source }, outcome, tookMs) {
      tallyCall(tookMs / 1000, source, outcome.statut);
      if ('erreur' in outcome && /429$/.test(outcome.erreur?.code ?? '')) tooMany.inc({ source });
    },
    pieceServed: (source, ageMs, perime) => tallyAge(ageMs / 1000, source, String(perime)),
    requestAnswered: (route, status, tookMs) => tallyRequest(tookMs / 1000, route, status),
    requestShed: () => shed.inc(),
    documentTried: (source, resultat) => documents.inc({ source, resultat }),
    redisFailed: () => redisFailures.inc(),
    journalCommitted(lines, tookMs) {
      journalLines.inc(lines);
      journalCommits.observe(tookMs / 1000);
    },
    watch: (watched) => watch(watched, registers),
    watchJobs: (counts) => watchJobs(counts, registers),
  };
}

/** Counted at each request, so by a plain sum that the metric copies when it is read. */
function countReads(registry: Registry): Metrics['keptRead'] {
  const sums = new Map<Kind, Record<Level, number>>([
    ['piece', { process: 0, store: 0, none: 0 }],
    ['dossier', { process: 0, store: 0, none: 0 }],
  ]);
  new Counter({
    name: 'dlnuf_kept_reads_total',
    help: 'Readings of what is kept, by where they found it',
    labelNames: ['what', 'level'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [what, levels] of sums) {
        for (const [level, sum] of Object.entries(levels)) this.inc({ what, level }, sum);
      }
    },
  });
  return (what, level) => {
    (sums.get(what) as Record<Level, number>)[level]++;
  };
}

/** @param read gives the metrics as text: of this process, or of all that share its port */
export function metricsRoute(
  app: FastifyInstance,
  { registry }: Metrics,
  read: () => Promise<string> = () => registry.metrics(),
): void {
  const config = { access: 'machine', parameters: 'ignored' } as const;
  app.get('/metrics', { config, schema: documentation }, async (_request, reply) => {
    reply.type(registry.contentType);
    return read();
  });
}

const documentation = {
  operationId: 'lireMetriques',
  tags: ['Exploitation'],
  summary: 'Les mesures, au format Prometheus',
  description: 'Depuis la machine de la passerelle, ou avec le jeton METRICS_TOKEN.',
  response: {
    200: { description: 'Les mesures', content: { 'text/plain': { schema: z.string() } } },
    ...refused,
  },
};
