import type { Endpoint } from './endpoints/endpoint.ts';
import { HUB, PROVIDER, SPECIFIC, UNKNOWN, type Wording } from './error-wordings.ts';
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
export function hubError(code: string, parameter?: string, retryInSeconds?: number): ApiError {
  const wording = HUB[code] ?? UNKNOWN;
  const source = parameter === undefined ? {} : { source: { parameter } };
  return { code, ...said(wording), ...source, meta: delayOf(wording, retryInSeconds) };
}

export interface ProviderFailure {
  /** Three characters after the provider's prefix. */
  subCode: string;
  /** Seconds: `meta.retry_in`, in place of the one that the error always says. */
  retryInSeconds?: number | undefined;
}

/** A file that the hub itself refuses (`05x`) names no provider. */
export function providerError(endpoint: Endpoint, { subCode, retryInSeconds }: ProviderFailure): ApiError {
  const code = endpoint.prefix + subCode;
  const wording = SPECIFIC[code] ?? PROVIDER[subCode] ?? UNKNOWN;
  const provider = subCode.startsWith('05') ? {} : { provider: endpoint.provider };
  return { code, ...said(wording), meta: { ...provider, ...delayOf(wording, retryInSeconds) } };
}

function said({ title, detail }: Wording) {
  return { title, detail };
}

function delayOf(wording: Wording, retryInSeconds = wording.retryInSeconds) {
  return retryInSeconds === undefined ? {} : { retry_in: retryInSeconds };
}

/** A refusal of the hub: `application/json`. */
export function refusal(status: number, ...errors: ApiError[]): WireAnswer {
  return jsonAnswer(status, JSON_TYPE, { errors });
}

/** An error told in the name of the provider, or about the path: `application/vnd.api+json`. */
export function failure(status: number, ...errors: ApiError[]): WireAnswer {
  return jsonAnswer(status, API_JSON, { errors });
}
