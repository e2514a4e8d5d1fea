import type { Database } from './database.ts';
import { openPostgres } from './postgres-database.ts';
import { openSqlite } from './sqlite-database.ts';

export interface DatabaseOptions {
  /** Where Postgres is; without it what must last is in a file of the data folder. */
  DATABASE_URL?: string | undefined;
  DATA_DIR: string;
  onLost(error: Error): void;
}

const NAME = 'passerelle';

/** The data folder cannot be used: it is not ours, is read only, is no folder, holds no database. */
export class FolderError extends Error {}

/** @throws FolderError */
export function openDatabase({ DATABASE_URL, DATA_DIR, onLost }: DatabaseOptions): Database {
  if (DATABASE_URL) return openPostgres({ url: DATABASE_URL, onLost });
  try {
    return openSqlite({ folder: DATA_DIR, name: NAME });
  } catch (error) {
    const { message } = error as Error;
    throw new FolderError(`DATA_DIR ne peut pas être utilisé, il faut un dossier où écrire : ${message}`);
  }
}
