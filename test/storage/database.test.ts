import { statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Broken, type Database } from '../../src/storage/database.ts';
import { type Migration, migrate } from '../../src/storage/migrate.ts';
import { emptyFolder, onBothStores, openedAt } from '../helpers/databases.ts';
import { startPostgres } from '../helpers/postgres-server.ts';

const NOTES: Migration = {
  id: '0001-notes',
  statements: ['CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT, bytes_ BIGINT)'],
};
const add = 'INSERT INTO notes (id, text, bytes_) VALUES ($1, $2, $3)';

async function notesIn(database: Database): Promise<unknown[]> {
  const rows = await database.query('SELECT id FROM notes ORDER BY id');
  if (rows instanceof Broken) throw rows;
  return rows.map(({ id }) => id);
}

t.test('both stores', (t) =>
  onBothStores(t, async (t, place) => {
    t.test('what was written is there for whoever opens it again', async (t) => {
      const where = await place(t);
      const database = openedAt(t, where);
      await migrate(database, [NOTES]);
      await database.query(add, [1, 'été', 1_800_000_000_000]);
      const rows = await openedAt(t, where).query('SELECT * FROM notes');
      t.strictSame(
        (rows as object[]).map((row) => ({ ...row })),
        [{ id: 1, text: 'été', bytes_: 1_800_000_000_000 }],
      );
    });

    t.test('a transaction that rejects leaves nothing', async (t) => {
      const database = openedAt(t, await place(t));
      await migrate(database, [NOTES]);
      const failed = database.transaction(async (query) => {
        await query(add, [1, 'a', null]);
        throw new Error('on purpose');
      });
      await t.rejects(failed, { message: 'on purpose' });
      t.strictSame(await notesIn(database), []);
    });

    t.test('what is asked during a transaction is not part of it', async (t) => {
      const database = openedAt(t, await place(t));
      await migrate(database, [NOTES]);
      let other: Promise<unknown> = Promise.resolve();
      const failed = database.transaction(async (query) => {
        await query(add, [1, 'a', null]);
        other = database.query(add, [2, 'b', null]);
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('on purpose');
      });
      await t.rejects(failed);
      await other;
      t.strictSame(await notesIn(database), [2]);
    });

    t.test('a statement that is wrong is a bug, not an outage', async (t) => {
      const database = openedAt(t, await place(t));
      await migrate(database, [NOTES]);
      await database.query(add, [1, 'a', null]);
      await t.rejects(database.query('SELEC 1'));
      await t.rejects(database.query(add, [1, 'again', null]));
      await t.rejects(database.transaction((query) => query(add, [1, 'again', null])));
      t.strictSame(await notesIn(database), [1], 'and the store goes on');
    });

    t.test('a store that was closed is broken, and says so', async (t) => {
      const database = openedAt(t, await place(t));
      await database.close();
      t.ok((await database.query('SELECT 1')) instanceof Broken);
      t.ok((await database.transaction((query) => query('SELECT 1'))) instanceof Broken);
      // For the teardown, which closes it once more.
      database.close = async () => {};
    });

    t.test(
      'each step of the schema is taken once, by however many processes that start at once',
      async (t) => {
        const where = await place(t);
        const databases = Array.from({ length: 6 }, () => openedAt(t, where));
        const results = await Promise.all(databases.map((database) => migrate(database, [NOTES])));
        t.ok(results.every((result) => result === 'done'));
        const second: Migration = { id: '0002-more', statements: ['ALTER TABLE notes ADD COLUMN more TEXT'] };
        await Promise.all(databases.map((database) => migrate(database, [NOTES, second])));
        t.strictSame(await notesIn(databases[0] as Database), []);
      },
    );

    t.test('a step that fails leaves the schema as it was', async (t) => {
      const database = openedAt(t, await place(t));
      const wrong: Migration = {
        id: '0002-wrong',
        statements: ['CREATE TABLE half (id BIGINT)', 'CREATE TABLE (id BIGINT)'],
      };
      await t.rejects(migrate(database, [NOTES, wrong]));
      await migrate(database, [NOTES]);
      t.strictSame(await notesIn(database), []);
      await t.rejects(database.query('SELECT * FROM half'));
    });
  }),
);

t.test('the files of the embedded store are of this user only', async (t) => {
  const folder = join(emptyFolder(t), 'data');
  const database = openedAt(t, { DATA_DIR: folder });
  await migrate(database, [NOTES]);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  for (const ending of ['', '-wal', '-shm']) {
    t.equal(statSync(join(folder, `passerelle.db${ending}`)).mode & 0o777, 0o600, ending);
  }
});

t.test('a Postgres that is gone, or hangs, is broken within seconds; then it serves again', async (t) => {
  const server = await startPostgres(t);
  const database = openedAt(t, { DATABASE_URL: server.url, DATA_DIR: emptyFolder(t) });
  await migrate(database, [NOTES]);
  await server.kill();
  t.ok((await database.query('SELECT 1')) instanceof Broken);
  await server.restart();
  t.strictSame(await notesIn(database), []);
  server.pause();
  const startedMs = performance.now();
  t.ok((await database.query('SELECT 1')) instanceof Broken);
  t.ok(performance.now() - startedMs < 10_000);
  server.resume();
  t.strictSame(await notesIn(database), []);
});
