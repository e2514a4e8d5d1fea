import accepts from '@fastify/accepts';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Collect } from './collection/collect.ts';
import { type Metrics, metricsRoute } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { orderlyClose } from './plugins/orderly-close.ts';
import { problemDetails, refuseOnSocket, refuseUnrouted } from './plugins/problem-details.ts';
import { requestLog } from './plugins/request-log.ts';
import { requestIdOf, requestTrace } from './plugins/request-trace.ts';
import { securityHeaders } from './plugins/security-headers.ts';
import { createConstitute } from './routes/constitute-dossier.ts';
import { dossiersRoute } from './routes/dossiers.ts';
import { healthRoutes } from './routes/health.ts';
import { problemPagesRoute } from './routes/problem-pages.ts';
import { sourcesRoute } from './routes/sources.ts';

export interface AppOptions {
  collect: Collect;
  metrics: Metrics;
  log: FastifyBaseLogger;
  now: () => number;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** Longer than any identifier: a long one is then a bad parameter, explained, rather than an unknown route. */
const MAX_PARAM_LENGTH = 8192;

/** The HTTP application, not yet listening. */
export async function createApp({ collect, metrics, log, now }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: 30_000,
    return503OnClosing: false,
    // Node would refuse without a word: see problemDetails.
    http: { requireHostHeader: false },
    genReqId: requestIdOf,
    clientErrorHandler: refuseOnSocket,
    frameworkErrors: refuseUnrouted,
  });
  // RFC 9110, 10.1.1: an expectation that is not known may be ignored; node would refuse it without a word.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));

  orderlyClose(app);
  requestTrace(app);
  securityHeaders(app);
  requestLog(app);
  problemDetails(app);
  await app.register(accepts);
  await openapi(app);

  dossiersRoute(app, { constitute: createConstitute({ collect, now }), now });
  sourcesRoute(app);
  healthRoutes(app);
  metricsRoute(app, metrics);
  problemPagesRoute(app);
  return app;
}
