import { z } from 'zod';
import { isSiren, isSiret, sirenOf } from '../dossier/siret.ts';
import { dayOf } from '../dossier/time.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Source } from '../sources/source.ts';
import type { Question } from './ask-once.ts';
import type { Messages } from './fill-piece.ts';

const messageSchema = z.object({
  source: z.string(),
  siret: z.string().refine(isSiret),
  mere: z.string().refine(isSiren).optional(),
  tracing: z.object({ context: z.string(), object: z.string(), recipient: z.string() }),
});

export interface HandOverOptions {
  fleet: Fleet;
  messages: Messages;
  sources: readonly Source[];
  now: () => number;
  /** Asks a question that nobody waits for. */
  ask(question: Question): void;
  /** Calls back after so many milliseconds. */
  schedule(callback: () => void, delayMs: number): void;
}

const TOPIC = 'handover';
/** The one who leaves still holds its question for a moment. */
const RELEASE_MS = 1_000;

/**
 * Questions that wait for their quota outlive their process: one that stops tells the others, who ask them,
 * once between them like any question. Without others they are asked when a caller comes back.
 */
export function createHandOver(options: HandOverOptions): (question: Question) => void {
  const { fleet, messages, sources, now, ask, schedule } = options;
  const byId = new Map(sources.map((source) => [source.id, source]));

  function questionIn(message: string): Question | null {
    const text = messages.open(message, TOPIC);
    const parsed = messageSchema.safeParse(jsonIn(text)).data;
    const source = byId.get(parsed?.source ?? '');
    if (!parsed || !source) return null;
    const { siret, mere, tracing } = parsed;
    const subject = { siret, siren: sirenOf(siret), mere, today: dayOf(now()) };
    return { source, subject, tracing, refresh: false, lane: 'background' };
  }

  fleet.on(TOPIC, (message) => {
    const question = questionIn(message);
    if (question) schedule(() => ask(question), RELEASE_MS);
  });

  return ({ source, subject, tracing }) => {
    const text = JSON.stringify({ source: source.id, siret: subject.siret, mere: subject.mere, tracing });
    fleet.announce(TOPIC, messages.close(text, TOPIC));
  };
}

/** Without a key a message opens whatever it is. */
function jsonIn(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
