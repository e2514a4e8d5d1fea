import t, { type Test } from 'tap';
import { alone } from '../../src/fleet/fleet.ts';
import type { Entry } from '../../src/keeping/entry.ts';
import {
  DOSSIER,
  donneesOf,
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

const KEY = Buffer.alloc(32, 7).toString('base64');
const ELSEWHERE = { siren: '130025265', field: PIECE.field };

const { url } = await startRedis(t);
const redis = clientOf(t, url);

/** On an empty Redis, without other processes: they could only delay it. */
async function overRedis(t: Test, options: KeeperOptions = {}): Promise<Keeper> {
  await redis.flushall();
  return openKeeper(t, url, { fleetOver: () => alone, ...options });
}

const levels: [string, (t: Test, options?: KeeperOptions) => Promise<Keeper>][] = [
  ['in memory alone', (t, options) => openKeeper(t, null, options)],
  ['over Redis', overRedis],
  ['over Redis, sealed', (t, options) => overRedis(t, { ...options, keys: [KEY] })],
];

for (const [where, open] of levels) {
  t.test(`${where}: what is kept comes back as it was, at once`, async (t) => {
    const { shelves } = await open(t);
    const kept = keptFor({ situation: 'a_jour', accents: 'Œuvre à Béziers', liste: [1, null] });
    const { entry, stored } = shelves.write(PIECE, kept);
    t.equal(shelves.read(PIECE), entry, 'no promise');
    await stored;
    const read = shelves.read(PIECE) as Entry;
    t.strictSame(donneesOf(read), { situation: 'a_jour', accents: 'Œuvre à Béziers', liste: [1, null] });
    t.match(read, { freshUntilMs: kept.freshUntilMs, staleUntilMs: kept.staleUntilMs });
  });

  t.test(`${where}: what was never kept is a miss, whatever else is kept`, async (t) => {
    const { shelves, find } = await open(t);
    t.same(await find(), [null, 'none']);
    await shelves.write(PIECE, keptFor({ n: 1 })).stored;
    t.same(await find(OTHER), [null, 'none'], 'another question');
    t.same(await find(ELSEWHERE), [null, 'none'], 'another company');
    t.equal(await textKept({ shelves }), null);
  });

  t.test(`${where}: the last written wins`, async (t) => {
    const { shelves, find } = await open(t);
    shelves.write(PIECE, keptFor({ n: 1 }));
    await shelves.write(PIECE, keptFor({ n: 2 })).stored;
    t.same(await find(), [{ n: 2 }, 'process']);
  });

  t.test(
    `${where}: what is no longer fresh is kept as long as it may serve, then it is a miss`,
    async (t) => {
      let passedMs = 0;
      const { shelves, find } = await open(t, { now: () => Date.now() + passedMs });
      await shelves.write(PIECE, keptFor({ n: 1 }, 3600)).stored;
      passedMs = 7_100_000;
      t.same((await find())[0], { n: 1 });
      passedMs = 7_200_000;
      t.equal((await find())[0], null);
      await shelves.write(OTHER, keptFor({ n: 1 }, -1)).stored;
      t.equal((await find(OTHER))[0], null, 'what is over already');
    },
  );

  t.test(
    `${where}: a process holds no more bytes than it may: what was not used for longest goes first`,
    async (t) => {
      const { shelves, levels } = await open(t, { maxBytes: 30_000 });
      const [a, b, c] = ['a', 'b', 'c'].map((field) => ({ siren: SIREN, field })) as [
        typeof PIECE,
        typeof PIECE,
        typeof PIECE,
      ];
      const large = keptFor('x'.repeat(5_000));
      for (const key of [a, b]) await shelves.write(key, large).stored;
      await shelves.read(a);
      await shelves.write(c, large).stored;
      const isInProcess = (key: typeof PIECE) =>
        !(shelves.read(key) instanceof Promise) && levels.at(-1) === 'process';
      t.same([isInProcess(a), isInProcess(c), isInProcess(b)], [true, true, false]);
      await shelves.read(b);
      await shelves.write(b, keptFor('x'.repeat(40_000))).stored;
      t.notOk(isInProcess(b), 'what is larger than the whole is not held');
    },
  );

  t.test(`${where}: a process that may hold nothing keeps nothing to itself`, async (t) => {
    const { shelves, store, find } = await open(t, { maxBytes: 0 });
    await shelves.write(PIECE, keptFor({ n: 1 })).stored;
    for (let i = 0; i < 2; i++) t.same(await find(), store ? [{ n: 1 }, 'store'] : [null, 'none']);
  });

  t.test(
    `${where}: a dossier comes back as the bytes that were kept, at once, as long as it is fresh`,
    async (t) => {
      let passedMs = 0;
      const { shelves } = await open(t, { now: () => Date.now() + passedMs });
      await shelves.write(PIECE, keptFor({ n: 1 })).stored;
      const rendition = renditionOf('one', 3600);
      await shelves.keepRendition(shelves.mark(SIREN), DOSSIER, [shelves.read(PIECE) as Entry], rendition);
      t.equal(shelves.readRendition(SIREN, DOSSIER), rendition, 'the same object, no promise');
      t.equal(await shelves.readRendition(SIREN, 'another usage'), null);
      t.equal(await shelves.readRendition('130025265', DOSSIER), null);
      passedMs = 3_600_000;
      t.equal(await textKept({ shelves }), null);
    },
  );

  t.test(`${where}: a dossier is dropped as soon as one of its pieces is written`, async (t) => {
    const keeper = await open(t);
    const { shelves } = keeper;
    await shelves.write(PIECE, keptFor({ n: 1 })).stored;
    await keepText(keeper, 'one');
    t.equal(await textKept(keeper), 'one');
    await shelves.write(ELSEWHERE, keptFor({ n: 1 })).stored;
    t.equal(await textKept(keeper), 'one', 'not by those of another company');
    const { stored } = shelves.write(PIECE, keptFor({ n: 2 }));
    t.equal(await textKept(keeper), null, 'before the store has it');
    await stored;
    t.equal(await textKept(keeper), null, 'and after');
  });

  t.test(`${where}: a dossier made of pieces read and written since the mark is kept`, async (t) => {
    const keeper = await open(t);
    const { shelves } = keeper;
    await shelves.write(PIECE, keptFor({ n: 1 })).stored;
    const mark = shelves.mark(SIREN);
    const read = shelves.read(PIECE) as Entry;
    const written = shelves.write(OTHER, keptFor({ n: 2 })).entry;
    await shelves.keepRendition(mark, DOSSIER, [read, written], renditionOf('both'));
    t.equal(await textKept(keeper), 'both');
  });

  t.test(`${where}: a dossier of which a piece changed while it was made is not kept`, async (t) => {
    const keeper = await open(t);
    const { shelves } = keeper;
    await shelves.write(PIECE, keptFor({ n: 1 })).stored;
    const mark = shelves.mark(SIREN);
    const old = shelves.read(PIECE) as Entry;
    await shelves.write(PIECE, keptFor({ n: 2 })).stored;
    await shelves.keepRendition(mark, DOSSIER, [old], renditionOf('old'));
    t.equal(await textKept(keeper), null, 'a piece that was read');
    const again = shelves.mark(SIREN);
    const first = shelves.write(PIECE, keptFor({ n: 3 })).entry;
    shelves.write(PIECE, keptFor({ n: 4 }));
    await shelves.keepRendition(again, DOSSIER, [first], renditionOf('old'));
    t.equal(await textKept(keeper), null, 'a piece that was written');
    const last = shelves.mark(SIREN);
    const keeping = shelves.keepRendition(last, DOSSIER, [shelves.read(PIECE) as Entry], renditionOf('old'));
    shelves.write(PIECE, keptFor({ n: 5 }));
    await keeping;
    t.equal(await textKept(keeper), null, 'while it was being kept');
  });

  t.test(
    `${where}: a company asked about again and again leaves nothing behind but its pieces`,
    async (t) => {
      const { shelves } = await open(t);
      for (let n = 0; n < 200; n++) await shelves.write(PIECE, keptFor({ n })).stored;
      const left = JSON.stringify(await shelves.mark(SIREN).shelf.settled) ?? '';
      t.ok(left.length < 200, `${left.length} characters`);
    },
  );
}
