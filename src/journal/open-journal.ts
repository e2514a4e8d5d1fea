import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInTurn } from '../storage/in-turn.ts';
import { openPostgres } from '../storage/postgres-database.ts';
import { createChainWriter } from './chain-writer.ts';
import { type Consultations, createConsultations } from './consultations.ts';
import { createGroupCommit, type Journal } from './group-commit.ts';
import { openLookupThread } from './lookup-thread.ts';
import { type JournalPlace, journalFolder, openChainStore } from './open-chains.ts';
import { createPostgresLookup } from './postgres-lookup.ts';
import type { Head } from './seal-line.ts';
import { createSigner } from './signing.ts';

export interface OpenJournalOptions {
  place: JournalPlace;
  /** 32 bytes: see signing.ts. */
  seed: Buffer;
  /** What the pieces of lines stand for: see pieces.ts. */
  sources: readonly string[];
  onOpen(): void;
  onClosed(error: Error): void;
  onCommitted(lines: number, tookMs: number): void;
  onSealed(head: Head): void;
}

const SEAL_MS = 60_000;
/** Connections that read. */
const READERS = 2;
/** How long a start waits for the journal; without it the gateway starts closed for data. */
const START_MS = 5_000;

/** Opens the journal that this process writes. */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const { place, seed, sources, onSealed, ...told } = options;
  const store = openChainStore(place, () => {});
  const signer = createSigner(seed);
  const random = () => randomBytes(4).toString('hex');
  const writer = createChainWriter({ store, signer, sources, now: Date.now, random, onSealed });
  const inTurn = createInTurn();
  const journal = createGroupCommit({
    ...told,
    sleep,
    writer: {
      open: () => inTurn(writer.open),
      append: (rests) => inTurn(() => writer.append(rests)),
      close: () => inTurn(writer.close).finally(store.close),
    },
  });
  const sealing = setInterval(() => inTurn(writer.seal).catch(journal.fail), SEAL_MS).unref();
  await Promise.race([journal.opened, sleep(START_MS, undefined, { ref: false })]);
  return {
    ...journal,
    async close() {
      clearInterval(sealing);
      await journal.close();
    },
  };
}

export interface OpenedConsultations extends Consultations {
  close(): Promise<void>;
}

/** Opens what looks lines up in a journal. */
export function openConsultations(place: JournalPlace, onLost: (error: Error) => void): OpenedConsultations {
  const { DATABASE_URL, DATA_DIR } = place;
  const lookup = DATABASE_URL
    ? createPostgresLookup(openPostgres({ url: DATABASE_URL, onLost, connections: READERS }))
    : openLookupThread(journalFolder(DATA_DIR));
  return { ...createConsultations(lookup), close: lookup.close };
}
