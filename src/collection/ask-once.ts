import { deferred, type Erreur, type Failure, type Outcome, unavailable } from '../dossier/outcome.ts';
import { outcomeOf, type Told } from '../sources/outcome-of.ts';
import type { Source, Subject } from '../sources/source.ts';
import type { Answer, CallSource, Tracing } from './call-source.ts';
import type { Circuits } from './circuits.ts';
import type { OnWaited } from './in-flight.ts';
import type { Permit, QuotaBudget } from './quota.ts';
import type { Lane } from './quota-ledger.ts';
import type { Full } from './quota-line.ts';

/** One question for one source. */
export interface Question {
  source: Source;
  subject: Subject;
  tracing: Tracing;
  /** Asks the source even when a fresh answer is kept, and replaces it. */
  refresh: boolean;
  /** Whether someone waits for the answer. */
  lane: Lane;
  /** Of one in the background: somebody may come to wait for it. */
  onWaited?: OnWaited;
  traceparent?: string | undefined;
}

/** Told, when a quota is spent, of the instant (epoch milliseconds) at which the source will be asked. */
export type OnDelayed = (atMs: number) => void;

export interface Attempt extends Told {
  /** Time spent at the source, in milliseconds; waiting for a quota does not count. Null when it was not called. */
  tookMs: number | null;
}

export type AskOnce = (
  question: Question,
  path: string,
  timeoutMs: number,
  onDelayed: OnDelayed,
) => Promise<Attempt>;

/** A permit, or what to answer without a call. */
type Admitted = Permit | Failure;

export interface AskOnceOptions {
  circuits: Circuits;
  quota: QuotaBudget;
  call: CallSource;
  now: () => number;
  /** Told of each question that its quota left unasked. */
  onSpent?(question: Question): void;
  /** Told of each answer that came from a call, with how long it took. */
  onCalled?(source: Source, outcome: Outcome, tookMs: number, traceparent: string | undefined): void;
}

/** Our own fault tells nothing of the source. */
const UNREAD = unavailable('erreur_interne', "La réponse de la source n'a pas pu être lue", null);
const SPENT: Erreur = {
  code: 'quota_epuise',
  titre: 'Le quota d’appels de la source est employé ; elle sera interrogée dès que possible',
};

/**
 * One call, if the source's circuit and its quota allow it. A call that waited for its quota asks the circuit
 * again: much may have happened. Rejects only on a bug.
 */
export function createAskOnce(options: AskOnceOptions): AskOnce {
  const { circuits, quota, call, now, onSpent, onCalled } = options;

  /** The right to call now, or what to answer in its place: at once as a rule. */
  function admit(question: Question, onDelayed: OnDelayed): Admitted | Promise<Admitted> {
    const { source } = question;
    const refused = circuits.refusal(source);
    if (refused instanceof Promise) {
      return refused.then((failure) => failure ?? reserve(question, onDelayed));
    }
    return refused ?? reserve(question, onDelayed);
  }

  function reserve(question: Question, onDelayed: OnDelayed): Admitted | Promise<Admitted> {
    const { source, lane, onWaited } = question;
    let isDelayed = false;
    const tellDelayed = (atMs: number) => {
      isDelayed = true;
      circuits.record(source, deferred(SPENT, atMs), now());
      onDelayed(atMs);
    };
    const permit = quota.take({ bucket: source.quota, lane, onDelayed: tellDelayed, onWaited });
    if (!(permit instanceof Promise)) return permit;
    return permit.then((given) => afterWait(question, given, isDelayed));
  }

  async function afterWait(question: Question, permit: Permit | Full, isDelayed: boolean): Promise<Admitted> {
    const { source } = question;
    if ('fullUntilMs' in permit) {
      const spent = deferred(SPENT, permit.fullUntilMs);
      circuits.record(source, spent, now());
      onSpent?.(question);
      return spent;
    }
    const refusedSince = isDelayed ? await circuits.refusal(source) : null;
    if (refusedSince) permit.settle(null);
    return refusedSince ?? permit;
  }

  function toldBy(answer: Answer | Failure, { source, subject }: Question, startedMs: number): Told {
    try {
      return 'body' in answer ? outcomeOf(source, answer, subject, now()) : { outcome: answer, link: null };
    } catch (bug) {
      circuits.record(source, UNREAD, startedMs);
      throw bug;
    }
  }

  return async (question, path, timeoutMs, onDelayed) => {
    const admitted = admit(question, onDelayed);
    const permit = admitted instanceof Promise ? await admitted : admitted;
    if ('statut' in permit) return { outcome: permit, link: null, tookMs: null };
    const { source, tracing, refresh, traceparent } = question;
    const startedMs = now();
    // A 429 counts even when its body breaks off.
    const onHead = permit.settle;
    let answer: Answer | Failure;
    try {
      answer = await call({ source, path, tracing, refresh, timeoutMs, traceparent, onHead });
    } finally {
      permit.settle(null);
    }
    const { outcome, link } = toldBy(answer, question, startedMs);
    const tookMs = now() - startedMs;
    circuits.record(source, outcome, startedMs);
    onCalled?.(source, outcome, tookMs, traceparent);
    return { outcome, link, tookMs };
  };
}
