import { z } from 'zod';
import {
  erreurSchema,
  type Fact,
  type Failure,
  factSchema,
  isFact,
  type Outcome,
} from '../dossier/outcome.ts';
import { endOfDay } from '../dossier/time.ts';
import { freshUntil } from '../sources/freshness.ts';
import type { Source } from '../sources/source.ts';

const forbiddenSchema = z.object({
  statut: z.literal('non_autorise'),
  erreur: erreurSchema,
  nouvel_essai_le: z.null(),
});

/** What is kept of an answer, with the instants (epoch milliseconds) that bound its life. */
export const keptSchema = z.object({
  outcome: z.union([factSchema, forbiddenSchema]),
  /** Until then it is served as it is. */
  freshUntilMs: z.number(),
  /** Until then it is served at once although no longer fresh, while its source is asked again. */
  revalidateUntilMs: z.number(),
  /** Until then it is served if its source does not answer. */
  staleUntilMs: z.number(),
});
export type Kept = z.infer<typeof keptSchema> & { outcome: Fact | Failure };

/** Code of INSEE, or our own name for the status when the answer has none. */
const FORBIDDEN_BY_LAW = /^(0?[1-9]\d?005|http_451)$/;
const LONGEST_EXAMINATION_MS = 2 * 86_400_000;

/** Soon enough for a link that lives ten minutes more; seldom enough for a quota of five calls a minute. */
const DOCUMENT_RETRY_MS = 600_000;

/**
 * How long an answer lives. A negative one lives less than a positive one would: most turn into something
 * else within days. Nothing is served stale beyond the validity that its own dates state. Null when it may not
 * be kept: a failure is not a fact about the company.
 */
export function keptOf(source: Source, outcome: Outcome, nowMs: number): Kept | null {
  if (!isKeepable(outcome)) return null;
  const freshUntilMs = freshUntilOf(source, outcome, nowMs);
  const lastMs = lastUseOf(outcome);
  return {
    outcome,
    freshUntilMs,
    revalidateUntilMs: isWhole(outcome)
      ? Math.min(freshUntilMs + source.revalidateSeconds * 1000, lastMs)
      : freshUntilMs,
    staleUntilMs: Math.min(freshUntilMs + source.staleSeconds * 1000, lastMs),
  };
}

/** A company that the law forbids to show (HTTP 451) stays so: that is known of it like any fact. */
function isKeepable(outcome: Outcome): outcome is Kept['outcome'] {
  return (
    isFact(outcome) ||
    (outcome.statut === 'non_autorise' && FORBIDDEN_BY_LAW.test(outcome.erreur?.code ?? ''))
  );
}

function freshUntilOf(source: Source, outcome: Kept['outcome'], nowMs: number): number {
  const longestMs = isWhole(outcome) ? Number.POSITIVE_INFINITY : nowMs + DOCUMENT_RETRY_MS;
  const positiveMs = Math.min(freshUntil(source.freshness, nowMs), longestMs);
  if (outcome.statut === 'obtenu' || outcome.statut === 'refuse') return positiveMs;
  const negativeMs = Math.min(nowMs + source.absentSeconds * 1000, nowMs + (positiveMs - nowMs) / 2);
  if (outcome.statut !== 'en_examen') return negativeMs;
  const examinedMs = Date.parse(outcome.nouvel_essai_le ?? '') || 0;
  return Math.min(Math.max(negativeMs, examinedMs), nowMs + LONGEST_EXAMINATION_MS);
}

/** False when its document is still to be had: whoever asks next then waits for it. */
function isWhole(outcome: Kept['outcome']): boolean {
  return !isFact(outcome) || outcome.document !== 'manquant';
}

function lastUseOf(outcome: Kept['outcome']): number {
  const au = isFact(outcome) ? outcome.validite.au : null;
  return au === null ? Number.MAX_SAFE_INTEGER : endOfDay(au);
}
