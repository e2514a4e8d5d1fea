import t, { type Test } from 'tap';
import type { Entry } from '../../src/keeping/entry.ts';
import {
  DOSSIER,
  type Keeper,
  type KeeperOptions,
  keepText,
  keptFor,
  OTHER,
  openKeeper,
  PIECE,
  renditionOf,
  SIREN,
  textKept,
} from '../helpers/keeper.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

const { url } = await startRedis(t);
const redis = clientOf(t, url);
t.beforeEach(() => redis.flushall());

/** Two processes on one Redis, each of which hears the other. */
async function openTwo(t: Test, options: KeeperOptions = {}): Promise<[Keeper, Keeper]> {
  const a = await openKeeper(t, url, options);
  const b = await openKeeper(t, url, options);
  await until(() => a.fleet.size() === 2 && b.fleet.size() === 2, 5_000);
  return [a, b];
}

/** How long something takes to hold, looked at without a pause. */
async function timeUntil(holds: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  await until(holds, 5_000);
  return performance.now() - startedMs;
}

t.test('what one process keeps, the other reads, and then has in process', async (t) => {
  const [a, b] = await openTwo(t, { keys: [KEY] });
  await a.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  t.same(await b.find(), [{ n: 1 }, 'store']);
  // What is read before its announcement is heard may be read once more.
  await until(async () => (await b.find())[1] === 'process', 5_000);
  t.same(await b.find(), [{ n: 1 }, 'process']);
  await keepText(a, 'one');
  t.equal(await textKept(b), 'one');
  t.equal(b.levels.at(-1), 'store');
  t.equal(await textKept(b), 'one');
  t.equal(b.levels.at(-1), 'process');
});

t.test('a piece that changes in one process has changed in the other within a second', async (t) => {
  const [a, b] = await openTwo(t, { keys: [KEY] });
  await a.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  for (let n = 2; n <= 5; n++) {
    t.same(await b.find(), [{ n: n - 1 }, n === 2 ? 'store' : b.levels.at(-1)]);
    await a.shelves.write(PIECE, keptFor({ n })).stored;
    const tookMs = await timeUntil(async () => JSON.stringify((await b.find())[0]) === `{"n":${n}}`);
    t.ok(tookMs < 1_000, `${Math.round(tookMs)} ms`);
  }
});

t.test('a dossier is dropped by both processes as soon as either writes one of its pieces', async (t) => {
  const [a, b] = await openTwo(t);
  const pairs: [Keeper, Keeper][] = [
    [a, b],
    [b, a],
  ];
  for (const [writer, reader] of pairs) {
    await writer.shelves.write(PIECE, keptFor({ n: 1 })).stored;
    await until(async () => {
      await keepText(writer, 'old');
      return (await textKept(reader)) === 'old' && reader.levels.at(-1) === 'process';
    }, 5_000);
    const { stored } = writer.shelves.write(OTHER, keptFor({ n: 1 }));
    t.equal(await textKept(writer), null);
    await stored;
    const tookMs = await timeUntil(async () => (await textKept(reader)) === null);
    t.ok(tookMs < 1_000, `${Math.round(tookMs)} ms`);
  }
});

t.test('a dossier of which another process changed a piece while it was made is not kept', async (t) => {
  const [a, b] = await openTwo(t);
  await a.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  const mark = a.shelves.mark(SIREN);
  const old = a.shelves.read(PIECE) as Entry;
  await b.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  await a.shelves.keepRendition(mark, DOSSIER, [old], renditionOf('old'));
  t.equal(await textKept(b), null, 'the store refuses it, whatever has been heard');
  await until(async () => JSON.stringify(await a.find()).includes('2'), 5_000);
  t.equal(await textKept(a), null, 'and it is forgotten by who made it');
});

t.test('a dossier is shared although its pieces were still on their way when it was made', async (t) => {
  const a = await openKeeper(t, url);
  const mark = a.shelves.mark(SIREN);
  const entries = [PIECE, OTHER].map((key) => a.shelves.write(key, keptFor({ n: 1 })).entry);
  await a.shelves.keepRendition(mark, DOSSIER, entries, renditionOf('one'));
  t.equal(await textKept(await openKeeper(t, url)), 'one');
});

t.test(
  'a dossier is not shared when a piece changes while the store is being told of the others',
  async (t) => {
    const gate = Promise.withResolvers<void>();
    const a = await openKeeper(t, url, {
      storeOver: (store) => ({
        ...store,
        async write(piece) {
          const before = await store.write(piece);
          await gate.promise;
          return before;
        },
      }),
    });
    const mark = a.shelves.mark(SIREN);
    const { entry } = a.shelves.write(PIECE, keptFor({ n: 1 }));
    const keeping = a.shelves.keepRendition(mark, DOSSIER, [entry], renditionOf('old'));
    const { stored } = a.shelves.write(PIECE, keptFor({ n: 2 }));
    // Once a reading has been answered, so have the writings before it.
    await a.store?.stampOf(SIREN);
    gate.resolve();
    await Promise.all([keeping, stored]);
    t.equal(await textKept(a), null);
    t.equal(await textKept(await openKeeper(t, url)), null);
  },
);

t.test('a process that has not heard of a change yet does not undo it', async (t) => {
  const deaf = await openKeeper(t, url, { fleetOver: (fleet) => ({ ...fleet, on() {}, onRestored() {} }) });
  const other = await openKeeper(t, url);
  await deaf.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  await keepText(deaf, 'old');
  await other.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  await deaf.shelves.write(OTHER, keptFor({ n: 3 })).stored;
  t.same((await deaf.find())[0], { n: 2 }, 'it learns of the change at the latest when it writes');
  t.equal(await textKept(deaf), null);
});

t.test('what is kept survives the process: the next one on the same Redis reads it', async (t) => {
  const first = await openKeeper(t, url, { keys: [KEY] });
  await first.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  await keepText(first, 'one');
  first.close();
  const next = await openKeeper(t, url, { keys: [KEY] });
  t.same(await next.find(), [{ n: 1 }, 'store']);
  t.equal(await textKept(next), 'one');
});

t.test('what came while an older text was on its way from Redis is not lost to it', async (t) => {
  const gate = Promise.withResolvers<void>();
  const before = await openKeeper(t, url);
  await before.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  const { shelves, find } = await openKeeper(t, url, {
    storeOver: (store) => ({
      ...store,
      async read(siren, field) {
        const text = await store.read(siren, field);
        await gate.promise;
        return text;
      },
    }),
  });
  const reading = find();
  await new Promise(setImmediate);
  await shelves.write(PIECE, keptFor({ n: 2 })).stored;
  gate.resolve();
  await reading;
  t.same((await find())[0], { n: 2 });
});
