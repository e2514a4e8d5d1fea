import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { KeptLane } from './kept-lane.ts';

/** Each request may take the lane; those that do not go to fastify, and to whoever else listens. */
export function openLane(server: Server, lane: KeptLane): void {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const passOn = () => {
      forgetTypeOfNothing(request);
      for (const listen of others) listen(request, response);
    };
    if (!lane.take(request, response, passOn)) passOn();
  });
}

/** Fastify would read a body whose type it is told, and wait for the end of one that node does not even begin. */
function forgetTypeOfNothing({ headers }: IncomingMessage): void {
  const isEmpty = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  if (isEmpty && headers['content-type'] !== undefined) delete headers['content-type'];
}
