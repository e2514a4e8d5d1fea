import { type Fact, isFact, type Outcome } from '../dossier/outcome.ts';
import type { AskOnce, Attempt, OnDelayed, Question } from './ask-once.ts';
import type { KeepDocument } from './keep-document.ts';
import { isConflict, pauseBeforeRetry, type RetryBudget } from './retry.ts';

export type AskPatiently = (question: Question, onDelayed: OnDelayed) => Promise<Outcome>;

export interface AskPatientlyOptions {
  askOnce: AskOnce;
  keepDocument: KeepDocument;
  retries: RetryBudget;
  random: () => number;
  sleep(delayMs: number): Promise<void>;
}

/**
 * Asks each path of a source until one knows the company, and again where that may help: all within the
 * source's own time.
 */
export function createAskPatiently(options: AskPatientlyOptions): AskPatiently {
  const { askOnce, keepDocument, retries, random, sleep } = options;
  return async (question, onDelayed) => {
    const { source, subject } = question;
    let leftMs = source.timeoutMs;

    async function askPath(path: string, question: Question): Promise<Attempt> {
      retries.deposit();
      for (let attempt = 1; ; attempt++) {
        const asked = await askOnce(question, path, leftMs, onDelayed);
        const { outcome, tookMs } = asked;
        if (tookMs === null) return asked;
        leftMs -= tookMs;
        const pauseMs = pauseBeforeRetry({ outcome, attempt, leftMs, random });
        if (pauseMs === null || !(isConflict(outcome) || retries.take())) return asked;
        await sleep(pauseMs);
        leftMs -= pauseMs;
      }
    }

    async function documentOf(link: string) {
      const { document, tookMs } = await keepDocument(question, link, leftMs);
      leftMs -= tookMs;
      return document;
    }

    /**
     * The hub may answer from what it keeps longer than the document lives: it is then asked for another link, once.
     */
    async function withDocument(outcome: Fact, link: string, path: string): Promise<Outcome> {
      const document = await documentOf(link);
      if (typeof document !== 'string') return { ...outcome, document };
      const missing = { ...outcome, document: 'manquant' as const };
      if (document !== 'lien_mort' || question.refresh || leftMs <= 0 || !retries.take()) return missing;
      const again = await askPath(path, { ...question, refresh: true });
      if (!isFact(again.outcome)) return missing;
      if (again.link === null) return again.outcome;
      const renewed = await documentOf(again.link);
      return { ...again.outcome, document: typeof renewed === 'string' ? 'manquant' : renewed };
    }

    const [first, ...others] = source.paths(subject);
    let path = first;
    let asked = await askPath(path, question);
    for (const other of others) {
      if (asked.outcome.statut !== 'non_trouve' || leftMs <= 0) break;
      path = other;
      asked = await askPath(path, question);
    }
    const { outcome, link } = asked;
    return link === null || !isFact(outcome) ? outcome : withDocument(outcome, link, path);
  };
}
