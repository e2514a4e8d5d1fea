import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { Test } from 'tap';
import { loadConfig } from '../../src/config.ts';
import { alone, type Fleet } from '../../src/fleet/fleet.ts';
import type { CompanyStore } from '../../src/keeping/company-store.ts';
import { type Entry, outcomeIn } from '../../src/keeping/entry.ts';
import type { Kept } from '../../src/keeping/kept.ts';
import type { Rendition } from '../../src/keeping/rendition.ts';
import { createShelves, type PieceKey, type Shelves } from '../../src/keeping/shelves.ts';
import { openCommons } from '../../src/open-commons.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { fact } from './app.ts';

export const SIREN = '552032534';
export const PIECE: PieceKey = {
  siren: SIREN,
  field: 'msa_conformite_cotisations abc /v3/msa/55203253400646',
};
export const OTHER: PieceKey = { siren: SIREN, field: 'douanes_eori abc /v3/douanes/55203253400646' };
export const DOSSIER = 'dossier test socle 55203253400646';

/** What one process of a fleet keeps. */
export interface Keeper {
  shelves: Shelves;
  fleet: Fleet;
  store: CompanyStore | null;
  /** Where each reading found something, in order. */
  levels: string[];
  /** The data that is read, and where it was found: `{ n: 1 }` in the `store`. */
  find(key?: PieceKey): Promise<[donnees: unknown, level: string | undefined]>;
  /** As `stop` does to a process: nothing more is heard or written. */
  close(): void;
}

export interface KeeperOptions {
  now?: () => number;
  maxBytes?: number;
  /** In base64, the first in use. */
  keys?: string[];
  /** Stands between the keeper and its fleet or its store. */
  fleetOver?(fleet: Fleet): Fleet;
  storeOver?(store: CompanyStore): CompanyStore;
}

/** A process that keeps on this Redis, with whatever else does; in memory alone without an address. */
export async function openKeeper(t: Test, url: string | null, options: KeeperOptions = {}): Promise<Keeper> {
  const { now = Date.now, maxBytes = 1_000_000, keys = [] } = options;
  const config = loadConfig(url === null ? {} : { REDIS_URL: url, CACHE_ENCRYPTION_KEY: keys.join(',') });
  const log = pino({ level: 'silent' });
  const given = {
    config: { ...config, SOURCES_URL: 'http://127.0.0.1:1' },
    metrics: createMetrics(),
    log,
    now,
  };
  const commons = await openCommons(given, 'digest');
  t.teardown(() => commons.close());
  const levels: string[] = [];
  const fleet = options.fleetOver?.(commons.fleet) ?? commons.fleet;
  const store = commons.store && (options.storeOver?.(commons.store) ?? commons.store);
  const onRead = (_: string, level: string) => void levels.push(level);
  const shelves = createShelves({ maxBytes, store, fleet, now, onRead });
  return {
    shelves,
    fleet,
    store,
    levels,
    async find(key = PIECE) {
      const entry = await shelves.read(key);
      return [entry && donneesOf(entry), levels.at(-1)];
    },
    close: commons.close,
  };
}

/** Hears nothing of the others, until it is told that it may have missed something. */
export function deafFleet(): Fleet & { restore(): void } {
  const listeners: (() => void)[] = [];
  return {
    ...alone,
    onRestored: (listener) => void listeners.push(listener),
    restore() {
      for (const listener of listeners) listener();
    },
  };
}

export function donneesOf(entry: Entry): unknown {
  const outcome = outcomeIn(entry);
  return 'donnees' in outcome ? outcome.donnees : outcome.statut;
}

/** @param seconds how long it stays fresh; stale as long again */
export function keptFor(donnees: unknown, seconds = 3600, nowMs = Date.now()): Kept {
  const untilMs = nowMs + seconds * 1000;
  return {
    outcome: fact('obtenu', donnees),
    freshUntilMs: untilMs,
    revalidateUntilMs: untilMs,
    staleUntilMs: untilMs + seconds * 1000,
  };
}

export function renditionOf(text: string, seconds = 3600, nowMs = Date.now()): Rendition {
  const untilMs = nowMs + seconds * 1000;
  return {
    etag: `"${text}"`,
    identity: Buffer.from(text),
    gzip: null,
    members: [['msa_conformite_cotisations', untilMs]],
    mere: null,
    freshUntilMs: untilMs,
  };
}

/** The text of the rendition that is kept, or null. */
export async function textKept(
  { shelves }: Pick<Keeper, 'shelves'>,
  field = DOSSIER,
): Promise<string | null> {
  const rendition = await shelves.readRendition(SIREN, field);
  return rendition?.identity.toString() ?? null;
}

/** Keeps a rendition as a route does: marks, reads what it is made of, keeps. */
export async function keepText(
  { shelves }: Pick<Keeper, 'shelves'>,
  text: string,
  pieces: PieceKey[] = [PIECE],
): Promise<void> {
  const mark = shelves.mark(SIREN);
  const entries = await Promise.all(pieces.map((piece) => shelves.read(piece)));
  await shelves.keepRendition(mark, DOSSIER, entries as Entry[], renditionOf(text));
}

/** Everything that a Redis holds, keys and values, as a thief of its disk would read it. */
export async function dumpOf(t: Test, url: string): Promise<Map<string, string>> {
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const dump = new Map<string, string>();
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const value =
      type === 'hash'
        ? Object.values(await redis.hgetallBuffer(key))
        : [(await redis.getBuffer(key)) ?? Buffer.alloc(0)];
    dump.set(key, Buffer.concat(value).toString('latin1'));
  }
  return dump;
}
