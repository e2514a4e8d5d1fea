import { isFailure, type Outcome } from '../dossier/outcome.ts';

/** Retries are a share of the calls: sources in trouble are not made worse by insisting. */
export interface RetryBudget {
  /** For each call that is no retry. */
  deposit(): void;
  /** Whether one retry is left, which is then spent. */
  take(): boolean;
}

/** One retry for ten calls, and ten in a row at the most. */
const RETRY_COST = 10;
const LARGEST_BUDGET = 10 * RETRY_COST;

export function createRetryBudget(): RetryBudget {
  let calls = LARGEST_BUDGET;
  return {
    deposit() {
      calls = Math.min(calls + 1, LARGEST_BUDGET);
    },
    take() {
      if (calls < RETRY_COST) return false;
      calls -= RETRY_COST;
      return true;
    },
  };
}

interface Policy {
  retries: number;
  /** Milliseconds before each retry, 1 the first; `random` from 0 to 1. */
  pauseMs(attempt: number, random: () => number): number;
}

/** Network, refused connections and moments that API Entreprise calls temporary. */
const PASSING: Policy = {
  retries: 2,
  pauseMs: (attempt, random) => (100 + 200 * random()) * 2 ** (attempt - 1),
};
/** The hub is already asking the same question for somebody: it keeps the answer, soon. */
const CONFLICT: Policy = {
  retries: 6,
  pauseMs: (attempt, random) => 500 * attempt * (0.8 + 0.4 * random()),
};

/** Not timeouts (002, `delai_depasse`): the hub may still be waiting, and would refuse the same question. */
const PASSING_CODES = /^(connexion_impossible|http_50[234]|0{0,2}501|0?2501|31502|0?[1-9]\d?(001|004|011))$/;
const CONFLICT_CODES = /^(0{0,3}15|http_409)$/;

/** What is left for the call itself after the pause, at the least. */
const CALL_MS = 1_000;

export interface Retrying {
  /** What came of the last call; not what a circuit answered in its place. */
  outcome: Outcome;
  /** Calls made so far: 1 after the first. */
  attempt: number;
  /** What is left of the time of the source, in milliseconds. */
  leftMs: number;
  /** From 0 to 1. */
  random: () => number;
}

/** Milliseconds to wait before asking again; null when it is of no use, or not in time. */
export function pauseBeforeRetry({ outcome, attempt, leftMs, random }: Retrying): number | null {
  const policy = policyFor(outcome);
  if (!policy || attempt > policy.retries) return null;
  const statedMs = isFailure(outcome) ? (outcome.retryAfterMs ?? 0) : 0;
  const pauseMs = Math.max(statedMs, Math.round(policy.pauseMs(attempt, random)));
  return pauseMs + CALL_MS <= leftMs ? pauseMs : null;
}

/** Nothing is wrong with the source then: asking again is not what the budget bounds. */
export function isConflict(outcome: Outcome): boolean {
  return outcome.statut === 'differe' && CONFLICT_CODES.test(outcome.erreur?.code ?? '');
}

function policyFor(outcome: Outcome): Policy | null {
  if (isConflict(outcome)) return CONFLICT;
  const isDown = isFailure(outcome) && outcome.statut === 'indisponible';
  return isDown && PASSING_CODES.test(outcome.erreur?.code ?? '') ? PASSING : null;
}
