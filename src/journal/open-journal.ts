import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '../storage/postgres-database.ts';
import { type Consultations, createConsultations } from './consultations.ts';
import { createGroupCommit, type Journal } from './group-commit.ts';
import { openLookupThread } from './lookup-thread.ts';
import { type JournalPlace, journalFolder } from './open-chains.ts';
import { createPostgresLookup } from './postgres-lookup.ts';
import type { Head } from './seal-line.ts';
import { createWritingThread, type ThreadData } from './writing-thread.ts';

export interface OpenJournalOptions extends ThreadData {
  onOpen(): void;
  onClosed(error: Error): void;
  onCommitted(lines: number, tookMs: number): void;
  onSealed(head: Head): void;
}

/** Connections that read. */
const READERS = 2;
/** How long a start waits for the journal; without it the gateway starts closed for data. */
const START_MS = 5_000;

/** Opens the journal that this process writes. */
export async function openJournal({
  onSealed,
  onOpen,
  onClosed,
  onCommitted,
  ...data
}: OpenJournalOptions): Promise<Journal> {
  const writer = createWritingThread({ ...data, onSealed, onFailed: (error) => journal.fail(error) });
  const journal = createGroupCommit({ writer, onOpen, onClosed, onCommitted, sleep });
  await Promise.race([journal.opened, sleep(START_MS, undefined, { ref: false })]);
  return journal;
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
