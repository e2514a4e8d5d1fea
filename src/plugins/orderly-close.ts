import type { FastifyInstance } from 'fastify';

/** While the application closes, each answer is the last of its connection: none is left open behind it. */
export function orderlyClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}
