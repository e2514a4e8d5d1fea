import { errors, type Pool } from 'undici';
import { type Failure, unavailable } from '../dossier/outcome.ts';
import { RETRY_SECONDS, type Response } from '../sources/outcome-of.ts';
import type { Source } from '../sources/source.ts';

/** The three parameters by which a source knows why it is asked and for whom. */
export interface Tracing {
  /** Frame of the request, e.g. « Marchés publics ». */
  context: string;
  /** Number of the procedure. */
  object: string;
  /** SIRET of the public body that will use the data. */
  recipient: string;
}

export interface Call {
  source: Source;
  path: string;
  tracing: Tracing;
  /** Asks the hub not to answer from what it keeps. */
  refresh: boolean;
}

/** Never rejects for a failure of the source: that is a value. */
export type CallSource = (call: Call) => Promise<Response | Failure>;

export interface CallSourceOptions {
  /** The connections of one source: apart, so that a slow one takes nobody else's. */
  poolOf(source: Source): Pool;
  /** Path before those of the sources, when the base URL has one; no trailing slash. */
  basePath: string;
  /** Null when the sources want none. */
  token: string | null;
  now: () => number;
}

export function createCallSource({ poolOf, basePath, token, now }: CallSourceOptions): CallSource {
  const accept = 'application/vnd.api+json, application/json';
  const headers = token === null ? { accept } : { accept, authorization: `Bearer ${token}` };

  async function exchange({ source, path, tracing, refresh }: Call, signal: AbortSignal) {
    try {
      const {
        statusCode,
        headers: received,
        body,
      } = await poolOf(source).request({
        method: 'GET',
        path: `${basePath}${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ ...tracing })}`,
        headers: refresh ? { ...headers, 'cache-control': 'no-cache' } : headers,
        signal,
      });
      return { status: statusCode, retryAfterSeconds: retryAfterOf(received), body: await body.text() };
    } catch (error) {
      return failureOf(error, now());
    }
  }

  /** The signal frees the connection but does not end the wait for one: undici looks at it only once connected. */
  return async (call) => {
    const deadline = new AbortController();
    const late = Promise.withResolvers<Failure>();
    const timer = setTimeout(() => {
      late.resolve(
        unavailable('delai_depasse', "La source n'a pas répondu à temps", now() + RETRY_SECONDS * 1000),
      );
      deadline.abort();
    }, call.source.timeoutMs);
    const answer = await Promise.race([exchange(call, deadline.signal), late.promise]);
    clearTimeout(timer);
    return answer;
  };
}

function failureOf(error: unknown, nowMs: number): Failure {
  const retryAtMs = nowMs + RETRY_SECONDS * 1000;
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return unavailable('reponse_trop_grande', 'La réponse de la source est trop grande', retryAtMs);
  }
  return unavailable('connexion_impossible', "La connexion à la source n'a pas abouti", retryAtMs);
}

type Received = Record<string, string | string[] | undefined>;

/** Seconds, from `Retry-After` as API Entreprise writes it; a date or nonsense says nothing. */
function retryAfterOf(headers: Received): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 && seconds < 7 * 86_400 ? seconds : null;
}
