import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** What is known of a request once it is answered: the route as declared, never the address, which names a company. */
export interface AnsweredRequest {
  requestId: string;
  method: string;
  route: string | null;
  status: number;
  tookMs: number;
}

export type TellAnswered = (answered: AnsweredRequest) => void;

/** One log line and one observation a request. */
export function createTellAnswered(log: FastifyBaseLogger, metrics: Metrics): TellAnswered {
  return (answered) => {
    metrics.requestAnswered(answered.route ?? 'unknown', answered.status, answered.tookMs);
    answered.tookMs = Math.round(answered.tookMs);
    log.info(answered, 'answered');
  };
}

/** For what fastify answers. */
export function answerLog(app: FastifyInstance, tell: TellAnswered): void {
  app.addHook('onResponse', (request, reply, done) => {
    tell({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      tookMs: reply.elapsedTime,
    });
    done();
  });
}
