import { type Dispatcher, errors } from 'undici';
import { type Failure, unavailable } from '../dossier/outcome.ts';
import { RETRY_SECONDS, type Response } from '../sources/outcome-of.ts';
import { retryAfterSeconds } from '../sources/retry-after.ts';
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
  /** Covers the wait for a connection, the headers and the body together. */
  timeoutMs: number;
  /** W3C Trace Context of the request that is served, when it is known. */
  traceparent?: string | undefined;
  /** Told of the head of an answer, whatever becomes of its body. */
  onHead?(head: Head): void;
}

export interface Head {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

export interface Answer extends Response, Head {}

/** Never rejects for a failure of the source: that is a value. */
export type CallSource = (call: Call) => Promise<Answer | Failure>;

export interface CallSourceOptions {
  /** The connections of one source: apart, so that a slow one takes nobody else's. */
  dispatcherOf(source: Source): Dispatcher;
  /** Path before those of the sources, when the base URL has one; no trailing slash. */
  basePath: string;
  /** Null when the sources want none. */
  token: string | null;
  now: () => number;
  /** Bytes of answers that may be waiting for their end, all sources together. */
  maxBytesUnderWay?: number;
}

/** Shorter, it could be a word. A JWT has hundreds. */
const MIN_TOKEN_LENGTH = 16;
const MAX_BYTES_UNDER_WAY = 96 * 1024 * 1024;

/**
 * Calls a source by undici's `dispatch`, the cheapest way in: no stream a body, no signal a call. One timer
 * covers the whole, so that a source that sends a byte now and then is stopped like one that is silent.
 */
export function createCallSource(options: CallSourceOptions): CallSource {
  const { dispatcherOf, basePath, token, now, maxBytesUnderWay = MAX_BYTES_UNDER_WAY } = options;
  const accept = 'application/vnd.api+json, application/json';
  const headers: Record<string, string> =
    token === null ? { accept } : { accept, authorization: `Bearer ${token}` };
  let bytesUnderWay = 0;

  /** Titles of errors go to callers: a source that repeats what it was sent would give them our token. */
  function withoutToken(body: string): string {
    return token !== null && token.length >= MIN_TOKEN_LENGTH && body.includes(token)
      ? body.replaceAll(token, '…')
      : body;
  }

  return ({ source, path, tracing, refresh, timeoutMs, traceparent, onHead }) =>
    new Promise((resolve) => {
      const failed = (code: string, titre: string) => unavailable(code, titre, now() + RETRY_SECONDS * 1000);
      const chunks: Buffer[] = [];
      let controller: Dispatcher.DispatchController | null = null;
      let bytes = 0;
      let head: Head = { status: 0, headers: {} };
      let isOver = false;

      function end(answer: Answer | Failure): void {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        bytesUnderWay -= bytes;
        resolve(answer);
      }

      function stop(answer: Failure): void {
        end(answer);
        controller?.abort(new errors.RequestAbortedError());
      }

      const timer = setTimeout(
        () => stop(failed('delai_depasse', "La source n'a pas répondu à temps")),
        timeoutMs,
      );

      dispatcherOf(source).dispatch(
        {
          method: 'GET',
          path: `${basePath}${path}${path.includes('?') ? '&' : '?'}${queryOf(tracing)}`,
          headers: {
            ...headers,
            ...(refresh && { 'cache-control': 'no-cache' }),
            ...(traceparent && { traceparent }),
          },
        },
        {
          onRequestStart(started) {
            controller = started;
            if (isOver) started.abort(new errors.RequestAbortedError());
          },
          onResponseStart(_controller, status, headers) {
            head = { status, headers };
            onHead?.(head);
          },
          onResponseData(_controller, chunk) {
            bytes += chunk.length;
            bytesUnderWay += chunk.length;
            chunks.push(chunk);
            if (bytes > source.maxBytes) {
              stop(failed('reponse_trop_grande', 'La réponse de la source est trop grande'));
            } else if (bytesUnderWay > maxBytesUnderWay) {
              stop(failed('memoire_occupee', 'Trop de grandes réponses arrivent à la fois'));
            }
          },
          onResponseEnd() {
            const retryAfter = head.headers['retry-after'];
            end({
              ...head,
              retryAfterSeconds:
                retryAfter === undefined ? null : retryAfterSeconds(String(retryAfter), now()),
              body: withoutToken(textOf(chunks)),
            });
          },
          onResponseError() {
            end(failed('connexion_impossible', "La connexion à la source n'a pas abouti"));
          },
        },
      );
    });
}

/** UTF-8, without the byte order mark that some write before it. */
function textOf(chunks: readonly Buffer[]): string {
  const text = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

const queries = new WeakMap<Tracing, string>();

/** The same for all the sources of a dossier: written once. */
function queryOf(tracing: Tracing): string {
  const known = queries.get(tracing);
  if (known !== undefined) return known;
  const query = new URLSearchParams({ ...tracing }).toString();
  queries.set(tracing, query);
  return query;
}
