import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Test } from 'tap';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** A place to store things, empty, that may be opened several times at once as several processes would. */
export type Place = { DATABASE_URL?: string; DATA_DIR: string };

/** Opens what is stored at a place; closed with the test. */
export function openedAt(t: Test, place: Place): Database {
  const database = openDatabase({ ...place, onLost: () => {} });
  t.teardown(() => database.close());
  return database;
}

/** An empty folder of the test's own. */
export function emptyFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs one suite on both stores; `place` gives an empty one each time. */
export async function onBothStores(
  t: Test,
  suite: (t: Test, place: (t: Test) => Promise<Place>) => Promise<void>,
): Promise<void> {
  await t.test('the embedded store', (t) => suite(t, async (t) => ({ DATA_DIR: emptyFolder(t) })));
  await t.test('a real Postgres', async (t) => {
    const server = await startPostgres(t);
    let count = 0;
    await suite(t, async (t) => ({
      DATABASE_URL: await emptyDatabase(server, `test_${++count}`),
      DATA_DIR: emptyFolder(t),
    }));
  });
}

async function emptyDatabase({ url }: PostgresServer, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url.replace(/\/postgres$/, `/${name}`);
}
