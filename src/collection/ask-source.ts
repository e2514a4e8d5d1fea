import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Fact, isFact, type Outcome } from '../dossier/outcome.ts';
import { freshUntil } from '../sources/freshness.ts';
import { outcomeOf } from '../sources/outcome-of.ts';
import type { Source, Subject } from '../sources/source.ts';
import type { CallSource, Tracing } from './call-source.ts';
import type { InFlight } from './in-flight.ts';
import type { Kept, OutcomeCache } from './outcome-cache.ts';

export interface Question {
  source: Source;
  subject: Subject;
  tracing: Tracing;
  /** Asks the source even when a fresh answer is kept, and replaces it. */
  refresh: boolean;
}

export interface Asked {
  outcome: Outcome;
  /** `kept`: no call was made. `called`: one was. `joined`: one was already under way. */
  from: 'kept' | 'called' | 'joined';
  /** Epoch milliseconds until which the answer is kept; null when it is not. */
  freshUntilMs: number | null;
}

export type AskSource = (question: Question) => Promise<Asked>;

export interface AskSourceOptions {
  cache: OutcomeCache;
  call: CallSource;
  inFlight: InFlight<Asked>;
  now: () => number;
  /** Told of each answer that came from a call, with how long it took. */
  onCalled?(source: Source, outcome: Outcome, tookMs: number): void;
}

/**
 * Asks one source one question, from the outside in: questions alike share one answer, a fresh answer that
 * is kept needs no call, and a statement that came from a call is kept. Rejects only on a bug.
 */
export function createAskSource({ cache, call, inFlight, now, onCalled }: AskSourceOptions): AskSource {
  async function callAndKeep(question: Question, key: string): Promise<Asked> {
    const startedMs = now();
    const outcome = await askPaths(question);
    onCalled?.(question.source, outcome, now() - startedMs);
    if (!isFact(outcome)) return { outcome, from: 'called', freshUntilMs: null };
    const kept = keptOf(question.source, outcome, now());
    await cache.write(key, kept);
    return { outcome, from: 'called', freshUntilMs: kept.freshUntilMs };
  }

  async function askPaths({ source, subject, tracing, refresh }: Question): Promise<Outcome> {
    const [first, ...others] = source.paths(subject);
    let outcome = await askPath(first);
    for (const path of others) {
      if (outcome.statut !== 'non_trouve') break;
      outcome = await askPath(path);
    }
    return outcome;

    async function askPath(path: string): Promise<Outcome> {
      const answer = await call({ source, path, tracing, refresh });
      return 'body' in answer ? outcomeOf(source, answer, subject, now()) : answer;
    }
  }

  async function keptOrCalled(question: Question, key: string): Promise<Asked> {
    const kept = await cache.read(key);
    if (kept && kept.freshUntilMs > now()) {
      return { outcome: kept.fact, from: 'kept', freshUntilMs: kept.freshUntilMs };
    }
    return share(inFlight.run(`call ${key}`, () => callAndKeep(question, key)));
  }

  return (question) => {
    const key = keyOf(question.source, question.subject);
    return question.refresh
      ? share(inFlight.run(`call ${key}`, () => callAndKeep(question, key)))
      : share(inFlight.run(`read ${key}`, () => keptOrCalled(question, key)));
  };
}

async function share({ result, joined }: { result: Promise<Asked>; joined: boolean }): Promise<Asked> {
  const asked = await result;
  return joined && asked.from === 'called' ? { ...asked, from: 'joined' } : asked;
}

function keptOf(source: Source, fact: Fact, nowMs: number): Kept {
  const isAnswer = fact.statut === 'obtenu' || fact.statut === 'refuse';
  const absentUntilMs = nowMs + source.absentSeconds * 1000;
  const freshUntilMs = freshUntil(source.freshness, nowMs);
  return { fact, freshUntilMs: isAnswer ? freshUntilMs : Math.min(absentUntilMs, freshUntilMs) };
}

/** The same question at the same source; a change of the shape of its data is another question. */
export function keyOf(source: Source, subject: Subject): string {
  return `${source.id} ${shapeOf(source)} ${source.paths(subject)[0]}`;
}

const shapes = new WeakMap<Source, string>();

function shapeOf(source: Source): string {
  const known = shapes.get(source);
  if (known) return known;
  const schema = JSON.stringify(z.toJSONSchema(source.schemas.donnees));
  const shape = createHash('sha256').update(schema).digest('base64url').slice(0, 8);
  shapes.set(source, shape);
  return shape;
}
