import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

type Policy = Record<string, string[]>;

/** Answers are data: a browser has nothing to run or to show in them. */
const NOTHING: Policy = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/** What is downloaded is never run nor shown in a page, whatever a browser takes it for. */
export const INERT: Policy = { sandbox: [], ...NOTHING };

/** What helmet would set on each answer. It never varies, so it is worked out once: at each request it is dear. */
function headersWith(policy: Policy): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader(name: string, value: string) {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  const options: HelmetOptions = {
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    xFrameOptions: { action: 'deny' },
  };
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return headers;
}

/** Sets the headers on every answer of `app` that fastify sends; pages that a browser runs give the policy they need. */
export function securityHeaders(app: FastifyInstance, policy: Policy = NOTHING): void {
  const headers = headersWith(policy);
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(headers);
    done(null, payload);
  });
}

/** The same headers for answers that are written as they stand: names and values in turn. */
export function constantSecurityHeaders(): string[] {
  return Object.entries(headersWith(NOTHING)).flat();
}
