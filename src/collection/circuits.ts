import type { Failure, Outcome } from '../dossier/outcome.ts';
import type { Source } from '../sources/source.ts';
import { createFailureTally, type FailureTally } from './failure-tally.ts';
import { type Rest, refusalFor, restAfter, restAfterProbe } from './rest.ts';
import { verdictOf } from './verdict-of.ts';

export type CircuitState =
  | { etat: 'ferme' }
  | Rest
  /** The rest is over: one call at a time tells whether the source is back. */
  | (Omit<Rest, 'etat'> & { etat: 'demi_ouvert' });

/** The circuit breaker of each source: one that is down is left alone, and answered for at once. */
export interface Circuits {
  /**
   * Null when the source may be asked now, and then its outcome is to be recorded; else what to answer
   * without asking. A promise only for the one call that may be the probe of a source left alone.
   */
  refusal(source: Source): Failure | null | Promise<Failure | null>;
  /**
   * What came of a call that was not refused; never what `refusal` gave.
   *
   * @param askedMs epoch milliseconds at which the call began: one that began before the circuit last
   * changed tells nothing of how the source is now
   */
  record(source: Source, outcome: Outcome, askedMs: number): void;
  stateOf(source: Source): CircuitState;
}

/** Circuits that also hear of what other processes found out. */
export interface LocalCircuits extends Circuits {
  /** @param rest null when the source was found to work */
  learn(source: Source, rest: Rest | null): void;
}

/** How the processes of a fleet act as one. */
export interface CircuitSharing {
  /** Whether this process, of all, may probe at the end of this rest, until so many milliseconds from now. */
  takeProbe(source: Source, rest: Rest, leaseMs: number): Promise<boolean>;
  /** @param rest null when the source was found to work */
  announce(source: Source, rest: Rest | null): void;
}

export interface CircuitsOptions {
  now: () => number;
  random: () => number;
  /** Left out by a process that is alone. */
  sharing?: CircuitSharing;
  /** Told of each transition, found out here or heard from another process. */
  onChange?(source: Source, state: CircuitState): void;
}

/** A probe that hangs is recorded a little after its time; only then may another process probe. */
const RECORDING_MS = 500;
/** How long a process that may not probe waits before it asks again whether it may. */
const PROBED_ELSEWHERE_MS = 200;

const CLOSED: CircuitState = { etat: 'ferme' };

interface Circuit {
  /** Null while the source is asked normally. */
  readonly rest: Rest | null;
  /** What everybody is answered until the rest is over: written once. */
  readonly refusal: Failure | null;
  /** Epoch milliseconds at which what is above began, or the last probe did. */
  sinceMs: number;
  isProbing: boolean;
  /** Epoch milliseconds until which somebody is known to be probing. */
  probedUntilMs: number;
  readonly tally: FailureTally;
}

function circuitOn(rest: Rest | null, sinceMs: number): Circuit {
  const refusal = rest && refusalFor(rest, rest.untilMs);
  return { rest, refusal, sinceMs, isProbing: false, probedUntilMs: 0, tally: createFailureTally() };
}

export function createCircuits({ now, random, sharing, onChange }: CircuitsOptions): LocalCircuits {
  /** By source id; a transition puts another in its place. */
  const circuits = new Map<string, Circuit>();

  function circuitOf({ id }: Source): Circuit {
    const known = circuits.get(id);
    if (known) return known;
    const circuit = circuitOn(null, Number.NEGATIVE_INFINITY);
    circuits.set(id, circuit);
    return circuit;
  }

  function change(source: Source, rest: Rest | null): void {
    circuits.set(source.id, circuitOn(rest, now()));
    onChange?.(source, rest ?? CLOSED);
  }

  function changeForAll(source: Source, rest: Rest | null): void {
    change(source, rest);
    sharing?.announce(source, rest);
  }

  function takeProbe(source: Source, circuit: Circuit, rest: Rest): null | Promise<Failure | null> {
    const leaseMs = source.timeoutMs + RECORDING_MS;
    circuit.sinceMs = now();
    circuit.probedUntilMs = now() + leaseMs;
    if (!sharing) return probe(source, circuit, rest);
    return sharing.takeProbe(source, rest, leaseMs).then((isTaken) => {
      const latest = circuitOf(source);
      if (latest !== circuit) return latest.refusal;
      if (isTaken) return probe(source, circuit, rest);
      circuit.probedUntilMs = now() + PROBED_ELSEWHERE_MS;
      return refusalFor(rest, now() + source.timeoutMs);
    });
  }

  function probe(source: Source, circuit: Circuit, rest: Rest): null {
    circuit.isProbing = true;
    onChange?.(source, { ...rest, etat: 'demi_ouvert' });
    return null;
  }

  function recordCall(source: Source, outcome: Outcome, { tally }: Circuit): void {
    const verdict = verdictOf(outcome);
    if (verdict === 'well') tally.succeeded(now());
    if (verdict === 'well' || verdict === 'silent') return;
    const rest = restAfter(outcome as Failure, { source, previous: null, nowMs: now(), random });
    if (rest.etat !== 'ouvert' || tally.failed(now())) changeForAll(source, rest);
  }

  function recordProbe(source: Source, outcome: Outcome, previous: Rest): void {
    changeForAll(source, restAfterProbe(outcome, { source, previous, nowMs: now(), random }));
  }

  return {
    refusal(source) {
      const circuit = circuits.get(source.id);
      if (!circuit?.rest) return null;
      const { rest, probedUntilMs } = circuit;
      const nowMs = now();
      if (nowMs < rest.untilMs) return circuit.refusal;
      // Whoever probes, the source has answered or is known to be down at the end of its time.
      if (nowMs < probedUntilMs) return refusalFor(rest, nowMs + source.timeoutMs);
      return takeProbe(source, circuit, rest);
    },
    record(source, outcome, askedMs) {
      const circuit = circuitOf(source);
      if (askedMs < circuit.sinceMs) return;
      if (!circuit.rest) recordCall(source, outcome, circuit);
      else if (circuit.isProbing) recordProbe(source, outcome, circuit.rest);
    },
    stateOf(source) {
      const rest = circuits.get(source.id)?.rest;
      if (!rest) return CLOSED;
      return now() < rest.untilMs ? rest : { ...rest, etat: 'demi_ouvert' };
    },
    learn(source, rest) {
      const known = circuits.get(source.id)?.rest ?? null;
      // Two processes that found out at the same time agree on the later of their ends.
      const isNews = rest === null ? known !== null : known === null || rest.untilMs > known.untilMs;
      if (isNews) change(source, rest);
    },
  };
}
