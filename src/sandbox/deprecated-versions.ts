import type { Answer } from './answer.ts';
import type { Endpoint } from './endpoints/endpoint.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The answer of an endpoint as its deprecated version 3 words it: activities in NAF Rév. 2, a document and
 * its life alone for certificates, and a refusal of Urssaf told as an error. Null for that refusal.
 */
export function toVersion3(endpoint: Endpoint, answer: Answer): Answer | null {
  const { data } = answer.body;
  if (answer.status !== 200 || !isFields(data) || !endpoint.versions.includes(4)) return answer;
  const refused = isFields(data.entity_status) && data.entity_status.code === 'refus_de_delivrance';
  if (refused) return null;
  if (endpoint.prefix === '01') return { ...answer, body: { ...answer.body, data: nafRev2(data) } };
  return { ...answer, body: { ...answer.body, data: bare(data), meta: {} } };
}

function nafRev2(data: Fields): Fields {
  const { activite_principale_naf_rev2, ...rest } = data;
  const unit = isFields(data.unite_legale) ? { unite_legale: nafRev2(data.unite_legale) } : {};
  return { ...rest, activite_principale: activite_principale_naf_rev2 ?? data.activite_principale, ...unit };
}

function bare({ document_url, document_url_expires_in }: Fields): Fields {
  return { document_url, expires_in: document_url_expires_in };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
