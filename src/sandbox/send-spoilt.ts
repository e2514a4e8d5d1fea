import type { FastifyReply } from 'fastify';
import { distort, transportOf } from './broken-answers.ts';
import type { Failure } from './faults.ts';
import { sendAnswer } from './send-answer.ts';
import type { WireAnswer } from './wire-answer.ts';

/**
 * Sends an answer, as a failure spoils it where there is one. Ends when the socket does, if the failure is one of
 * the socket: the call is in flight until then.
 */
export async function sendSpoilt(
  reply: FastifyReply,
  answer: WireAnswer,
  failure: Failure | null,
  sleep: (ms: number) => Promise<void>,
) {
  if (!failure) return sendAnswer(reply, answer);
  if (failure === 'redirect') return reply.redirect('/pings');
  const transport = transportOf(failure);
  if (!transport) return sendAnswer(reply, distort(failure, answer));
  reply.hijack();
  const response = reply.raw;
  if (response.destroyed) return;
  const closed = new Promise((resolve) => response.once('close', resolve).on('error', resolve));
  for (const [name, value] of Object.entries(reply.getHeaders())) response.setHeader(name, value ?? '');
  await transport(response, answer, sleep);
  await closed;
}
