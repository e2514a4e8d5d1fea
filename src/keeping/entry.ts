import type { Outcome } from '../dossier/outcome.ts';
import { type Kept, keptSchema } from './kept.ts';

/** One answer as it is kept: text, which the garbage collector passes over, read when it is needed. */
export interface Entry extends Omit<Kept, 'outcome'> {
  readonly outcomeText: string;
  /** Which of the pieces written by this process for its company it was; 0 when another wrote it. */
  readonly version: number;
}

export function entryOf({ outcome, ...life }: Kept, version = 0): Entry {
  return { ...life, outcomeText: JSON.stringify(outcome), version };
}

export function outcomeIn(entry: Entry): Outcome {
  return JSON.parse(entry.outcomeText);
}

/** The same as a text that another process can read. */
export function textOf({ outcomeText, freshUntilMs, revalidateUntilMs, staleUntilMs }: Entry): string {
  return `{"freshUntilMs":${freshUntilMs},"revalidateUntilMs":${revalidateUntilMs},"staleUntilMs":${staleUntilMs},"outcome":${outcomeText}}`;
}

/** Null when the text is not ours, without an error: its message would quote what is kept. */
export function entryIn(text: string): Entry | null {
  try {
    const kept = keptSchema.safeParse(JSON.parse(text)).data;
    return kept ? entryOf(kept) : null;
  } catch {
    return null;
  }
}
