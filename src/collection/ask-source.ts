import { deferred, isFact, type Outcome } from '../dossier/outcome.ts';
import { type Entry, outcomeIn } from '../keeping/entry.ts';
import type { Shelves } from '../keeping/shelves.ts';
import type { Question } from './ask-once.ts';
import type { FillPiece } from './fill-piece.ts';
import { keyOf } from './question-key.ts';

export interface Asked {
  outcome: Outcome;
  /** True when what is kept is given although no longer fresh, or although something newer was asked for. */
  perime: boolean;
  /** `kept`: no call was made for it. `called`: one was. `joined`: one was already under way. `late`: see `meanwhile`. `rule`: see `Turn`. */
  from: 'kept' | 'called' | 'joined' | 'late' | 'rule';
  /** Epoch milliseconds until which the answer is served as it is; null when it is not kept. */
  freshUntilMs: number | null;
  /** Null when it is not kept. */
  entry: Entry | null;
}

/** A question under way. */
export interface Asking {
  /** Rejects only on a bug. */
  answer: Promise<Asked> | Asked;
  /** What can be said before the answer has come. */
  meanwhile(): Asked;
}

/** @param onDelayed told when the source will not be asked before an instant, epoch milliseconds */
export type AskSource = (question: Question, onDelayed?: (untilMs: number) => void) => Asking;

export interface AskSourceOptions {
  shelves: Shelves;
  fill: FillPiece;
  now: () => number;
  /** Told of a bug met while asking again behind an answer that was served. */
  onBug(question: Question, error: unknown): void;
}

/**
 * Answers from what is kept as long as that is right: while it is fresh; for a while after, at once, the source being
 * asked again behind; then only if the source does not answer, or not before the caller leaves.
 */
export function createAskSource({ shelves, fill, now, onBug }: AskSourceOptions): AskSource {
  return (question, onDelayed) => {
    const key = keyOf(question.source, question.subject);
    let kept: Entry | null = null;
    let expectedMs = now() + question.source.timeoutMs;

    /** What is kept, as long as it may serve: its last use may come while the source is waited for. */
    function usable(): Entry | null {
      return kept && isUsable(kept, now()) ? kept : null;
    }

    function answerWith(entry: Entry | null): Promise<Asked> | Asked {
      kept = entry;
      const nowMs = now();
      const given = usable();
      if (!given || question.refresh) return ask();
      if (nowMs < given.freshUntilMs) return givenFrom(given, false);
      if (nowMs < given.revalidateUntilMs) {
        const { result } = fill({ ...question, lane: 'background' }, key, () => {});
        result.catch((error) => onBug(question, error));
        return givenFrom(given, true);
      }
      return ask();
    }

    async function ask(): Promise<Asked> {
      const { result, joined } = fill(question, key, (untilMs) => {
        expectedMs = untilMs;
        onDelayed?.(untilMs);
      });
      const { outcome, entry } = await result;
      const given = usable();
      if (!entry && given && !isFact(outcome)) return givenFrom(given, true);
      return {
        outcome,
        perime: false,
        from: joined ? 'joined' : 'called',
        freshUntilMs: entry?.freshUntilMs ?? null,
        entry,
      };
    }

    const entry = shelves.read(key);
    return {
      answer: entry instanceof Promise ? entry.then(answerWith) : answerWith(entry),
      meanwhile() {
        const given = usable();
        return given ? givenFrom(given, true) : late(expectedMs);
      },
    };
  };
}

function isUsable({ freshUntilMs, staleUntilMs }: Entry, nowMs: number): boolean {
  return nowMs < freshUntilMs || nowMs < staleUntilMs;
}

function givenFrom(entry: Entry, perime: boolean): Asked {
  return { outcome: outcomeIn(entry), perime, from: 'kept', freshUntilMs: entry.freshUntilMs, entry };
}

/** What is said of a source that has not answered yet. */
export function late(expectedMs: number): Asked {
  return {
    outcome: deferred(null, expectedMs),
    perime: false,
    from: 'late',
    freshUntilMs: null,
    entry: null,
  };
}
