import type { NotAsked, Outcome } from '../dossier/outcome.ts';
import { companyIn, IDENTITY } from './company.ts';
import { type Exclusion, exclusionOf } from './exclusions.ts';
import type { Source, Subject } from './source.ts';

/** What to ask beside the usual subject, or why nothing is asked. */
export type Decision = Pick<Subject, 'mere'> | NotAsked;

/** A source whose question depends on what others answer. */
export interface Turn {
  /** Sources whose answers are waited for, those of them that are asked at all. */
  after: readonly string[];
  /** Whether it may be asked without them, when they are late; else it is asked when they come. */
  canGoFirst: boolean;
  /**
   * Called anew with each answer of another source, until it decides.
   *
   * @param isFinal whether nothing more will come: it must then decide
   */
  decide(answers: ReadonlyMap<string, Outcome>, isFinal: boolean): Decision | null;
}

/** A source to be asked: at once, or in its turn. */
export interface Wanted {
  source: Source;
  turn: Turn | null;
}

/** Waits for Insee, then leaves out the companies that a rule excludes. When Insee says nothing, all are asked about. */
export function perimeterTurn(exclusions: readonly Exclusion[], today: string): Turn | null {
  if (exclusions.length === 0) return null;
  return {
    after: IDENTITY,
    canGoFirst: true,
    decide(answers, isFinal) {
      if (!isFinal) return null;
      const company = companyIn((id) => answers.get(id));
      return (company && exclusionOf(exclusions, company, today)) ?? {};
    },
  };
}
