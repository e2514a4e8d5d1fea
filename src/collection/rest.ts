import { z } from 'zod';
import { type Erreur, erreurSchema, type Failure, type Outcome, unavailable } from '../dossier/outcome.ts';
import { maintenanceEnd } from '../sources/maintenance.ts';
import type { Source } from '../sources/source.ts';
import { verdictOf } from './verdict-of.ts';

/** The longest a source is left alone before one call tells whether it is back, jitter included. Milliseconds. */
const LONGEST_MS = { ouvert: 192_000, maintenance: 4 * 3_600_000, non_autorise: 600_000 } as const;
const FIRST_REST_MS = 10_000;
const LONGEST_REST_MS = 160_000;

/** Why and until when a source is left alone; also what processes tell one another, so it is bounded. */
export const restSchema = z.object({
  etat: z.enum(['ouvert', 'maintenance', 'non_autorise']),
  /** Epoch milliseconds; from then on one probe at a time is let through. */
  untilMs: z.number().positive(),
  /** What doubles when the probe of an outage fails, without jitter; 0 where nothing was doubled yet. */
  restMs: z.number().min(0).max(LONGEST_REST_MS),
  erreur: erreurSchema.extend({ code: z.string().max(40), titre: z.string().max(300) }),
});
export type Rest = z.infer<typeof restSchema>;

export interface Circumstances {
  source: Source;
  /** The rest whose probe this was; null when the source was asked normally. */
  previous: Rest | null;
  nowMs: number;
  /** From 0 to 1: processes and sources that fail together do not come back together. */
  random: () => number;
}

/** The rest that a failure calls for. Only `ouvert` needs more than one failure to begin. */
export function restAfter(failure: Failure, circumstances: Circumstances): Rest {
  const { source, previous, nowMs, random } = circumstances;
  // A failure that tells of its source has a code.
  const erreur = failure.erreur as Erreur;
  if (verdictOf(failure) === 'forbidden') {
    return { etat: 'non_autorise', untilMs: nowMs + LONGEST_MS.non_autorise, restMs: 0, erreur };
  }
  const endMs = statedEnd(failure, nowMs) ?? maintenanceEnd(source, nowMs);
  if (endMs !== null) return bounded({ etat: 'maintenance', untilMs: endMs, restMs: 0, erreur }, nowMs);
  const restMs = Math.min(Math.max(FIRST_REST_MS, (previous?.restMs ?? 0) * 2), LONGEST_REST_MS);
  return { etat: 'ouvert', untilMs: nowMs + jittered(restMs, random), restMs, erreur };
}

/** What a probe leads to: null when the source works. One that told nothing leaves all as it was, for a while. */
export function restAfterProbe(
  outcome: Outcome,
  circumstances: Circumstances & { previous: Rest },
): Rest | null {
  const { previous, nowMs, random } = circumstances;
  const verdict = verdictOf(outcome);
  if (verdict === 'well') return null;
  if (verdict !== 'silent') return restAfter(outcome as Failure, circumstances);
  return { ...previous, untilMs: nowMs + jittered(FIRST_REST_MS, random) };
}

/** A rest no longer than its kind may last: an end that is stated or heard may be any. */
export function bounded(rest: Rest, nowMs: number): Rest {
  return { ...rest, untilMs: Math.min(rest.untilMs, nowMs + LONGEST_MS[rest.etat]) };
}

/** What is answered at once while a source is left alone. Rights do not come back by asking again. */
export function refusalFor({ etat, erreur }: Rest, retryAtMs: number): Failure {
  if (etat === 'non_autorise') return { statut: 'non_autorise', erreur, nouvel_essai_le: null };
  const why = etat === 'maintenance' ? 'Source en maintenance' : 'Source en panne';
  const titre = `${why}, laissée au repos jusqu'au prochain essai : ${erreur.titre}`;
  // An instant has no fractions: the second before would be too early.
  return unavailable(erreur.code, titre, Math.ceil(retryAtMs / 1000) * 1000);
}

/** A maintenance (XX020) of which the answer itself tells the end. */
function statedEnd({ erreur, retryAfterMs }: Failure, nowMs: number): number | null {
  const isMaintenance = /^0?[1-9]\d?020$/.test(erreur?.code ?? '');
  return isMaintenance && retryAfterMs !== undefined ? nowMs + retryAfterMs : null;
}

function jittered(ms: number, random: () => number): number {
  return ms * (0.8 + 0.4 * random());
}
