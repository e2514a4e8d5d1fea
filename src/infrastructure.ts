import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import type { Circuits } from './collection/circuits.ts';
import type { Collect } from './collection/collect.ts';
import type { CollectFurther } from './collection/collect-further.ts';
import type { Resolve } from './collection/public-lookup.ts';
import { createQuota, type QuotaBudget } from './collection/quota.ts';
import { BUCKETS } from './collection/quota-ledger.ts';
import type { Config } from './config.ts';
import { createSendPrefill, type SendPrefill } from './demarche-numerique/send-prefill.ts';
import type { Archive } from './documents/archive.ts';
import type { Consultations } from './journal/consultations.ts';
import type { Journal } from './journal/group-commit.ts';
import { type OpenedConsultations, openConsultations, openJournal } from './journal/open-journal.ts';
import { seedsOf } from './journal/signing-key.ts';
import { createShelves, type Shelves } from './keeping/shelves.ts';
import { type Access, openAccess } from './open-access.ts';
import { type OpenedCollection, openCollection } from './open-collection.ts';
import { type Commons, openCommons } from './open-commons.ts';
import { openDocuments } from './open-documents.ts';
import { type Jobs, openJobs } from './open-jobs.ts';
import type { Metrics } from './plugins/metrics.ts';
import type { Spans } from './plugins/spans.ts';
import type { Watched } from './plugins/watched.ts';
import { catalog } from './sources/catalog.ts';

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

const PROCEDURES_CONNECTIONS = 8;
const BYTES_PER_MEBIBYTE = 1024 * 1024;

/** Sole opener and closer of sockets: builds what collects from the configuration. */
export async function openInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { config, metrics, demonstration = null, log, now } = options;
  const commons = { ...(await openCommons(options, digestOf(config))), ...options.commons };
  const { fleet, store, circuits, rates, attempts } = commons;
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
  const collection = openCollection(options, commons, { shelves, quota, keepDocument: documents.keep });
  const { DEMARCHE_NUMERIQUE_URL: procedures } = config;
  const proceduresPool = procedures ? new Pool(procedures, { connections: PROCEDURES_CONNECTIONS }) : null;
  const jobs = openJobs(options);
  const opened = options.access
    ? null
    : await openAccess({ config, demonstration, rates, attempts, log, now });
  const access = (options.access ?? opened) as Access;
  metrics.watch(watchedOf(commons, { quota, collection, journal }));
  return {
    collect: collection.collect,
    collectFurther: collection.collectFurther,
    hurry: collection.hurry,
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
    async close() {
      await collection.close();
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

function watchedOf(
  { fleet, circuits, isWell }: Commons,
  { quota, collection, journal }: { quota: QuotaBudget; collection: OpenedCollection; journal: Journal },
): Watched {
  return {
    circuits: () => catalog.map((source) => [source.id, circuits.stateOf(source).etat]),
    quotas: () => BUCKETS.map((bucket) => [bucket, quota.remaining(bucket), quota.limit(bucket)]),
    quotaWaiting: () => quota.pending(),
    asking: collection.asking,
    journalIsOpen: journal.isOpen,
    fleet: () => fleet.size(),
    redisIsWell: isWell,
  };
}

/** Quotas and circuits are those of one token at one hub: others may share the Redis. */
function digestOf({ SOURCES_URL, SOURCES_TOKEN = '' }: InfrastructureOptions['config']): string {
  return createHash('sha256').update(`${SOURCES_URL} ${SOURCES_TOKEN}`).digest('base64url').slice(0, 16);
}
