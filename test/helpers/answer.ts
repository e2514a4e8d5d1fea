import type { Fact, Outcome } from '../../src/dossier/outcome.ts';
import { isFact } from '../../src/dossier/outcome.ts';
import { isSiret, sirenOf } from '../../src/dossier/siret.ts';
import { outcomeOf } from '../../src/sources/outcome-of.ts';
import type { Source, Subject } from '../../src/sources/source.ts';

/** 12:00 in Paris, an ordinary day. */
export const NOON_MS = Date.parse('2026-11-23T11:00:00Z');

export function subjectOf(siret = '55203253400646', today = '2026-11-23'): Subject {
  if (!isSiret(siret)) throw new Error(`not a SIRET: ${siret}`);
  return { siret, siren: sirenOf(siret), today };
}

/** What a source makes of an HTTP answer, given as an object or as raw text. */
export function outcomeFor(source: Source, status: number, body: unknown, subject = subjectOf()): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return outcomeOf(source, { status, retryAfterSeconds: null, body: text }, subject, NOON_MS).outcome;
}

/** The same, when the answer must be a statement of the source whose data fits its own schema. */
export function factFor(source: Source, status: number, body: unknown, subject = subjectOf()): Fact {
  const outcome = outcomeFor(source, status, body, subject);
  if (!isFact(outcome)) throw new Error(`not a statement: ${JSON.stringify(outcome)}`);
  if (outcome.donnees !== null) source.schemas.donnees.parse(outcome.donnees);
  return outcome;
}

export function single(data: unknown, meta: unknown = {}) {
  return { data, links: {}, meta };
}

export function collection(items: unknown[]) {
  return { data: items.map((data) => single(data)), meta: {}, links: {} };
}

export function errors(code: string, title = 'Erreur', meta: unknown = {}) {
  return { errors: [{ code, title, detail: '…', meta }] };
}
