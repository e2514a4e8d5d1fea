import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Answer, DOCUMENT } from './answer.ts';
import type { Endpoint } from './endpoints/endpoint.ts';

export type DocumentContent = NonNullable<Answer['document']>;

/** Where a link points: a store of files, INPI's own detour to it, or that store by way of the hub. */
export type LinkKind = 'document' | 'inpi' | 'file';

const PATHS: Readonly<Record<LinkKind, (uuid: string) => string>> = {
  document: (uuid) => `/documents/${uuid}.pdf`,
  inpi: (uuid) => `/proxy/inpi/download/${uuid}`,
  file: (uuid) => `/proxy/files/${uuid}`,
};

const LINKS_KEPT = 50_000;
const NO_CONTENT: DocumentContent = { title: 'Document', company: '', lines: [] };

export interface Documents {
  /** An unguessable link, dead after `lifeSeconds`. */
  link(kind: LinkKind, content: DocumentContent, lifeSeconds: number): string;
  find(kind: LinkKind, uuid: string): DocumentContent | 'unknown' | 'expired';
}

/** Keeps what the links will say; the PDF itself is made when it is downloaded. */
export function createDocuments(options: { baseUrl: () => string; now: () => number }): Documents {
  const { baseUrl, now } = options;
  const links = new LRUCache<string, { content: DocumentContent; expiresAtMs: number }>({ max: LINKS_KEPT });
  return {
    link(kind, content, lifeSeconds) {
      const uuid = randomUUID();
      links.set(`${kind} ${uuid}`, { content, expiresAtMs: now() + lifeSeconds * 1000 });
      return baseUrl() + PATHS[kind](uuid);
    },
    find(kind, uuid) {
      const link = links.get(`${kind} ${uuid}`);
      if (!link) return 'unknown';
      return now() < link.expiresAtMs ? link.content : 'expired';
    },
  };
}

/** The body of an answer as text, each `DOCUMENT` it holds made a link of its own. */
export function withLinks(answer: Answer, endpoint: Endpoint, documents: Documents): string {
  const kind = endpoint.prefix === '34' ? 'inpi' : 'document';
  const content = answer.document ?? NO_CONTENT;
  const mint = () => JSON.stringify(documents.link(kind, content, endpoint.documentLifeSeconds));
  return JSON.stringify(answer.body).replaceAll(JSON.stringify(DOCUMENT), mint);
}
