/** What goes on the wire. A body of bytes keeps Fastify from adding a charset that API Entreprise does not send. */
export interface WireAnswer {
  status: number;
  contentType: string;
  body: Buffer;
}

/** Content type of successes and of errors of a provider. */
export const API_JSON = 'application/vnd.api+json';
/** Content type of what the hub refuses before any provider is asked. */
export const JSON_TYPE = 'application/json';

export function jsonAnswer(status: number, contentType: string, value: unknown): WireAnswer {
  return { status, contentType, body: Buffer.from(JSON.stringify(value)) };
}

export function textAnswer(status: number, text: string): WireAnswer {
  return { status, contentType: 'text/plain', body: Buffer.from(text) };
}
