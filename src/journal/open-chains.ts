import { join } from 'node:path';
import { openPostgres } from '../storage/postgres-database.ts';
import type { ChainArchive, ChainStore } from './chain-store.ts';
import { createFileChainArchive, createFileChainStore } from './file-chains.ts';
import { createPostgresChainArchive, createPostgresChainStore } from './postgres-chains.ts';

/** Where a journal is: in Postgres, or in files of the data folder. */
export interface JournalPlace {
  DATABASE_URL?: string | undefined;
  DATA_DIR: string;
}

/** A process that waits for its commit to be durable has no use for another connection. */
const ONE = 1;

export function openChainStore(
  { DATABASE_URL, DATA_DIR }: JournalPlace,
  onLost: (error: Error) => void,
): ChainStore {
  return DATABASE_URL
    ? createPostgresChainStore(openPostgres({ url: DATABASE_URL, onLost, connections: ONE }))
    : createFileChainStore(journalFolder(DATA_DIR));
}

export function openChainArchive(
  { DATABASE_URL, DATA_DIR }: JournalPlace,
  onLost: (error: Error) => void,
): ChainArchive {
  return DATABASE_URL
    ? createPostgresChainArchive(openPostgres({ url: DATABASE_URL, onLost, connections: ONE }))
    : createFileChainArchive(journalFolder(DATA_DIR));
}

export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal');
}
