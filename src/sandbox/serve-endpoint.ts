import type { FastifyReply, FastifyRequest } from 'fastify';
import { admitCall } from './admit-call.ts';
import type { createAnswerCall, Served } from './answer-call.ts';
import type { Conflicts } from './conflicts.ts';
import type { Calls } from './control.ts';
import { createReadCall } from './endpoint-call.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import type { Faults, Strike } from './faults.ts';
import { exhausted, type Quota, type TakeQuota } from './rate-limits.ts';
import type { ReadToken, Token } from './read-token.ts';
import { sendAnswer } from './send-answer.ts';
import { sendSpoilt } from './send-spoilt.ts';

export interface ServeOptions {
  readToken: ReadToken;
  /** Null when quotas are off. */
  takeQuota: TakeQuota | null;
  conflicts: Conflicts;
  faults: Faults;
  calls: Calls;
  answerCall: ReturnType<typeof createAnswerCall>;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The whole life of a call to one endpoint. */
export function createServeEndpoint(options: ServeOptions): (endpoint: Endpoint) => Handler {
  const { readToken, conflicts, calls, faults, answerCall, sleep } = options;

  return (endpoint) => {
    const readCall = createReadCall(endpoint);
    return async (request, reply) => {
      calls.set(endpoint.id, (calls.get(endpoint.id) ?? 0) + 1);
      const call = readCall(request);
      const strike = faults.strike(endpoint.id);
      const token = await readToken(call.bearer);
      const quota = quotaOf(endpoint, token, strike);
      if (quota) reply.headers(quota.headers);
      const admission = admitCall(call, { token, quota, conflicts });
      if (admission.refused) {
        if (admission.traced) cacheHeaders(reply, {});
        return sendAnswer(reply, admission.refused);
      }
      try {
        if (strike.latencyMs > 0) await sleep(strike.latencyMs);
        const served = answerCall(call, strike.spoil);
        cacheHeaders(reply, served);
        const failure = strike.spoil?.kind === 'failure' ? strike.spoil.failure : null;
        return await sendSpoilt(reply, served.answer, failure, sleep);
      } finally {
        conflicts.leave(admission.lock);
      }
    };
  };

  /** Calls are counted by token, before it is judged; one that is not a token of ours counts nowhere. */
  function quotaOf({ bucket }: Endpoint, { claims }: Token, { spoil }: Strike): Quota | null {
    if (spoil?.kind === 'failure' && spoil.failure === 'too-many-requests') {
      return exhausted(bucket, options.now());
    }
    return claims ? (options.takeQuota?.(bucket, claims.jti) ?? null) : null;
  }
}

function cacheHeaders(reply: FastifyReply, { expiresInSeconds }: Pick<Served, 'expiresInSeconds'>): void {
  reply.header('x-response-cached', String(expiresInSeconds !== undefined));
  reply.header('x-cache-expires-in', expiresInSeconds === undefined ? '' : String(expiresInSeconds));
}
