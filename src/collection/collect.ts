import { deferred, unavailable } from '../dossier/outcome.ts';
import type { Source, Subject } from '../sources/source.ts';
import type { Asked, AskSource } from './ask-source.ts';
import type { Tracing } from './call-source.ts';

export interface Collecting {
  subject: Subject;
  sources: readonly Source[];
  tracing: Tracing;
  refresh: boolean;
  /** How long the caller waits, in milliseconds. What is late goes on and is there at the next call. */
  waitMs: number;
  /** Told of each source as it answers, and at the end of those that are late. */
  onAsked?(source: Source, asked: CollectedAnswer): void;
}

export type CollectedAnswer = Omit<Asked, 'from'> & { from: Asked['from'] | 'late' };

/** Answers by source id, one for each source asked. */
export type Collected = ReadonlyMap<string, CollectedAnswer>;
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

export function createCollect({ ask, now, onBug, schedule = timeout }: CollectOptions): Collect {
  return async ({ subject, sources, tracing, refresh, waitMs, onAsked }) => {
    const startedMs = now();
    const collected = new Map<string, CollectedAnswer>();
    let closed = false;
    const put = (source: Source, asked: CollectedAnswer) => {
      if (closed) return;
      collected.set(source.id, asked);
      onAsked?.(source, asked);
    };
    const all = sources.map((source) =>
      askSafely({ source, subject, tracing, refresh }).then((asked) => put(source, asked)),
    );
    await firstOf(Promise.all(all), Math.max(waitMs, READING_MS));
    for (const source of sources) {
      if (!collected.has(source.id)) put(source, late(source, startedMs));
    }
    closed = true;
    return collected;
  };

  async function askSafely(question: Parameters<AskSource>[0]): Promise<CollectedAnswer> {
    try {
      return await ask(question);
    } catch (error) {
      onBug(question.source, error);
      const outcome = unavailable(
        'erreur_interne',
        "La réponse de la source n'a pas pu être lue",
        now() + 60_000,
      );
      return { outcome, from: 'called', freshUntilMs: null };
    }
  }

  async function firstOf(work: Promise<unknown>, delayMs: number): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = schedule(resolve, delayMs);
    });
    await Promise.race([work, late]);
    cancel();
  }
}

/** At the latest when its own time is over, a late source has answered or is known to be down. */
function late(source: Source, startedMs: number): CollectedAnswer {
  const outcome = deferred(null, startedMs + source.timeoutMs);
  return { outcome, from: 'late', freshUntilMs: null };
}

function timeout(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
