import type { Failure, Outcome } from '../dossier/outcome.ts';
import type { Sharing } from '../fleet/sharing.ts';
import { type Entry, outcomeIn } from '../keeping/entry.ts';
import { keptOf } from '../keeping/kept.ts';
import type { PieceKey, Shelves } from '../keeping/shelves.ts';
import type { OnDelayed, Question } from './ask-once.ts';
import type { AskPatiently } from './ask-patiently.ts';
import type { InFlight, OnWaited } from './in-flight.ts';

/** What came of asking a source: kept when it is a statement. */
export interface Filled {
  outcome: Outcome;
  /** Null when nothing was kept. */
  entry: Entry | null;
}

export type FillPiece = (
  question: Question,
  key: PieceKey,
  onDelayed: OnDelayed,
) => { result: Promise<Filled>; joined: boolean };

/** Hides what processes tell each other. */
export interface Messages {
  nameOf(key: string): string;
  close(text: string, name: string): string;
  /** Null when the message is not ours. */
  open(message: string, name: string): string | null;
}

export interface FillPieceOptions {
  shelves: Shelves;
  /** Null for a process that is alone: what it keeps it reads at once, and nobody else fills it. */
  sharing: Sharing | null;
  messages: Messages;
  inFlight: InFlight<Filled>;
  ask: AskPatiently;
  now: () => number;
}

/** What passes between a question under way and those who want its answer. */
interface Told {
  tellDelay: OnDelayed;
  onWaited: OnWaited;
}

/**
 * Asks a source and keeps what it states, once for all who want it at the same time: in this process by
 * `inFlight`, in the others by `sharing`. Those read what was kept; a failure, which is not kept, they are told.
 */
export function createFillPiece(options: FillPieceOptions): FillPiece {
  const { shelves, sharing, messages, inFlight, ask, now } = options;

  async function askAndKeep(question: Question, key: PieceKey, onDelayed: OnDelayed): Promise<Filled> {
    const outcome = await ask(question, onDelayed);
    const kept = keptOf(question.source, outcome, now());
    if (!kept) return { outcome, entry: null };
    const { entry, stored } = shelves.write(key, kept);
    if (stored) await stored;
    return { outcome, entry };
  }

  async function fillForAll(
    sharing: Sharing,
    question: Question,
    key: PieceKey,
    { tellDelay, onWaited }: Told,
  ): Promise<Filled> {
    let filled: Filled | null = null;
    const name = messages.nameOf(nameOf(key));
    const work = async (tellOthers: OnDelayed) => {
      filled =
        (await filledMeanwhile(question, key)) ??
        (await askAndKeep(question, key, (untilMs) => {
          tellDelay(untilMs);
          tellOthers(untilMs);
        }));
      return filled.entry ? '' : messages.close(JSON.stringify(filled.outcome), name);
    };
    const message = await sharing.share(name, work, {
      limitMs: question.source.timeoutMs,
      onDelayed: tellDelay,
      onWaited,
      raise: () => inFlight.raise(nameOf(key)),
    });
    return filled ?? (await filledElsewhere(message, name, key)) ?? askAndKeep(question, key, tellDelay);
  }

  /** Another process may have answered, and gone, between the reading of what is kept and our turn to ask. */
  async function filledMeanwhile(question: Question, key: PieceKey): Promise<Filled | null> {
    const entry = question.refresh ? null : await shelves.read(key);
    return entry && entry.freshUntilMs > now() ? { outcome: outcomeIn(entry), entry } : null;
  }

  /** Null when the other process could not keep it, or spoke of something else. */
  async function filledElsewhere(message: string, name: string, key: PieceKey): Promise<Filled | null> {
    if (message === '') {
      const entry = await shelves.read(key);
      return entry && { outcome: outcomeIn(entry), entry };
    }
    const text = messages.open(message, name);
    return text === null ? null : { outcome: JSON.parse(text) as Failure, entry: null };
  }

  function fill(question: Question, key: PieceKey, told: Told): Promise<Filled> {
    return sharing ? fillForAll(sharing, question, key, told) : askAndKeep(question, key, told.tellDelay);
  }

  return (question, key, onDelayed) => {
    const isWaiting = question.lane === 'waiting';
    const start = (tellDelay: OnDelayed, onWaited: OnWaited) =>
      fill(isWaiting ? question : { ...question, onWaited }, key, { tellDelay, onWaited });
    return inFlight.run(nameOf(key), start, { onDelayed, isWaiting });
  };
}

function nameOf({ siren, field }: PieceKey): string {
  return `${siren} ${field}`;
}
