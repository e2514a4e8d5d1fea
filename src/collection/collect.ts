import { isFact, unavailable } from '../dossier/outcome.ts';
import type { Source, Subject } from '../sources/source.ts';
import type { Wanted } from '../sources/turn.ts';
import type { Question } from './ask-once.ts';
import type { Asked, Asking, AskSource } from './ask-source.ts';
import type { Tracing } from './call-source.ts';
import { createTurns } from './turns.ts';

export interface Collecting {
  subject: Subject;
  sources: readonly Wanted[];
  tracing: Tracing;
  refresh: boolean;
  /** How long the caller waits, in milliseconds. What is late goes on and is there at the next call. */
  waitMs: number;
  traceparent?: string | undefined;
  /** Told of each source as it answers, and at the end of those that are late. */
  onAsked?(source: Source, asked: Asked): void;
}

/** Answers by source id, one for each source asked. */
export type Collected = ReadonlyMap<string, Asked>;
export type Collect = (collecting: Collecting) => Promise<Collected>;

export interface CollectOptions {
  ask: AskSource;
  now: () => number;
  /** Told of a bug met while asking: the piece is lost, the dossier is not. */
  onBug(source: Source, error: unknown): void;
  /** Calls back after so many milliseconds; gives what cancels it. */
  schedule?(callback: () => void, delayMs: number): () => void;
}

/** Reading what is kept takes a moment too: a caller who waits for nothing else still gets it. */
const READING_MS = 40;
/** The hub waits two seconds for Insee: who comes later than that may not come. */
const TURN_MS = 2_000;

/**
 * Asks all sources at once, but those whose turn comes after others, until all have answered or nobody waits any
 * longer for those that have not.
 */
export function createCollect({ ask, now, onBug, schedule = timeout }: CollectOptions): Collect {
  return ({ subject, sources, tracing, refresh, waitMs, traceparent, onAsked }) =>
    new Promise((resolve) => {
      const patienceMs = Math.max(waitMs, READING_MS);
      const deadlineMs = now() + patienceMs;
      let collected = new Map<string, Asked>();
      const awaited = new Set(sources.map(({ source }) => source));
      const unanswered = new Map<Source, () => Asked>();
      const turns = createTurns({ ask, wanted: sources, now });
      let stopHurry = () => {};

      function put(source: Source, asked: Asked): void {
        const isHeard = unanswered.delete(source);
        if (isHeard || turns.isAnyWaiting()) turns.hear(source.id, asked.outcome);
        if (!isHeard) return;
        collected.set(source.id, asked);
        onAsked?.(source, asked);
        leave(source);
      }

      /** The source has answered, or will not before the deadline. */
      function leave(source: Source): void {
        awaited.delete(source);
        if (awaited.size === 0) end();
      }

      function end(): void {
        cancel();
        stopHurry();
        awaited.clear();
        for (const [source, meanwhile] of unanswered) {
          const asked = meanwhile();
          if (isFact(asked.outcome)) turns.hear(source.id, asked.outcome);
          collected.set(source.id, asked);
          onAsked?.(source, asked);
        }
        unanswered.clear();
        resolve(collected);
        // Questions may be under way for long: what they hold on to of a collection that is over is next to nothing.
        collected = new Map();
        if (!turns.isAnyWaiting()) turns.forget();
      }

      function begin(wanted: Wanted): void {
        const { source } = wanted;
        const question: Question = { source, subject, tracing, refresh, lane: 'waiting', traceparent };
        const { answer, meanwhile } = askOrLose(wanted, question, (untilMs) => {
          if (untilMs >= deadlineMs) queueMicrotask(() => leave(source));
        });
        unanswered.set(source, meanwhile);
        if (answer instanceof Promise) {
          answer.then(
            (asked) => put(source, asked),
            (error) => put(source, lostTo(error, source)),
          );
        } else put(source, answer);
      }

      function askOrLose(wanted: Wanted, question: Question, onDelayed: (untilMs: number) => void): Asking {
        try {
          return turns.ask(wanted, question, onDelayed);
        } catch (error) {
          const lost = lostTo(error, question.source);
          return { answer: lost, meanwhile: () => lost };
        }
      }

      function lostTo(error: unknown, source: Source): Asked {
        onBug(source, error);
        const outcome = unavailable(
          'erreur_interne',
          "La réponse de la source n'a pas pu être lue",
          now() + 60_000,
        );
        return { outcome, perime: false, from: 'called', freshUntilMs: null, entry: null };
      }

      const cancel = schedule(end, patienceMs);
      if (sources.length === 0) end();
      for (const wanted of sources) begin(wanted);
      if (turns.isAnyWaiting()) stopHurry = schedule(turns.hurry, Math.min(TURN_MS, patienceMs / 2));
    });
}

function timeout(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
