import { Broken, type Database } from './database.ts';
import { type Migration, migrate } from './migrate.ts';

/** A database of which nothing is asked before its schema is as it should be; what could not be done is tried again. */
export function migrated(database: Database, migrations: readonly Migration[]): Database {
  let migrating: Promise<'done' | Broken> | null = null;

  async function after<T>(ask: () => Promise<T | Broken>): Promise<T | Broken> {
    migrating ??= migrate(database, migrations);
    const done = await migrating;
    if (!(done instanceof Broken)) return ask();
    migrating = null;
    return done;
  }

  return {
    ...database,
    query: (sql, values) => after(() => database.query(sql, values)),
    transaction: (work) => after(() => database.transaction(work)),
  };
}
