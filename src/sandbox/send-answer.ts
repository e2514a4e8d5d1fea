import type { FastifyReply } from 'fastify';
import type { WireAnswer } from './wire-answer.ts';

export function sendAnswer(reply: FastifyReply, { status, contentType, body }: WireAnswer): FastifyReply {
  return reply.code(status).header('content-type', contentType).send(body);
}
