import type { FastifyInstance } from 'fastify';

/** One line a request, at its end: the route as declared, never the address, which names a company. */
export function requestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const line = { method, route: routeOptions.url ?? null, status: reply.statusCode };
    request.log.info({ ...line, tookMs: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
}
