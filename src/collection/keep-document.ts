import { type Archive, ownerOf } from '../documents/archive.ts';
import { isWholePdf } from '../documents/pdf.ts';
import type { StoredDocument } from '../dossier/outcome.ts';
import type { Source } from '../sources/source.ts';
import type { Question } from './ask-once.ts';
import type { DocumentFault, FetchDocument } from './fetch-document.ts';

export type KeepFault = DocumentFault | 'pas_un_pdf' | 'conservation_impossible';

export interface KeptDocument {
  document: StoredDocument | KeepFault;
  tookMs: number;
}

/** Fetches and keeps what a link of a source leads to. Never rejects: whatever happens costs the document only. */
export type KeepDocument = (question: Question, link: string, timeoutMs: number) => Promise<KeptDocument>;

export interface KeepDocumentOptions {
  fetch: FetchDocument;
  archive: Pick<Archive, 'keep'>;
  now: () => number;
  /** Told of each link: a document, or why there is none. Never of the link itself. */
  onTried?(source: Source, result: 'conserve' | KeepFault, error?: unknown): void;
}

/** A piece is not made to wait longer for its document: it is tried again later. */
const LONGEST_MS = 4_000;

export function createKeepDocument({ fetch, archive, now, onTried }: KeepDocumentOptions): KeepDocument {
  async function keep(
    { source, subject }: Question,
    link: string,
    timeoutMs: number,
  ): Promise<KeptDocument['document']> {
    const { document } = source;
    if (!document) return 'lien_refuse';
    const fetched = await fetch({ ...source, document }, link, Math.min(timeoutMs, LONGEST_MS));
    if (typeof fetched === 'string') return fetched;
    if (!isWholePdf(fetched)) return 'pas_un_pdf';
    return archive.keep(ownerOf(subject.siren, subject.mere), source.id, fetched);
  }

  return async (question, link, timeoutMs) => {
    const startedMs = now();
    let error: unknown;
    const document = await keep(question, link, timeoutMs).catch((failure): KeepFault => {
      error = failure;
      return 'conservation_impossible';
    });
    onTried?.(question.source, typeof document === 'string' ? document : 'conserve', error);
    return { document, tookMs: now() - startedMs };
  };
}
