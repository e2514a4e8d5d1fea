import type { FastifyInstance, FastifyReply } from 'fastify';
import { pdfOf } from './document-pdf.ts';
import type { DocumentContent, Documents } from './documents.ts';
import { hubError, refusal } from './errors.ts';
import { DOCUMENTS, type Faults } from './faults.ts';
import type { TakeQuota } from './rate-limits.ts';
import { sendAnswer } from './send-answer.ts';
import { sendSpoilt } from './send-spoilt.ts';
import { JSON_TYPE, jsonAnswer, textAnswer } from './wire-answer.ts';

const FILE_LIFE_SECONDS = 86_400;
const GONE = textAnswer(404, 'Not Found');

export interface DocumentRoutesOptions {
  documents: Documents;
  takeQuota: TakeQuota | null;
  /** Of the files; that of a detour is none of theirs. */
  faults: Faults;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

/** Downloads need no token: the link itself is the secret. Quotas are then those of the caller's address. */
export function documentRoutes(
  app: FastifyInstance,
  { documents, takeQuota, faults, now, sleep }: DocumentRoutesOptions,
): void {
  async function sendPdf(reply: FastifyReply, found: DocumentContent | 'unknown' | 'expired') {
    if (typeof found === 'string') return sendAnswer(reply, GONE);
    const { latencyMs, spoil } = faults.strike(DOCUMENTS);
    if (latencyMs > 0) await sleep(latencyMs);
    const answer = { status: 200, contentType: 'application/pdf', body: await pdfOf(found, now()) };
    return sendSpoilt(reply, answer, spoil?.kind === 'failure' ? spoil.failure : null, sleep);
  }

  app.get<{ Params: { uuid: string } }>('/documents/:uuid.pdf', (request, reply) =>
    sendPdf(reply, documents.find('document', request.params.uuid)),
  );

  app.get<{ Params: { uuid: string } }>('/proxy/files/:uuid', (request, reply) => {
    const quota = takeQuota?.('files', request.ip);
    if (quota) reply.headers(quota.headers);
    if (quota?.exceeded) return sendAnswer(reply, refusal(429, hubError('00429')));
    return sendPdf(reply, documents.find('file', request.params.uuid));
  });

  app.get<{ Params: { uuid: string } }>('/proxy/inpi/download/:uuid', (request, reply) => {
    const quota = takeQuota?.('document', request.ip);
    if (quota) reply.headers(quota.headers);
    if (quota?.exceeded) return sendAnswer(reply, refusal(429, hubError('00429')));
    const found = documents.find('inpi', request.params.uuid);
    if (found === 'unknown') return sendAnswer(reply, GONE);
    if (found === 'expired') return sendAnswer(reply, refusal(410, hubError('00403')));
    const document_url = documents.link('file', found, FILE_LIFE_SECONDS);
    const data = { document_url, expires_in: FILE_LIFE_SECONDS };
    return sendAnswer(reply, jsonAnswer(200, JSON_TYPE, { data }));
  });
}
