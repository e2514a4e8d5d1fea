import { z } from 'zod';
import { type Instant, instantOf } from './time.ts';

export const erreurSchema = z.object({
  code: z.string().describe('Code de la source (« 04501 ») ou de la passerelle (« delai_depasse »)'),
  titre: z.string(),
});
export type Erreur = z.infer<typeof erreurSchema>;

const jour = z.iso.date().nullable();
export const periodSchema = z.object({ du: jour, au: jour });
/** First and last day of a proof's validity, each null when the proof does not say. */
export type Period = z.infer<typeof periodSchema>;

const storedDocumentSchema = z.object({
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes. */
  taille: z.int().positive(),
});
/** A document that the gateway keeps. */
export type StoredDocument = z.infer<typeof storedDocumentSchema>;

/** What a source stated about a company: it may be kept, and `obtenu_le` stays what it was. */
export const factSchema = z.object({
  statut: z.enum(['obtenu', 'refuse', 'en_examen', 'non_trouve']),
  donnees: z.unknown(),
  validite: periodSchema,
  erreur: erreurSchema.nullable(),
  obtenu_le: z.iso.datetime(),
  nouvel_essai_le: z.iso.datetime().nullable(),
  /** Absent when the source gives none; `manquant` when it gave a link that led to none. */
  document: z.union([storedDocumentSchema, z.literal('manquant')]).optional(),
});
export type Fact = z.infer<typeof factSchema>;

/** Why there is no statement of the source. Never kept: a failure is not a fact about the company. */
export interface Failure {
  statut: 'indisponible' | 'differe' | 'non_autorise';
  erreur: Erreur | null;
  nouvel_essai_le: Instant | null;
  /** Milliseconds after which the source itself says to ask again; absent when it does not say. Never shown. */
  retryAfterMs?: number;
}

/** The source was not asked: by rule (`hors_perimetre`, rule named) or because the usage has no need of it. */
export interface NotAsked {
  statut: 'hors_perimetre' | 'non_demande';
  regle: string | null;
}

export type Outcome = Fact | Failure | NotAsked;
export type Statut = Outcome['statut'];

export function isFact(outcome: Outcome): outcome is Fact {
  return 'obtenu_le' in outcome;
}

export function isFailure(outcome: Outcome): outcome is Failure {
  return !isFact(outcome) && 'erreur' in outcome;
}

/** @param retryAtMs epoch milliseconds at which asking again makes sense */
export function unavailable(code: string, titre: string, retryAtMs: number | null): Failure {
  return { statut: 'indisponible', erreur: { code, titre }, nouvel_essai_le: instantOrNull(retryAtMs) };
}

/** @param retryAtMs epoch milliseconds at which the answer is expected */
export function deferred(erreur: Erreur | null, retryAtMs: number | null): Failure {
  return { statut: 'differe', erreur, nouvel_essai_le: instantOrNull(retryAtMs) };
}

function instantOrNull(epochMs: number | null): Instant | null {
  return epochMs === null ? null : instantOf(epochMs);
}

/** The caller may not be shown it: nobody was asked for him, or nothing of it is said. */
export function notAllowed(code: string, titre: string): Failure {
  return { statut: 'non_autorise', erreur: { code, titre }, nouvel_essai_le: null };
}

export const notNeeded: NotAsked = { statut: 'non_demande', regle: null };
