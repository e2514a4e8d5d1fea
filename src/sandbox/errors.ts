import type { Endpoint } from './endpoints.ts';
import { HUB, PROVIDER, SPECIFIC, UNKNOWN } from './error-wordings.ts';
import { API_JSON, JSON_TYPE, jsonAnswer, type WireAnswer } from './wire-answer.ts';

/** An error as API Entreprise writes it; `source` is left out when it names nothing. */
export interface ApiError {
  /** Five characters: the provider's prefix (00 for the hub itself), then a sub-code. */
  code: string;
  title: string;
  detail: string;
  source?: { parameter: string } | { header: string };
  meta: Readonly<Record<string, unknown>>;
}

/** An error of the hub itself, `00xxx`; `parameter` is the one at fault. */
export function hubError(code: string, parameter?: string): ApiError {
  const { title, detail } = HUB[code] ?? UNKNOWN;
  return { code, title, detail, ...(parameter === undefined ? {} : { source: { parameter } }), meta: {} };
}

export interface ProviderFailure {
  /** Three characters after the provider's prefix. */
  subCode: string;
  /** Seconds: `meta.retry_in`. */
  retryInSeconds?: number | undefined;
}

export function providerError(endpoint: Endpoint, { subCode, retryInSeconds }: ProviderFailure): ApiError {
  const code = endpoint.prefix + subCode;
  const { title, detail } = SPECIFIC[code] ?? PROVIDER[subCode] ?? UNKNOWN;
  const retry = retryInSeconds === undefined ? {} : { retry_in: retryInSeconds };
  return { code, title, detail, meta: { provider: endpoint.provider, ...retry } };
}

/** A refusal of the hub: `application/json`. */
export function refusal(status: number, ...errors: ApiError[]): WireAnswer {
  return jsonAnswer(status, JSON_TYPE, { errors });
}

/** An error told in the name of the provider, or about the path: `application/vnd.api+json`. */
export function failure(status: number, ...errors: ApiError[]): WireAnswer {
  return jsonAnswer(status, API_JSON, { errors });
}
