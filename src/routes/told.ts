import type { Witnessed } from '../access/witness.ts';
import type { Rendition } from '../keeping/rendition.ts';
import type { Asker } from './admission.ts';
import type { DossierQuestion } from './dossier-question.ts';

export const DOSSIER_ROUTE = '/v1/dossiers/:siret';

/** What an answer comes to, for whoever remembers it. */
export type Telling = Pick<Witnessed, 'status'> &
  Partial<Pick<Witnessed, 'kept' | 'collected' | 'mere' | 'digest'>>;

/** What is told of an access to a dossier, by the route and by its shorter way alike. */
export function witnessedOf(
  requestId: string,
  { holder, agent }: Asker,
  asked: Witnessed['asked'],
  { status, kept = [], collected = [], mere = null, digest = null }: Telling,
): Witnessed {
  const route = DOSSIER_ROUTE;
  const who = { requestId, method: 'GET', route, holder, agent };
  return { ...who, status, reason: null, asked, kept, collected, mere, digest };
}

export function askedIn({ siret, usage, tracing }: DossierQuestion): Witnessed['asked'] {
  return { siret, usage: usage.id, ...tracing };
}

/** Worked out once: what is kept is told of again and again. */
const tellings = new WeakMap<Rendition, Telling>();

export function toldOfKept(rendition: Rendition): Telling {
  const known = tellings.get(rendition);
  if (known) return known;
  const { members, mere, etag: digest } = rendition;
  const telling = { status: 200, kept: members.map(([id]) => id), mere, digest };
  tellings.set(rendition, telling);
  return telling;
}
