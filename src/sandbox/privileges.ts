import type { FastifyInstance } from 'fastify';
import { bearerOf } from './endpoint-call.ts';
import { hubError, refusal } from './errors.ts';
import type { ReadToken } from './read-token.ts';
import { sendAnswer } from './send-answer.ts';
import { JSON_TYPE, jsonAnswer } from './wire-answer.ts';

/** What the caller's token opens: its scopes, not the endpoints. */
export function privilegesRoutes(app: FastifyInstance, { readToken }: { readToken: ReadToken }): void {
  const shapes = {
    '/privileges': (privileges: string[]) => ({ data: { privileges } }),
    '/v2/privileges': (privileges: string[]) => ({ privileges }),
  };
  for (const [path, shape] of Object.entries(shapes)) {
    app.get(path, async (request, reply) => {
      const token = await readToken(bearerOf(request));
      if (token.refusal !== undefined)
        return sendAnswer(reply, refusal(401, hubError(token.refusal, 'token')));
      return sendAnswer(reply, jsonAnswer(200, JSON_TYPE, shape(token.claims.scopes)));
    });
  }
}
