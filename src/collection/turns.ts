import type { NotAsked, Outcome } from '../dossier/outcome.ts';
import type { Turn, Wanted } from '../sources/turn.ts';
import type { Question } from './ask-once.ts';
import { type Asked, type Asking, type AskSource, late } from './ask-source.ts';

export interface TurnsOptions {
  ask: AskSource;
  wanted: readonly Wanted[];
  now: () => number;
}

/** Who is asked when, in one collection: at once, or once others have answered. */
export interface Turns {
  ask(wanted: Wanted, question: Question, onDelayed: (untilMs: number) => void): Asking;
  /** To be told of each answer, however late. */
  hear(source: string, outcome: Outcome): void;
  /** Those who may go first do not wait any longer. */
  hurry(): void;
  isAnyWaiting(): boolean;
  /** Nobody needs any longer what was heard. */
  forget(): void;
}

export function createTurns({ ask, wanted, now }: TurnsOptions): Turns {
  const expected = new Set(wanted.map(({ source }) => source.id));
  const answers = new Map<string, Outcome>();
  /** Who looks again, and for whose answers each waits. */
  const waiting = new Map<() => void, readonly string[]>();
  let isLate = false;

  function decisionOf({ after, canGoFirst, decide }: Turn) {
    const isHeard = after.every((id) => answers.has(id) || !expected.has(id));
    return decide(answers, isHeard || (isLate && canGoFirst));
  }

  function hurry(): void {
    isLate = true;
    for (const lookAgain of waiting.keys()) lookAgain();
  }

  return {
    ask({ source, turn }, question, onDelayed) {
      if (!turn) return ask(question, onDelayed);
      let begun = begin();
      if (begun) return begun;

      function begin(): Asking | null {
        const decision = decisionOf(turn as Turn);
        if (!decision) return null;
        if ('statut' in decision) return ruled(decision);
        return ask({ ...question, subject: { ...question.subject, ...decision } }, onDelayed);
      }

      const answer = new Promise<Asked>((resolve, reject) => {
        waiting.set(lookAgain, turn.after);
        function lookAgain(): void {
          try {
            begun = begin();
          } catch (error) {
            waiting.delete(lookAgain);
            reject(error);
          }
          if (!begun) return;
          waiting.delete(lookAgain);
          resolve(begun.answer);
        }
      });
      return {
        answer,
        meanwhile() {
          hurry();
          if (!begun) return late(now() + source.timeoutMs);
          return begun.answer instanceof Promise ? begun.meanwhile() : begun.answer;
        },
      };
    },
    hear(source, outcome) {
      answers.set(source, outcome);
      for (const [lookAgain, after] of waiting) if (after.includes(source)) lookAgain();
    },
    hurry,
    isAnyWaiting: () => waiting.size > 0,
    forget: () => answers.clear(),
  };
}

/** Left unasked by a rule, which holds as long as what it was judged on. */
function ruled(outcome: NotAsked): Asking {
  const asked: Asked = { outcome, perime: false, from: 'rule', freshUntilMs: null, entry: null };
  return { answer: asked, meanwhile: () => asked };
}
