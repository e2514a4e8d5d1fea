import { createHash } from 'node:crypto';
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
import { createInFlight } from './collection/in-flight.ts';
import type { KeepDocument } from './collection/keep-document.ts';
import type { Resolve } from './collection/public-lookup.ts';
import { createQuota, type QuotaBudget } from './collection/quota.ts';
import { BUCKETS } from './collection/quota-ledger.ts';
import { createRetryBudget } from './collection/retry.ts';
import type { Config } from './config.ts';
import { createSendPrefill, type SendPrefill } from './demarche-numerique/send-prefill.ts';
import type { Archive } from './documents/archive.ts';
import type { Consultations } from './journal/consultations.ts';
import type { Journal } from './journal/group-commit.ts';
import { type OpenedConsultations, openConsultations, openJournal } from './journal/open-journal.ts';
import { seedsOf } from './journal/signing-key.ts';
import { createShelves, type Shelves } from './keeping/shelves.ts';
import { type Access, openAccess } from './open-access.ts';
import { type Commons, openCommons } from './open-commons.ts';
import { openDocuments } from './open-documents.ts';
import { type Jobs, openJobs } from './open-jobs.ts';
import type { Metrics } from './plugins/metrics.ts';
import type { Spans } from './plugins/spans.ts';
import type { Watched } from './plugins/watched.ts';
import { catalog } from './sources/catalog.ts';
import type { Source } from './sources/source.ts';

export interface Infrastructure {
  collect: Collect;
  collectFurther: CollectFurther;
  jobs: Jobs;
  shelves: Shelves;
  circuits: Circuits;
  quota: QuotaBudget;
  archive: Archive;
  journal: Journal;
  consultations: Consultations;
  access: Access;
  /** Null when nothing may be sent to Démarche numérique. */
  sendPrefill: SendPrefill | null;
  /** Whoever waits for sources is answered at once with what has come, from now on. */
  hurry(): void;
  /** Waits, for a while, until what goes on in the background is kept; then closes every connection. */
  close(): Promise<void>;
}

export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface InfrastructureOptions {
  config: Config & { SOURCES_URL: string };
  /** Tokens of the demonstration, by name, where the administrations are mocked. */
  demonstration?: Readonly<Record<string, string>> | null;
  metrics: Metrics;
  /** Where they are exported, if they are. */
  spans?: Spans | undefined;
  log: Log;
  now: () => number;
  /** Instead of those that the configuration asks for. */
  commons?: Partial<Commons>;
  archive?: Archive;
  /** How the machines that documents are on are found, instead of by the system. */
  resolve?: Resolve;
  journal?: Journal;
  consultations?: OpenedConsultations;
  /** Instead of what is stored. */
  access?: Access;
}

const CONNECTIONS_PER_SOURCE = 64;
const PROCEDURES_CONNECTIONS = 8;
const CLOSE_MS = 8_000;
const BYTES_PER_MEBIBYTE = 1024 * 1024;

/** Sole opener and closer of sockets: builds what collects from the configuration. */
export async function openInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { config, metrics, demonstration = null, log, now } = options;
  const commons = { ...(await openCommons(options, digestOf(config))), ...options.commons };
  const { fleet, store, circuits } = commons;
  const onDatabaseLost = ({ message }: Error) => log.warn({ err: message }, 'Postgres does not answer');
  const shelves = createShelves({
    maxBytes: config.MEMORY_CACHE_MIB * BYTES_PER_MEBIBYTE,
    store,
    fleet,
    now,
    onRead: metrics.keptRead,
  });
  const journal = options.journal ?? (await journalOf(options));
  const consultations = options.consultations ?? openConsultations(config, onDatabaseLost);
  const quota = createQuota({ ledger: commons.ledger, now });
  const documents = openDocuments(options, quota);
  const pools = openPools(config.SOURCES_URL);
  const { DEMARCHE_NUMERIQUE_URL: procedures } = config;
  const proceduresPool = procedures ? new Pool(procedures, { connections: PROCEDURES_CONNECTIONS }) : null;
  const inFlight = createInFlight<Filled>();
  const hurrying = new AbortController();
  let isClosing = false;
  // What is hung up on because the process ends tells nothing of a source.
  const record: Circuits['record'] = (...called) => isClosing || circuits.record(...called);
  const fill = fillerOf(
    options,
    { ...commons, circuits: { ...circuits, record } },
    {
      shelves,
      quota,
      inFlight,
      pools,
      keepDocument: documents.keep,
      onSpent,
    },
  );
  const onBug = ({ id }: Source, err: unknown) => log.error({ err, source: id }, 'a source met a bug');
  const ask = createAskSource({ shelves, fill, now, onBug: ({ source }, err) => onBug(source, err) });
  const handOver = createHandOver({
    ...commons,
    sources: catalog,
    now,
    ask: (question) => void Promise.resolve(ask(question).answer).catch((err) => onBug(question.source, err)),
    schedule: (callback, delayMs) => void setTimeout(callback, delayMs).unref(),
  });
  function onSpent(question: Question): void {
    if (isClosing) handOver(question);
  }
  const jobs = openJobs(options);
  const { rates } = commons;
  const opened = options.access ? null : await openAccess({ config, demonstration, rates, log, now });
  const access = (options.access ?? opened) as Access;
  metrics.watch(watchedOf(commons, { quota, inFlight, journal }));
  return {
    collect: createCollect({ ask, now, onBug, schedule: until(hurrying.signal) }),
    collectFurther: createCollectFurther({ ask, now, onBug }),
    jobs: { ...jobs, processes: fleet.size },
    shelves,
    circuits,
    quota,
    archive: documents.archive,
    journal,
    consultations,
    access,
    sendPrefill:
      proceduresPool && createSendPrefill({ dispatcher: proceduresPool, origin: procedures ?? '' }),
    hurry: () => hurrying.abort(),
    async close() {
      isClosing = true;
      quota.close();
      await Promise.race([inFlight.settled(), sleep(CLOSE_MS, undefined, { ref: false })]);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      await proceduresPool?.destroy();
      await documents.close();
      await journal.close();
      await consultations.close();
      await jobs.close();
      await opened?.close();
      commons.close();
    },
  };
}

function journalOf({ config, metrics, log }: InfrastructureOptions): Promise<Journal> {
  return openJournal({
    place: { DATABASE_URL: config.DATABASE_URL, DATA_DIR: config.DATA_DIR },
    seed: seedsOf(config)[0],
    sources: catalog.map(({ id }) => id),
    onOpen: () => log.info({}, 'the journal is open'),
    onClosed: (err) => log.error({ err }, 'the journal cannot be written: no data is given'),
    onCommitted: metrics.journalCommitted,
    // Whoever keeps these lines elsewhere can show that the end of a journal was cut off.
    onSealed: (head) => log.info({ head }, 'the journal is sealed'),
  });
}

interface Parts {
  shelves: Shelves;
  quota: QuotaBudget;
  inFlight: ReturnType<typeof createInFlight<Filled>>;
  pools: Map<string, Pool>;
  keepDocument: KeepDocument;
  /** Told of each question that its quota left unasked. */
  onSpent(question: Question): void;
}

/** The onion around one question, from the outside in: once for all, patiently, once, over HTTP. */
function fillerOf(
  { config, metrics, spans, now }: InfrastructureOptions,
  { sharing, messages, circuits }: Commons,
  { shelves, quota, inFlight, pools, keepDocument, onSpent }: Parts,
) {
  const call = createCallSource({
    dispatcherOf: ({ id }) => pools.get(id) as Pool,
    basePath: new URL(config.SOURCES_URL).pathname.replace(/\/+$/, ''),
    token: config.SOURCES_TOKEN ?? null,
    now,
  });
  const onCalled: AskOnceOptions['onCalled'] = (...called) => {
    metrics.sourceCalled(...called);
    spans?.sourceCalled(...called);
  };
  const askOnce = createAskOnce({ circuits, quota, call, now, onSpent, onCalled });
  const ask = createAskPatiently({
    askOnce,
    keepDocument,
    retries: createRetryBudget(),
    random: Math.random,
    sleep,
  });
  return createFillPiece({ shelves, sharing, messages, inFlight, ask, now });
}

function watchedOf(
  { fleet, circuits, isWell }: Commons,
  { quota, inFlight, journal }: Pick<Parts, 'quota' | 'inFlight'> & { journal: Journal },
): Watched {
  return {
    circuits: () => catalog.map((source) => [source.id, circuits.stateOf(source).etat]),
    quotas: () => BUCKETS.map((bucket) => [bucket, quota.remaining(bucket), quota.limit(bucket)]),
    quotaWaiting: () => quota.pending(),
    asking: () => inFlight.size(),
    journalIsOpen: journal.isOpen,
    fleet: () => fleet.size(),
    redisIsWell: isWell,
  };
}

/** Quotas and circuits are those of one token at one hub: others may share the Redis. */
function digestOf({ SOURCES_URL, SOURCES_TOKEN = '' }: InfrastructureOptions['config']): string {
  return createHash('sha256').update(`${SOURCES_URL} ${SOURCES_TOKEN}`).digest('base64url').slice(0, 16);
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
