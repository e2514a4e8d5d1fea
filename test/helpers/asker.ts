import { createAskOnce, type Question } from '../../src/collection/ask-once.ts';
import { createAskPatiently } from '../../src/collection/ask-patiently.ts';
import { type Asked, type Asking, createAskSource } from '../../src/collection/ask-source.ts';
import type { Answer, Call } from '../../src/collection/call-source.ts';
import { createCircuits } from '../../src/collection/circuits.ts';
import { createFillPiece, type Filled, type Messages } from '../../src/collection/fill-piece.ts';
import { createInFlight } from '../../src/collection/in-flight.ts';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import { createQuota, type QuotaBudget } from '../../src/collection/quota.ts';
import { createRetryBudget } from '../../src/collection/retry.ts';
import type { Failure } from '../../src/dossier/outcome.ts';
import { alone } from '../../src/fleet/fleet.ts';
import type { Sharing } from '../../src/fleet/sharing.ts';
import { createSeal } from '../../src/keeping/seal.ts';
import { createShelves, type Shelves } from '../../src/keeping/shelves.ts';
import { msaConformiteCotisations as msa } from '../../src/sources/msa-conformite-cotisations.ts';
import type { Source } from '../../src/sources/source.ts';
import { errors, NOON_MS, single, subjectOf } from './answer.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export const tracing = { context: 'Marchés publics', object: 'A', recipient: '13002526500013' };

/** MSA with bounds that are easy to tell apart: fresh for an hour, asked again behind for ten minutes, a day stale. */
export const HOURLY: Source = {
  ...msa,
  freshness: { forSeconds: 3600 },
  revalidateSeconds: 600,
  staleSeconds: 86_400,
  absentSeconds: 300,
};

export function answer(status: number, body: unknown): Answer {
  return { status, headers: {}, retryAfterSeconds: null, body: JSON.stringify(body) };
}
export const UP_TO_DATE = answer(200, single({ status: 'up_to_date' }));
export const OUTDATED = answer(200, single({ status: 'outdated' }));
export const NOT_FOUND = answer(404, errors('10003'));

export interface AskerOptions {
  /** Null for a process that is alone. */
  sharing?: Sharing | null;
  /** Stands between the asker and its shelves. */
  shelvesOver?(shelves: Shelves): Shelves;
}

export interface Asker {
  ask(source?: Source, more?: Partial<Question>, onDelayed?: (untilMs: number) => void): Asking;
  /** The same, until it is answered. */
  asked(source?: Source, more?: Partial<Question>): Promise<Asked>;
  timeline: Timeline;
  pass(seconds: number): Promise<void>;
  calls: Call[];
  /** The lane of each call, in order. */
  lanes: string[];
  bugs: unknown[];
  shelves: Shelves;
  quota: QuotaBudget;
  /** Resolves when nothing is asked any more. */
  settled(): Promise<void>;
}

const seal = createSeal(Buffer.alloc(32, 7));
export const messages: Messages = {
  nameOf: (key) => seal.nameOf(key),
  close: (text, name) => seal.close(Buffer.from(text), name).toString('base64'),
  open: (message, name) => seal.open(Buffer.from(message, 'base64'), name)?.toString() ?? null,
};

/** Others with whom nothing happens to be shared. */
export const unshared: Sharing = {
  share: (_name, work) => work(() => {}),
};

/** What asks a source, from what is kept down to the call, which the test scripts; on a clock of its own. */
export function createAsker(
  script: (call: Call) => Promise<Answer | Failure> | Answer | Failure,
  { sharing = null, shelvesOver = (shelves) => shelves }: AskerOptions = {},
): Asker {
  const timeline = createTimeline(NOON_MS);
  const { now } = timeline;
  const [calls, lanes, bugs]: [Call[], string[], unknown[]] = [[], [], []];
  const shelves = shelvesOver(createShelves({ maxBytes: 1_000_000, store: null, fleet: alone, now }));
  const quota = createQuota({ ledger: createMemoryQuotaLedger(), now, schedule: timeline.schedule });
  const inFlight = createInFlight<Filled>();
  const askOnce = createAskOnce({
    circuits: createCircuits({ now, random: () => 0.5 }),
    quota: {
      ...quota,
      take(caller) {
        lanes.push(caller.lane);
        return quota.take(caller);
      },
    },
    async call(call) {
      calls.push(call);
      return script(call);
    },
    now,
  });
  const patiently = createAskPatiently({
    askOnce,
    keepDocument: async () => ({ document: 'lien_refuse', tookMs: 0 }),
    retries: createRetryBudget(),
    random: () => 0.5,
    sleep: (delayMs) => new Promise((resolve) => void timeline.schedule(delayMs, resolve)),
  });
  const fill = createFillPiece({ shelves, sharing, messages, inFlight, ask: patiently, now });
  const askSource = createAskSource({ shelves, fill, now, onBug: (_, error) => void bugs.push(error) });
  const ask: Asker['ask'] = (source = HOURLY, more = {}, onDelayed) =>
    askSource({ source, subject: subjectOf(), tracing, refresh: false, lane: 'waiting', ...more }, onDelayed);
  return {
    ask,
    asked: async (source, more) => ask(source, more).answer,
    timeline,
    pass: (seconds) => timeline.runUntil(now() + seconds * 1000),
    calls,
    lanes,
    bugs,
    shelves,
    quota,
    settled: inFlight.settled,
  };
}
