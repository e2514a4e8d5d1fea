import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { DocumentDeclaration, Quota, Source } from '../sources/source.ts';
import { followableLink } from './document-link.ts';

/** Why a link gave no document. `lien_mort`: another link may do. */
export type DocumentFault =
  | 'lien_refuse'
  | 'lien_mort'
  | 'quota_epuise'
  | 'delai_depasse'
  | 'connexion_impossible'
  | 'reponse_inattendue'
  | 'trop_grand'
  | 'memoire_occupee';

/** Never rejects for what a link leads to: that is a value. */
export type FetchDocument = (
  source: Source & { document: DocumentDeclaration },
  link: string,
  timeoutMs: number,
) => Promise<Buffer | DocumentFault>;

export interface FetchDocumentOptions {
  /** The connections of one source, which never go where its documents may not be. */
  dispatcherOf(source: Source): Dispatcher;
  /** Of the sources: a link may lead there too. */
  ownOrigin: string;
  /** Whether one more call may be made now, for a link that leads to another. */
  takeDetour(quota: Quota): Promise<boolean>;
  /** Bytes of documents that may be waiting for their end, all sources together. */
  maxBytesUnderWay?: number;
}

/** The largest certificates and extracts are far below. */
export const DOCUMENT_MAX_BYTES = 10 * 1024 * 1024;
const DETOUR_MAX_BYTES = 64 * 1024;
const MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024;
/** Some stores give every file the second. What it is is read in it, not in its name. */
const DOCUMENT_TYPES = ['application/pdf', 'application/octet-stream'];
const JSON_TYPES = ['application/json', 'application/vnd.api+json'];
/** Stores say one or the other of a link whose time is over. */
const DEAD_STATUSES = [403, 404, 410];

const detourSchema = z.object({ data: z.object({ document_url: z.string() }) });

/** Gets what a link leads to: no redirect, no credentials, one time for all of it, no byte too many. */
export function createFetchDocument(options: FetchDocumentOptions): FetchDocument {
  const { dispatcherOf, ownOrigin, takeDetour, maxBytesUnderWay = MAX_BYTES_UNDER_WAY } = options;
  let bytesUnderWay = 0;

  async function read({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer | DocumentFault> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        bytes += chunk.length;
        bytesUnderWay += chunk.length;
        // Leaving the loop closes the connection.
        if (bytes > maxBytes) return 'trop_grand';
        if (bytesUnderWay > maxBytesUnderWay) return 'memoire_occupee';
      }
      return Buffer.concat(chunks);
    } finally {
      bytesUnderWay -= bytes;
    }
  }

  async function get(
    source: Source & { document: DocumentDeclaration },
    link: string,
    { types, maxBytes, signal }: { types: readonly string[]; maxBytes: number; signal: AbortSignal },
  ): Promise<Buffer | DocumentFault> {
    const target = followableLink(link, source.document, ownOrigin);
    if (!target) return 'lien_refuse';
    try {
      const headers = { accept: types.join(', ') };
      const answer = await dispatcherOf(source).request({ ...target, method: 'GET', headers, signal });
      const fault = faultOf(answer, types);
      if (!fault) return await read(answer, maxBytes);
      answer.body.destroy();
      answer.body.on('error', () => {});
      return fault;
    } catch {
      return signal.aborted ? 'delai_depasse' : 'connexion_impossible';
    }
  }

  return async (source, link, timeoutMs) => {
    const signal = AbortSignal.timeout(Math.max(0, Math.floor(timeoutMs)));
    const document = { types: DOCUMENT_TYPES, maxBytes: DOCUMENT_MAX_BYTES, signal };
    const { detour: through } = source.document;
    if (!through) return get(source, link, document);
    if (!(await takeDetour(through.quota))) return 'quota_epuise';
    const detour = await get(source, link, { types: JSON_TYPES, maxBytes: DETOUR_MAX_BYTES, signal });
    if (typeof detour === 'string') return detour;
    const next = linkIn(detour);
    return next === null ? 'reponse_inattendue' : get(source, next, document);
  };
}

function faultOf({ statusCode, headers }: Dispatcher.ResponseData, types: readonly string[]) {
  if (DEAD_STATUSES.includes(statusCode)) return 'lien_mort';
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  return statusCode === 200 && types.includes(type.trim().toLowerCase()) ? null : 'reponse_inattendue';
}

function linkIn(body: Buffer): string | null {
  try {
    return detourSchema.safeParse(JSON.parse(body.toString())).data?.data.document_url ?? null;
  } catch {
    return null;
  }
}
