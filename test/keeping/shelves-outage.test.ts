import t, { type Test } from 'tap';
import {
  DOSSIER,
  deafFleet,
  type Keeper,
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

const WITHIN_MS = 8_000;

const { url } = await startRedis(t);
const redis = clientOf(t, url);
t.beforeEach(() => redis.flushall());

/** A process that hears nothing, and another; `restore` tells the first that it may have missed something. */
async function openDeaf(t: Test): Promise<{ deaf: Keeper; other: Keeper; restore(): void }> {
  const fleet = deafFleet();
  const deaf = await openKeeper(t, url, { fleetOver: () => fleet });
  const other = await openKeeper(t, url, { fleetOver: () => deafFleet() });
  await deaf.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  await keepText(deaf, 'one');
  return { deaf, other, restore: fleet.restore };
}

t.test('announcements that were missed cost nothing when none was about the company', async (t) => {
  const { deaf, other, restore } = await openDeaf(t);
  await other.shelves.write({ ...PIECE, siren: '130025265' }, keptFor({ n: 2 })).stored;
  const atOnce = () => {
    const kept = deaf.shelves.readRendition(SIREN, DOSSIER);
    return kept instanceof Promise ? null : kept;
  };
  t.ok(atOnce());
  restore();
  t.equal(atOnce(), null, 'it may not be right any more');
  t.same(await deaf.find(), [{ n: 1 }, 'process']);
  t.equal(await textKept(deaf), 'one');
  t.ok(atOnce(), 'it is');
  t.equal(deaf.levels.at(-1), 'process');
  t.notOk(deaf.shelves.read(PIECE) instanceof Promise, 'once it is sure, it answers at once again');
});

t.test('a change of which the announcement was missed is found once that is known', async (t) => {
  const { deaf, other, restore } = await openDeaf(t);
  await other.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  restore();
  t.equal(await textKept(deaf), null);
  t.same(await deaf.find(), [{ n: 2 }, 'store']);
});

t.test('what a process changed itself is no change that it missed', async (t) => {
  const { deaf, restore } = await openDeaf(t);
  await deaf.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  restore();
  t.same(await deaf.find(), [{ n: 2 }, 'process']);
});

t.test(
  'when Redis has lost everything, nothing in process is lost, and it is given back as it is read',
  async (t) => {
    const fleet = deafFleet();
    const writes: string[] = [];
    const reader = await openKeeper(t, url, {
      fleetOver: () => fleet,
      storeOver: (store) => ({
        ...store,
        write(piece) {
          writes.push(piece.field);
          return store.write(piece);
        },
      }),
    });
    const { deaf: first } = await openDeaf(t);
    await first.shelves.write(OTHER, keptFor({ n: 2 })).stored;
    for (const key of [PIECE, OTHER]) await reader.find(key);
    await redis.flushall();
    fleet.restore();
    for (let i = 0; i < 3; i++) {
      t.same(await reader.find(), [{ n: 1 }, 'process']);
      await reader.shelves.mark(SIREN).shelf.settled;
    }
    t.same(writes, [PIECE.field], 'once');
    const next = await openKeeper(t, url, { fleetOver: () => deafFleet() });
    t.same(await next.find(), [{ n: 1 }, 'store']);
    t.same(await next.find(OTHER), [null, 'none'], 'what was not read is not there yet');
  },
);

t.test('after a restart of Redis everything goes on, and is shared again', async (t) => {
  const server = await startRedis(t);
  const a = await openKeeper(t, server.url);
  const b = await openKeeper(t, server.url);
  await a.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  await keepText(a, 'one');
  await server.kill();
  await until(() => a.store?.isWell() === false, WITHIN_MS);
  t.same(await a.find(), [{ n: 1 }, 'process']);
  t.equal(await textKept(a), 'one');
  await server.restart();
  const read: unknown[] = [];
  await until(async () => {
    read.push((await a.find())[0]);
    return JSON.stringify((await b.find())[0]) === '{"n":1}';
  }, WITHIN_MS);
  t.ok(
    read.every((donnees) => JSON.stringify(donnees) === '{"n":1}'),
    'there all the time',
  );
  const next = await openKeeper(t, server.url);
  t.same(await next.find(), [{ n: 1 }, 'store']);
  await until(() => a.fleet.size() === 3 && b.fleet.size() === 3, WITHIN_MS);
  await a.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  await until(async () => JSON.stringify((await b.find())[0]) === '{"n":2}', WITHIN_MS);
});

t.test('a Redis that is away is a miss at once, never an error', async (t) => {
  const server = await startRedis(t);
  const keeper = await openKeeper(t, server.url);
  const { shelves } = keeper;
  await server.kill();
  await until(() => keeper.store?.isWell() === false, WITHIN_MS);
  const startedMs = performance.now();
  t.same(await keeper.find(), [null, 'none']);
  t.equal(await textKept(keeper), null);
  const mark = shelves.mark(SIREN);
  const { entry, stored } = shelves.write(PIECE, keptFor({ n: 1 }));
  await stored;
  await shelves.keepRendition(mark, DOSSIER, [entry], renditionOf('one'));
  t.ok(performance.now() - startedMs < 500, 'without waiting for it');
  t.same(await keeper.find(), [{ n: 1 }, 'process']);
  t.equal(await textKept(keeper), 'one');
});

t.test('a Redis that hangs is waited for once, then left alone', async (t) => {
  const server = await startRedis(t);
  const keeper = await openKeeper(t, server.url);
  await keeper.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  server.pause();
  const startedMs = performance.now();
  t.same(await keeper.find(OTHER), [null, 'none']);
  t.ok(performance.now() - startedMs < 2_000);
  await until(() => keeper.store?.isWell() === false, WITHIN_MS);
  const againMs = performance.now();
  for (let i = 0; i < 100; i++) await keeper.find(OTHER);
  t.ok(performance.now() - againMs < 500, 'a hundred misses at once');
  t.same(await keeper.find(), [{ n: 1 }, 'process']);
  server.resume();
});

t.test('what was written while Redis was away is not contradicted by what it still has', async (t) => {
  let isAway = false;
  const keeper = await openKeeper(t, url, {
    fleetOver: () => deafFleet(),
    storeOver: (store) => ({
      ...store,
      write: async (piece) => (isAway ? undefined : store.write(piece)),
      writeRendition: async (rendition) => (isAway ? undefined : store.writeRendition(rendition)),
    }),
  });
  await keeper.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  await keepText(keeper, 'old');
  isAway = true;
  await keeper.shelves.write(PIECE, keptFor({ n: 2 })).stored;
  isAway = false;
  t.equal(await textKept(keeper), null, 'the dossier that Redis has is older');
  t.same(await keeper.find(), [{ n: 2 }, 'process']);
  await keeper.shelves.mark(SIREN).shelf.settled;
  await keepText(keeper, 'new');
  const other = await openKeeper(t, url);
  t.same((await other.find())[0], { n: 2 });
  t.equal(await textKept(other), 'new');
});
