import accepts from '@fastify/accepts';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createRefusalBudget } from './access/refusal-budget.ts';
import type { Witness } from './access/witness.ts';
import type { Circuits } from './collection/circuits.ts';
import type { Collect } from './collection/collect.ts';
import type { CollectFurther } from './collection/collect-further.ts';
import type { QuotaBudget } from './collection/quota.ts';
import type { SendPrefill } from './demarche-numerique/send-prefill.ts';
import type { Archive } from './documents/archive.ts';
import { createHoldDocuments } from './documents/hold-documents.ts';
import { createRunner } from './jobs/runner.ts';
import type { Consultations } from './journal/consultations.ts';
import type { Journal } from './journal/group-commit.ts';
import type { Shelves } from './keeping/shelves.ts';
import type { Access } from './open-access.ts';
import type { Jobs } from './open-jobs.ts';
import { accessGate } from './plugins/access-gate.ts';
import { answerLog, createTellAnswered } from './plugins/answer-log.ts';
import { knownParameters } from './plugins/known-parameters.ts';
import { type Metrics, metricsRoute } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { orderlyClose } from './plugins/orderly-close.ts';
import { createShed, overload } from './plugins/overload.ts';
import { problemDetails, refuseOnSocket, refuseUnrouted } from './plugins/problem-details.ts';
import { requestIdOf, requestTrace, traceparentOf } from './plugins/request-trace.ts';
import { constantSecurityHeaders, INERT, securityHeaders } from './plugins/security-headers.ts';
import { requestSpans, type Spans } from './plugins/spans.ts';
import { createAllowDossier } from './routes/allow-dossier.ts';
import { createBoundedConstitute } from './routes/bounded-constitute.ts';
import { candidaturesRoutes } from './routes/candidatures.ts';
import { createCollectMember } from './routes/collect-member.ts';
import { createConstitute } from './routes/constitute-dossier.ts';
import { consultationsRoutes } from './routes/consultations.ts';
import { demarcheNumeriqueRoute } from './routes/demarche-numerique.ts';
import { documentsRoute } from './routes/documents.ts';
import { documentsZipRoute } from './routes/documents-zip.ts';
import { dossiersRoute } from './routes/dossiers.ts';
import { espdRoutes } from './routes/espd.ts';
import { formsRoutes } from './routes/forms.ts';
import { healthRoutes } from './routes/health.ts';
import { createGroupWitness, createJournalWitness } from './routes/journal-witness.ts';
import { createKeptDossiers } from './routes/kept-dossiers.ts';
import { createKeptLane } from './routes/kept-lane.ts';
import { oauthTokenRoute } from './routes/oauth-token.ts';
import { openLane } from './routes/open-lane.ts';
import { problemPagesRoute } from './routes/problem-pages.ts';
import { createReadDossier } from './routes/read-dossier.ts';
import { createSendRendition } from './routes/send-rendition.ts';
import { createSendingLimit } from './routes/sending-limit.ts';
import { createSharedConstitute } from './routes/shared-constitute.ts';
import { sourcesRoute } from './routes/sources.ts';
import { createTellAccess } from './routes/tell-access.ts';
import { DOSSIER_ROUTE } from './routes/told.ts';

export interface AppOptions {
  collect: Collect;
  collectFurther: CollectFurther;
  jobs: Jobs;
  shelves: Shelves;
  circuits: Circuits;
  quota: QuotaBudget;
  archive: Archive;
  access: Access;
  /** Null when nothing may be sent to Démarche numérique. */
  sendPrefill: SendPrefill | null;
  /** Of the program: what another one kept is not read. */
  version: string;
  isDraining: () => boolean;
  journal: Journal;
  /** Told of each access instead of the journal. */
  witness?: Witness;
  consultations: Consultations;
  metrics: Metrics;
  /** Where the metrics are more than those of this process. */
  readMetrics?: (() => Promise<string>) | undefined;
  spans?: Spans | undefined;
  log: FastifyBaseLogger;
  now: () => number;
  /** Where the gateway is called, when it is not where it listens; without a final slash. */
  publicUrl?: string | undefined;
  /** How long a request may take to arrive. */
  patienceMs?: number;
}

const PATIENCE_MS = 30_000;
/** Of those patiences: a connection on which nothing moves, because its caller no longer reads, is closed. */
const IDLE_PATIENCES = 4;
/** How often in one patience what is late is looked for. */
const LOOKS = 6;
const MAX_BODY_BYTES = 1024 * 1024;
/** Longer than any identifier: a long one is then a bad parameter, explained, rather than an unknown route. */
const MAX_PARAM_LENGTH = 8192;

/** The HTTP application, not yet listening. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    collect,
    shelves,
    circuits,
    quota,
    archive,
    journal,
    metrics,
    log,
    now,
    patienceMs = PATIENCE_MS,
  } = options;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: patienceMs,
    connectionTimeout: IDLE_PATIENCES * patienceMs,
    return503OnClosing: false,
    // Node would refuse without a word: see problemDetails.
    http: {
      requireHostHeader: false,
      // Nobody waits for the end of a body that there is not: it took a tenth of the time of a kept dossier.
      optimizeEmptyRequests: true,
      headersTimeout: patienceMs,
      connectionsCheckingInterval: patienceMs / LOOKS,
    },
    genReqId: requestIdOf,
    clientErrorHandler: refuseOnSocket,
    frameworkErrors: refuseUnrouted,
  });
  // RFC 9110, 10.1.1: an expectation that is not known may be ignored; node would refuse it without a word.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  // Lines name their request themselves: a logger made for each request would cost more than its line.
  Object.assign(app.log, { child: () => app.log });
  // Routes read what they are given by themselves; their schemas are for those who read the documentation.
  // Fastify's own, which would hand a text to routes that read JSON.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(() => null as never);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));

  const isClosing = orderlyClose(app, options.isDraining);
  requestTrace(app);
  if (options.spans) requestSpans(app, options.spans);
  securityHeaders(app);
  const tellAnswered = createTellAnswered(log, metrics);
  answerLog(app, tellAnswered);
  const shed = createShed(metrics.requestShed);
  await overload(app, shed);
  problemDetails(app);
  const { gate } = options.access;
  const { witness = createJournalWitness({ journal, now }) } = options;
  const refusals = createRefusalBudget({ tell: createGroupWitness({ journal, now }), now });
  const access = accessGate(app, { ...options.access, witness, refusals });
  knownParameters(app);
  await app.register(accepts);
  await openapi(app, options.access.demonstration);

  const keptDossiers = createKeptDossiers(shelves, options.version);
  const send = createSendRendition({
    constantHeaders: constantSecurityHeaders(),
    isClosing,
    keepAliveMs: () => app.server.keepAliveTimeout,
  });
  const lane = createKeptLane({
    keptDossiers,
    send,
    gate,
    witness,
    now,
    isOpen: () => journal.isOpen() && !options.spans && !isClosing() && !app.isUnderPressure(),
    requestIdOf,
    traceparentOf,
    onAnswered: (requestId, status, tookMs) =>
      tellAnswered({ requestId, method: 'GET', route: DOSSIER_ROUTE, status, tookMs }),
  });
  const hold = createHoldDocuments({
    archive,
    onFailed: (err) => log.error({ err }, 'the time of a document cannot begin anew'),
  });
  const bounded = createBoundedConstitute(
    createConstitute({ collect, now, hold, onServed: metrics.pieceServed }),
    shed,
  );
  const constitute = createSharedConstitute(bounded, now);
  const admission = { access, gate, witness, isRecording: journal.isOpen };
  const { allow, takeFamilies } = createAllowDossier(admission);
  const tell = createTellAccess(access, witness);
  const read = createReadDossier({ constitute, keptDossiers, takeFamilies, tell, now });
  const reading = { access, allow, read, tell, now };
  dossiersRoute(app, { ...reading, gate, takeFamilies, constitute, lane, send });
  const countSending = createSendingLimit(shed);
  await app.register(async (files) => {
    securityHeaders(files, INERT);
    documentsRoute(files, { archive, countSending, ...admission });
    espdRoutes(files, { ...reading, publicUrl: options.publicUrl });
    documentsZipRoute(files, { ...reading, archive, countSending });
  });
  formsRoutes(app, reading);
  demarcheNumeriqueRoute(app, { ...reading, sendPrefill: options.sendPrefill });
  const runner = createRunner({
    ...options.jobs,
    tryTask: createCollectMember({
      ...options,
      ...options.access,
      ...admission,
      hold,
      onServed: metrics.pieceServed,
    }),
    now,
    onBug: (err) => log.error({ err }, 'a company of a job met a bug'),
    onAway: (reason) =>
      reason === null
        ? log.info({}, 'jobs are read again')
        : log.error({ err: reason }, 'jobs cannot be read: they go on once they can'),
    onPurged: (count) => log.info({ count }, 'jobs whose time was over are deleted'),
  });
  metrics.watchJobs(runner.counts);
  app.addHook('onReady', async () => runner.start());
  app.addHook('preClose', () => runner.close());
  const { limit: limitOf } = quota;
  candidaturesRoutes(app, { ...options.jobs, runner, limitOf, hold, ...admission, shed, now });
  consultationsRoutes(app, { consultations: options.consultations, journal, access, now });
  oauthTokenRoute(app, { exchange: options.access.exchange, access });
  sourcesRoute(app, { circuits, quota });
  healthRoutes(app, {
    isDraining: options.isDraining,
    isWell: options.access.isWell,
    isRecording: journal.isOpen,
  });
  metricsRoute(app, metrics, options.readMetrics);
  problemPagesRoute(app);
  openLane(app.server, lane);
  return app;
}
