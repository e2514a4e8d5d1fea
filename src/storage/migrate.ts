import type { Broken, Database, Dialect, Query } from './database.ts';

/** One step of the schema. Once it was released it never changes: what comes after is a step of its own. */
export interface Migration {
  /** Number and words, such as `0001-habilitations`: steps are taken in the order of the list, each once. */
  id: string;
  statements: Record<Dialect, readonly string[]> | readonly string[];
}

/** Of the lock under which one process at a time changes the schema; any number that nobody else uses. */
const LOCK = 7_305_163;

/**
 * Takes the steps that were not taken yet, all or none, while the other processes that start wait. Broken when
 * they waited too long: to be tried again.
 */
export function migrate(database: Database, migrations: readonly Migration[]): Promise<'done' | Broken> {
  return database.transaction<'done'>(async (query) => {
    // Given back by the end of the transaction. In sqlite a transaction is such a lock by itself.
    if (database.dialect === 'postgres') await query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await query('CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, applied_at_ms BIGINT NOT NULL)');
    const applied = new Set((await query('SELECT id FROM migrations')).map(({ id }) => id));
    for (const migration of migrations) {
      if (!applied.has(migration.id)) await apply(query, migration, database.dialect);
    }
    return 'done';
  });
}

async function apply(query: Query, { id, statements }: Migration, dialect: Dialect): Promise<void> {
  for (const statement of 'sqlite' in statements ? statements[dialect] : statements) await query(statement);
  await query('INSERT INTO migrations (id, applied_at_ms) VALUES ($1, $2)', [id, Date.now()]);
}
