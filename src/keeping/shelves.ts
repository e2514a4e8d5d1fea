import { LRUCache } from 'lru-cache';
import type { Fleet } from '../fleet/fleet.ts';
import type { CompanyStore } from './company-store.ts';
import { type Entry, entryIn, entryOf, textOf } from './entry.ts';
import type { Kept } from './kept.ts';
import { decodeRendition, encodeRendition, type Rendition, sizeOf } from './rendition.ts';
import { isOurs, type Shelf, signatureOf, stampOf } from './shelf.ts';
import { createShelfRegister } from './shelf-register.ts';

/** One answer: of which company, and to which question. */
export interface PieceKey {
  siren: string;
  field: string;
}

/** What a company's pieces were at some instant. */
export interface Mark {
  readonly shelf: Shelf;
  readonly version: number;
}

/**
 * What is kept of companies: in process first, then in the store that all processes share. What is in
 * process comes at once, the rest as a promise. Nothing rejects: a store that is away is a miss.
 */
export interface Shelves {
  read(key: PieceKey): Entry | null | Promise<Entry | null>;
  /** `stored` resolves once the store has it too, or is known to be away; null when there is none. */
  write(key: PieceKey, kept: Kept): { entry: Entry; stored: Promise<void> | null };
  mark(siren: string): Mark;
  readRendition(siren: string, field: string): Rendition | null | Promise<Rendition | null>;
  /** Keeps what was made of `entries`, all read or written since the mark, if no piece has changed beside them. */
  keepRendition(mark: Mark, field: string, entries: readonly Entry[], rendition: Rendition): Promise<void>;
}

export interface ShelvesOptions {
  /** Bound of what is kept in process, in bytes; the least recently used goes first. */
  maxBytes: number;
  /** Null when there is none: nothing outlives the process then. */
  store: CompanyStore | null;
  fleet: Fleet;
  now: () => number;
  /** Told of each reading, and where it found something. */
  onRead?(what: 'piece' | 'dossier', level: 'process' | 'store' | 'none'): void;
}

interface KeptEntry {
  shelf: Shelf;
  bytes: number;
  entry: Entry;
  /** Losses of the store that the shelf knew of when the store had it; null until it has. */
  storedAt: number | null;
}

interface KeptRendition {
  shelf: Shelf;
  bytes: number;
  rendition: Rendition;
  version: number;
}

/** Objects and the cache's own books, beside the text. */
const OVERHEAD_BYTES = 300;
/** Less than what is kept of any company that a dossier was made of: a shelf never goes before what is on it. */
const BYTES_A_COMPANY = 4096;
/** A process that keeps nothing still remembers which companies other processes may have changed. */
const MIN_SHELVES = 10_000;

export function createShelves(options: ShelvesOptions): Shelves {
  const { maxBytes, store, fleet, now, onRead } = options;
  const items = new LRUCache<string, KeptEntry | KeptRendition>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ bytes }, key) => bytes + key.length + OVERHEAD_BYTES,
  });
  const pieceReadings = new Map<string, Promise<Entry | null>>();
  const dossierReadings = new Map<string, Promise<Rendition | null>>();
  let sent = 0;
  const { shelfOf, forget, whenSure, announce } = createShelfRegister({
    store,
    fleet,
    maxShelves: Math.max(MIN_SHELVES, Math.floor(maxBytes / BYTES_A_COMPANY)),
  });

  async function sendToStore(kept: KeptEntry, field: string, store: CompanyStore): Promise<void> {
    const { shelf, entry } = kept;
    const lifeMs = Math.ceil(Math.max(entry.freshUntilMs, entry.staleUntilMs) - now());
    if (lifeMs <= 0) return;
    const { siren, losses } = shelf;
    const stamp = `${signatureOf(shelf)}.${++sent}`;
    const before = await store.write({ siren, field, text: textOf(entry), lifeMs, stamp });
    if (before === undefined) {
      shelf.unstored ??= new Set();
      shelf.unstored.add(field);
      return;
    }
    shelf.unstored?.delete(field);
    kept.storedAt = losses;
    if (!isOurs(shelf, before)) forget(siren);
    shelf.ownStamp = stamp;
    announce(store.nameOf(siren), stamp);
  }

  function send(kept: KeptEntry, field: string): Promise<void> | null {
    if (!store) return null;
    const sending = sendToStore(kept, field, store);
    // Without the values: each would hold those before it.
    kept.shelf.settled = Promise.all([kept.shelf.settled, sending]).then(() => {});
    return sending;
  }

  function put(shelf: Shelf, field: string, entry: Entry, storedAt: number | null): KeptEntry {
    const kept = { shelf, entry, storedAt, bytes: entry.outcomeText.length * 2 };
    if (shelf.isCurrent) items.set(`${shelf.siren} ${field}`, kept);
    return kept;
  }

  function inProcess(shelf: Shelf, field: string): KeptEntry | null {
    const item = items.get(`${shelf.siren} ${field}`);
    return item?.shelf === shelf && 'entry' in item && isAlive(item.entry) ? item : null;
  }

  function isAlive({ freshUntilMs, staleUntilMs }: Entry): boolean {
    return Math.max(freshUntilMs, staleUntilMs) > now();
  }

  /** Whoever wants what is already being read waits for the same reading: a crowd must not read as many times. */
  function once<T>(
    readings: Map<string, Promise<T>>,
    { siren }: Shelf,
    field: string,
    read: () => Promise<T>,
  ): Promise<T> {
    const key = `${siren} ${field}`;
    const underWay = readings.get(key);
    if (underWay) return underWay;
    const reading = read().finally(() => readings.delete(key));
    readings.set(key, reading);
    return reading;
  }

  async function readStored(shelf: Shelf, field: string, store: CompanyStore): Promise<Entry | null> {
    const text = await store.read(shelf.siren, field);
    const entry = text ? entryIn(text) : null;
    onRead?.('piece', entry ? 'store' : 'none');
    if (!entry || !isAlive(entry)) return null;
    // Written while the text was on its way.
    const newer = inProcess(shelf, field);
    if (newer) return newer.entry;
    put(shelf, field, entry, shelf.losses);
    shelf.unstored?.delete(field);
    return entry;
  }

  async function readStoredRendition(
    shelf: Shelf,
    field: string,
    store: CompanyStore,
  ): Promise<Rendition | null> {
    const { version } = shelf;
    const bytes = await store.readRendition(shelf.siren, field);
    const rendition = bytes ? decodeRendition(bytes) : null;
    onRead?.('dossier', rendition ? 'store' : 'none');
    if (!rendition || rendition.freshUntilMs <= now()) return null;
    putRendition({ shelf, version }, field, rendition);
    return rendition;
  }

  function putRendition({ shelf, version }: Mark, field: string, rendition: Rendition): void {
    if (!shelf.isCurrent || shelf.version !== version) return;
    items.set(`${shelf.siren} ${field}`, { shelf, rendition, version, bytes: sizeOf(rendition) });
  }

  function readSure(shelf: Shelf, field: string): Entry | null | Promise<Entry | null> {
    const kept = inProcess(shelf, field);
    if (kept) {
      onRead?.('piece', 'process');
      if (kept.storedAt !== shelf.losses && store?.isWell()) void send(kept, field);
      return kept.entry;
    }
    if (store) return once(pieceReadings, shelf, field, () => readStored(shelf, field, store));
    onRead?.('piece', 'none');
    return null;
  }

  function readSureRendition(shelf: Shelf, field: string): Rendition | null | Promise<Rendition | null> {
    const rendition = renditionOn(shelf, field);
    if (rendition) return rendition;
    // What the store has was made of what it has of each piece.
    if (store && !shelf.unstored?.size) {
      return once(dossierReadings, shelf, field, () => readStoredRendition(shelf, field, store));
    }
    onRead?.('dossier', 'none');
    return null;
  }

  function renditionOn(shelf: Shelf, field: string): Rendition | null {
    const item = items.get(`${shelf.siren} ${field}`);
    const isRight = item?.shelf === shelf && 'rendition' in item && item.version === shelf.version;
    if (!isRight || item.rendition.freshUntilMs <= now()) return null;
    onRead?.('dossier', 'process');
    return item.rendition;
  }

  return {
    read: ({ siren, field }) => whenSure(siren, (shelf) => readSure(shelf, field)),
    readRendition: (siren, field) => whenSure(siren, (shelf) => readSureRendition(shelf, field)),
    write({ siren, field }, kept) {
      const shelf = shelfOf(siren);
      shelf.version++;
      const entry = entryOf(kept, shelf.version);
      return { entry, stored: send(put(shelf, field, entry, null), field) };
    },
    mark(siren) {
      const shelf = shelfOf(siren);
      return { shelf, version: shelf.version };
    },
    async keepRendition({ shelf, version }, field, entries, rendition) {
      const written = entries.filter((entry) => entry.version > version).length;
      const upTo = shelf.version;
      if (!shelf.isCurrent || upTo - version !== written) return;
      await shelf.settled;
      if (!shelf.isCurrent || shelf.version !== upTo) return;
      putRendition({ shelf, version: upTo }, field, rendition);
      const stamp = stampOf(shelf);
      const lifeMs = Math.floor(rendition.freshUntilMs - now());
      if (!store || !stamp || lifeMs <= 0) return;
      const bytes = encodeRendition(rendition);
      await store.writeRendition({ siren: shelf.siren, field, bytes, lifeMs, stamp });
    },
  };
}
