import type { FastifyRequest } from 'fastify';
import type { Endpoint } from './endpoints/endpoint.ts';
import { identifierNameOf } from './path-parameters.ts';
import type { TokenBearer } from './read-token.ts';

type Values = Readonly<Record<string, string>>;
type Query = Record<string, string | string[]>;

/** One request for an endpoint, read off the wire but not judged yet. */
export interface EndpointCall {
  endpoint: Endpoint;
  version: number;
  /** As asked, query left out. */
  path: string;
  query: Values;
  /** Query and path parameters together; those of the path win. */
  values: Values;
  identifierName: string;
  /** Whether the caller wants an answer that comes from no cache, and goes to none. */
  noCache: boolean;
  bearer: TokenBearer;
}

export function createReadCall(endpoint: Endpoint): (request: FastifyRequest) => EndpointCall {
  const identifierName = identifierNameOf(endpoint.path);
  return (request) => {
    const params = request.params as Record<string, string>;
    const query = queryOf(request);
    return {
      endpoint,
      version: Number(params.version),
      path: request.url.split('?', 1)[0] ?? '',
      query,
      values: { ...query, ...params },
      identifierName,
      noCache: request.headers['cache-control'] === 'no-cache',
      bearer: bearerOf(request),
    };
  };
}

export function bearerOf({ headers, query }: FastifyRequest): TokenBearer {
  const { authorization, 'x-api-key': apiKey } = headers;
  return { authorization, apiKey: textOf(apiKey), query: textOf((query as Query).token) };
}

/** Of a parameter given twice, the last counts. */
function queryOf(request: FastifyRequest): Values {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.query as Query)) values[name] = textOf(value) ?? '';
  return values;
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}
