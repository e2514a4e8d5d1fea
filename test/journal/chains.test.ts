import fc from 'fast-check';
import { Client } from 'pg';
import t, { type Test } from 'tap';
import { chainNameOf } from '../../src/journal/chain-name.ts';
import type { ChainStore } from '../../src/journal/chain-store.ts';
import { createChainWriter } from '../../src/journal/chain-writer.ts';
import { type JournalPlace, openChainArchive, openChainStore } from '../../src/journal/open-chains.ts';
import { onBothStores } from '../helpers/databases.ts';
import { accessTexts, findingsIn, SOURCES, START_MS, signer } from './journals.ts';

const DAY_MS = 86_400_000;

/** A journal at a place, with a clock of its own. */
function journalAt(t: Test, place: JournalPlace) {
  const fail = (error: Error) => t.comment(error.message);
  let nowMs = START_MS;
  let drawn = 0;
  const archive = openChainArchive(place, fail);
  t.teardown(() => archive.close());
  return {
    archive,
    writer(around = (store: ChainStore) => store) {
      const opened = openChainStore(place, fail);
      t.teardown(() => opened.close());
      const store = around(opened);
      const random = () => String(++drawn).padStart(8, '0');
      return { store, ...createChainWriter({ store, signer, sources: SOURCES, now: () => nowMs, random }) };
    },
    later(ms: number) {
      nowMs += ms;
    },
  };
}

await onBothStores(t, async (t, place) => {
  await t.test('what is written is read back in its order, and verifies', async (t) => {
    const { archive, writer } = journalAt(t, await place(t));
    const one = writer();
    await one.open();
    for (let i = 0; i < 5; i++) await one.append(accessTexts(450));
    await one.close();
    const { faults, notes, summary } = await findingsIn(archive);
    t.strictSame([faults, notes], [[], []]);
    t.strictSame(summary, { chains: 1, lines: 2_252, seals: 2 });
  });

  await t.test('processes write each its chain at the same time, and see one another', async (t) => {
    const { archive, writer } = journalAt(t, await place(t));
    const writers = Array.from({ length: 4 }, () => writer());
    await Promise.all(writers.map((one) => one.open()));
    for (let i = 0; i < 5; i++) await Promise.all(writers.map((one) => one.append(accessTexts(3))));
    for (const one of writers) await one.seal();
    const heads = await (writers[0] as { store: ReturnType<typeof openChainStore> }).store.heads(
      '2026-11',
      3,
    );
    t.strictSame(
      heads.map(({ chaine, n }) => [chaine.slice(-1), n]),
      [
        ['4', 17],
        ['3', 17],
        ['2', 17],
      ],
      'the latest first',
    );
    const { faults, summary } = await findingsIn(archive);
    t.strictSame(faults, []);
    t.strictSame(summary, { chains: 4, lines: 68, seals: 8 });
  });

  await t.test('a month that begins has a chain of its own, and a month can be deleted', async (t) => {
    const { archive, writer, later } = journalAt(t, await place(t));
    const one = writer();
    await one.open();
    await one.append(accessTexts(2));
    later(7 * DAY_MS);
    await one.append(accessTexts(3));
    t.strictSame(await archive.months(), ['2026-11', '2026-12']);
    t.strictSame((await findingsIn(archive)).faults, []);
    await archive.drop('2026-11');
    t.strictSame(await archive.months(), ['2026-12']);
    t.match((await findingsIn(archive)).faults, [{ fault: 'chaine_disparue' }], 'unless the journal says so');
  });

  await t.test('a chain that could not be written to is left, and another goes on', async (t) => {
    const { archive, writer, later } = journalAt(t, await place(t));
    let isFull = false;
    const one = writer((store) => ({
      ...store,
      append: (block) => (isFull ? Promise.reject(new Error('the disk is full')) : store.append(block)),
    }));
    await one.open();
    isFull = true;
    await t.rejects(one.append(accessTexts(1)), { message: 'the disk is full' });
    isFull = false;
    await t.rejects(one.append(accessTexts(1)), 'nothing is written behind what may be torn');
    later(1);
    await one.open();
    await one.append(accessTexts(1));
    const { faults, summary } = await findingsIn(archive);
    t.strictSame(faults, []);
    t.strictSame(summary, { chains: 2, lines: 3, seals: 2 });
  });

  await t.test('one byte changed in any column of any row is found', async (t) => {
    const at = await place(t);
    if (!at.DATABASE_URL) return;
    const { archive, writer } = journalAt(t, at);
    const one = writer();
    await one.open();
    await one.append(accessTexts(4));
    await one.seal();
    await one.append(accessTexts(2));
    await one.close();
    const client = new Client({ connectionString: at.DATABASE_URL });
    await client.connect();
    t.teardown(() => client.end());
    const { rows } = await client.query('SELECT * FROM journal_lines ORDER BY number');
    const columns = Object.keys(rows[0]);
    const change = fc.record({
      row: fc.integer({ min: 0, max: rows.length - 1 }),
      column: fc.constantFrom(...columns.filter((name) => name !== 'month')),
      where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      by: fc.integer({ min: 1, max: 9 }),
    });
    const property = fc.asyncProperty(change, async ({ row, column, where, by }) => {
      const before = rows[row][column];
      const isNumber = column === 'number' || column === 'at_ms';
      const changed = isNumber ? Number(before) + by * 1_000 : flipped(before, where, by);
      const set = (value: unknown) =>
        client.query(
          `UPDATE journal_lines SET ${column} = $1 WHERE ${column} IS NOT DISTINCT FROM $2 AND hash = $3`,
          [
            value,
            value === before ? changed : before,
            column === 'hash' ? (value === before ? changed : before) : rows[row].hash,
          ],
        );
      await set(changed);
      const { faults } = await findingsIn(archive);
      await set(before);
      return faults.length > 0;
    });
    await fc.assert(property, { numRuns: 60 });
    t.strictSame((await findingsIn(archive)).faults, [], 'as it was before');
    const names = columns.join(', ');
    const values = columns.map((name) => (name === 'number' ? '-5' : name)).join(', ');
    await client.query(
      `INSERT INTO journal_lines (${names}) SELECT ${values} FROM journal_lines WHERE number = 2`,
    );
    const { faults } = await findingsIn(archive);
    t.ok(
      faults.some(({ fault, number }) => fault === 'mal_rangee' && number === 2),
      'a row before the first',
    );
  });
});

function flipped(value: string | null, where: number, by: number): string {
  if (value === null) return 'x';
  const at = Math.floor(where * value.length);
  return value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ by) + value.slice(at + 1);
}

t.test('the name of a chain tells its month, and sorts by its beginning', async (t) => {
  t.equal(chainNameOf(START_MS, '0000000a'), '20261126T100000000Z-0000000a');
});
