import type { Answer, AnswerQuestion } from './answer.ts';
import { toVersion3 } from './deprecated-versions.ts';
import { type Documents, withLinks } from './documents.ts';
import type { EndpointCall } from './endpoint-call.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { failure, hubError, providerError, refusal } from './errors.ts';
import type { Spoil, StagedError } from './faults.ts';
import type { MaintenanceEnd } from './maintenance.ts';
import { parisDay } from './paris-clock.ts';
import { parametersOf, pathErrors } from './path-parameters.ts';
import type { ResponseCache } from './response-cache.ts';
import { API_JSON, type WireAnswer } from './wire-answer.ts';

export interface Served {
  answer: WireAnswer;
  /** Set when the answer comes from the cache: the seconds it has left there. */
  expiresInSeconds?: number;
}

interface Options {
  answerQuestion: AnswerQuestion;
  cache: ResponseCache;
  documents: Documents;
  maintenanceEnd: MaintenanceEnd | null;
  now: () => number;
}

/** The only endpoints whose 404 is kept as a success is. */
const KEPT_NOT_FOUND = ['commission_europeenne_numero_tva', 'dgfip_liens_capitalistiques'];
/** Answered by the hub before any provider is asked. */
const HUB_STATUSES = [401, 403, 409, 429];

/** What an admitted call is answered: cache, then maintenance, then path parameters, then the provider. */
export function createAnswerCall({ answerQuestion, cache, documents, maintenanceEnd, now }: Options) {
  function ask(call: EndpointCall, today: string): WireAnswer {
    const { endpoint, values, version } = call;
    const answer = answerQuestion({
      endpoint: endpoint.id,
      identifier: values[call.identifierName] ?? '',
      parameters: parametersOf(endpoint.id, values),
      today,
    });
    if (!answer) return failure(404, providerError(endpoint, { subCode: '003' }));
    return worded(endpoint, version === 3 ? toVersion3(endpoint, answer) : answer);
  }

  function worded(endpoint: Endpoint, answer: Answer | null): WireAnswer {
    if (!answer) return failure(502, providerError(endpoint, { subCode: '503' }));
    const body = Buffer.from(withLinks(answer, endpoint, documents));
    return { status: answer.status, contentType: API_JSON, body };
  }

  return (call: EndpointCall, spoil?: Spoil): Served => {
    const { endpoint } = call;
    const key = cacheKeyOf(call);
    const staged = spoil?.kind === 'error' || spoil?.kind === 'maintenance';
    const kept = call.noCache || staged ? undefined : cache.read(key);
    if (kept) return kept;

    const endsAtMs = spoil?.kind === 'maintenance' ? spoil.endsAtMs : maintenanceEnd?.(endpoint);
    if (endsAtMs !== undefined) return { answer: maintenanceAnswer(endpoint, endsAtMs - now()) };

    const today = parisDay(now());
    const errors = pathErrors({ ...call, endpoint: endpoint.id, currentYear: Number(today.slice(0, 4)) });
    if (errors.length > 0) return { answer: failure(422, ...errors) };
    if (spoil?.kind === 'error') return { answer: stagedAnswer(endpoint, spoil.error) };

    const answer = ask(call, today);
    if (!call.noCache && isKept(endpoint, answer.status)) cache.write(key, answer, endpoint.cache);
    return { answer };
  };
}

/** The path alone, but for headcounts, whose query changes the answer. */
function cacheKeyOf({ endpoint, path, values }: EndpointCall): string {
  return endpoint.bucket === 'gip_mds' ? path + JSON.stringify(parametersOf(endpoint.id, values)) : path;
}

function isKept({ id }: Endpoint, status: number): boolean {
  return status === 200 || (status === 404 && KEPT_NOT_FOUND.includes(id));
}

function maintenanceAnswer(endpoint: Endpoint, leftMs: number): WireAnswer {
  const retryInSeconds = Math.max(0, Math.ceil(leftMs / 1000));
  return failure(503, providerError(endpoint, { subCode: '020', retryInSeconds }));
}

function stagedAnswer(endpoint: Endpoint, { code, status, retryInSeconds }: StagedError): WireAnswer {
  const say = HUB_STATUSES.includes(status) ? refusal : failure;
  if (code.startsWith('00') && code.length === 5) {
    return say(status, hubError(code, undefined, retryInSeconds));
  }
  const prefix = code.length === 5 ? code.slice(0, 2) : endpoint.prefix;
  return say(status, providerError({ ...endpoint, prefix }, { subCode: code.slice(-3), retryInSeconds }));
}
