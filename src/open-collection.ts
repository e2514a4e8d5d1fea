import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type AskOnceOptions, createAskOnce, type Question } from './collection/ask-once.ts';
import { createAskPatiently } from './collection/ask-patiently.ts';
import { createAskSource } from './collection/ask-source.ts';
import { createCallSource } from './collection/call-source.ts';
import type { Circuits } from './collection/circuits.ts';
import { type Collect, createCollect } from './collection/collect.ts';
import { type CollectFurther, createCollectFurther, until } from './collection/collect-further.ts';
import { createFillPiece, type Filled } from './collection/fill-piece.ts';
import { createHandOver } from './collection/hand-over.ts';
import { createInFlight, type InFlight } from './collection/in-flight.ts';
import type { KeepDocument } from './collection/keep-document.ts';
import type { QuotaBudget } from './collection/quota.ts';
import { createRetryBudget } from './collection/retry.ts';
import type { InfrastructureOptions } from './infrastructure.ts';
import type { Shelves } from './keeping/shelves.ts';
import type { Commons } from './open-commons.ts';
import { catalog } from './sources/catalog.ts';
import type { Source } from './sources/source.ts';

export interface OpenedCollection {
  collect: Collect;
  collectFurther: CollectFurther;
  /** Questions under way. */
  asking(): number;
  /** Whoever waits for sources is answered at once with what has come, from now on. */
  hurry(): void;
  /** Waits, for a while, until what goes on in the background is kept. */
  close(): Promise<void>;
}

/** What collecting needs besides what processes have in common. */
export interface CollectionParts {
  shelves: Shelves;
  quota: QuotaBudget;
  keepDocument: KeepDocument;
}

const CONNECTIONS_PER_SOURCE = 64;
const CLOSE_MS = 8_000;

/** What asks the sources, and the connections to them. */
export function openCollection(
  options: InfrastructureOptions,
  commons: Commons,
  parts: CollectionParts,
): OpenedCollection {
  const { config, log, now } = options;
  const { shelves, quota } = parts;
  const pools = openPools(config.SOURCES_URL);
  const inFlight = createInFlight<Filled>();
  const hurrying = new AbortController();
  let isClosing = false;
  // What is hung up on because the process ends tells nothing of a source.
  const record: Circuits['record'] = (...called) => isClosing || commons.circuits.record(...called);
  const onSpent = (question: Question) => {
    if (isClosing) handOver(question);
  };
  const own = { circuits: { ...commons.circuits, record }, inFlight, pools, onSpent };
  const fill = fillerOf(options, { ...commons, ...parts, ...own });
  const onBug = ({ id }: Source, err: unknown) => log.error({ err, source: id }, 'a source met a bug');
  const ask = createAskSource({ shelves, fill, now, onBug: ({ source }, err) => onBug(source, err) });
  const handOver = createHandOver({
    ...commons,
    sources: catalog,
    now,
    ask: (question) => void Promise.resolve(ask(question).answer).catch((err) => onBug(question.source, err)),
    schedule: (callback, delayMs) => void setTimeout(callback, delayMs).unref(),
  });
  return {
    collect: createCollect({ ask, now, onBug, schedule: until(hurrying.signal) }),
    collectFurther: createCollectFurther({ ask, now, onBug }),
    asking: inFlight.size,
    hurry: () => hurrying.abort(),
    async close() {
      isClosing = true;
      quota.close();
      await Promise.race([inFlight.settled(), sleep(CLOSE_MS, undefined, { ref: false })]);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

interface FillerParts extends CollectionParts, Pick<Commons, 'sharing' | 'messages' | 'circuits'> {
  inFlight: InFlight<Filled>;
  pools: ReadonlyMap<string, Pool>;
  /** Told of each question that its quota left unasked. */
  onSpent(question: Question): void;
}

/** The onion around one question, from the outside in: once for all, patiently, once, over HTTP. */
function fillerOf(options: InfrastructureOptions, parts: FillerParts) {
  const { config, metrics, spans, now } = options;
  const call = createCallSource({
    dispatcherOf: ({ id }) => parts.pools.get(id) as Pool,
    basePath: new URL(config.SOURCES_URL).pathname.replace(/\/+$/, ''),
    token: config.SOURCES_TOKEN ?? null,
    now,
  });
  const onCalled: AskOnceOptions['onCalled'] = (...called) => {
    metrics.sourceCalled(...called);
    spans?.sourceCalled(...called);
  };
  const askOnce = createAskOnce({ ...parts, call, now, onCalled });
  const ask = createAskPatiently({
    ...parts,
    askOnce,
    retries: createRetryBudget(),
    random: Math.random,
    sleep,
  });
  return createFillPiece({ ...parts, ask, now });
}

function openPools(sourcesUrl: string): Map<string, Pool> {
  const { origin } = new URL(sourcesUrl);
  return new Map(
    catalog.map((source) => [
      source.id,
      new Pool(origin, {
        connections: CONNECTIONS_PER_SOURCE,
        connect: { timeout: source.timeoutMs },
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    ]),
  );
}
