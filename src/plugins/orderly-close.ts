import type { FastifyInstance } from 'fastify';

/**
 * While the process drains and closes, each answer is the last of its connection: when it closes, no caller is
 * about to send on a connection that is open.
 *
 * @returns whether it does
 */
export function orderlyClose(app: FastifyInstance, isDraining: () => boolean): () => boolean {
  let closing = false;
  const isClosing = () => closing || isDraining();
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing()) reply.header('connection', 'close');
    done(null, payload);
  });
  return isClosing;
}
