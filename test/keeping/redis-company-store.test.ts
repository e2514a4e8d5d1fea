import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { createRedisLink } from '../../src/fleet/redis-link.ts';
import type { CompanyStore } from '../../src/keeping/company-store.ts';
import { createRedisCompanyStore } from '../../src/keeping/redis-company-store.ts';
import { createSeal, openSeal, type Seal } from '../../src/keeping/seal.ts';
import { openRedis } from '../../src/open-redis.ts';
import { dumpOf, keepText, keptFor, OTHER, openKeeper, PIECE, SIREN, textKept } from '../helpers/keeper.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const SEAL = createSeal(OLD);
const LIFE_MS = 3_600_000;

const { url } = await startRedis(t);
const redis = clientOf(t, url);
t.beforeEach(() => redis.flushall());

async function storeWith(t: Test, ...seals: [Seal, ...Seal[]]) {
  const opened = await openRedis([url], () => {});
  t.teardown(() => opened.disconnect());
  const failures: Error[] = [];
  const link = createRedisLink({ redis: opened, onFailure: (error) => void failures.push(error) });
  return { store: createRedisCompanyStore({ link, seals }), failures };
}

function write(store: CompanyStore, text: string, field: string = PIECE.field, stamp = `stamp of ${text}`) {
  return store.write({ siren: SIREN, field, text, lifeMs: LIFE_MS, stamp });
}

t.test('each piece gives its company the next stamp, and tells the one before', async (t) => {
  const { store } = await storeWith(t, SEAL);
  t.equal(await store.stampOf(SIREN), null);
  t.equal(await write(store, 'one'), null);
  t.equal(await write(store, 'two', OTHER.field), 'stamp of one');
  t.equal(await store.stampOf(SIREN), 'stamp of two');
  t.equal(await store.stampOf('130025265'), null, 'of that company only');
  t.equal(await store.read(SIREN, PIECE.field), 'one');
});

t.test('a dossier is read under the stamp that it was kept under, and no other', async (t) => {
  const { store } = await storeWith(t, SEAL);
  const bytes = randomBytes(100);
  const rendition = { siren: SIREN, field: 'dossier', bytes, lifeMs: LIFE_MS };
  t.equal(await store.writeRendition({ ...rendition, stamp: 'stamp of one' }), 0, 'nothing is kept of it');
  await write(store, 'one');
  t.equal(await store.writeRendition({ ...rendition, stamp: 'stamp of two' }), 0, 'a piece has changed');
  t.equal(await store.readRendition(SIREN, 'dossier'), null);
  t.equal(await store.writeRendition({ ...rendition, stamp: 'stamp of one' }), 1);
  t.same(await store.readRendition(SIREN, 'dossier'), bytes);
  await write(store, 'two', OTHER.field);
  t.equal(await store.readRendition(SIREN, 'dossier'), null);
});

t.test('what is kept lives in Redis as long as it may serve, and nothing for ever', async (t) => {
  const { store } = await storeWith(t, SEAL);
  await write(store, 'one');
  const bytes = Buffer.from('bytes');
  await store.writeRendition({
    siren: SIREN,
    field: 'dossier',
    bytes,
    lifeMs: 60_000,
    stamp: 'stamp of one',
  });
  const names = await redis.keys('*');
  const livesMs = await Promise.all(names.map((name) => redis.pttl(name)));
  livesMs.sort((a, b) => a - b);
  const expectedMs = [60_000, LIFE_MS, 40 * 86_400_000];
  for (const [i, lifeMs] of livesMs.entries()) {
    t.ok(lifeMs <= Number(expectedMs[i]) && lifeMs > Number(expectedMs[i]) - 30_000, `${lifeMs} ms`);
  }
});

t.test('a stolen Redis tells neither who nor what', async (t) => {
  const keeper = await openKeeper(t, url, { keys: [OLD.toString('base64')] });
  const donnees = { denomination: 'ATELIER DES QUAIS', siret: '55203253400646' };
  await keeper.shelves.write(PIECE, keptFor(donnees)).stored;
  await keeper.shelves.write(OTHER, keptFor({ lignes: Array.from({ length: 500 }, () => donnees) })).stored;
  await keepText(keeper, JSON.stringify(donnees));
  const dump = await dumpOf(t, url);
  t.equal(
    [...dump.keys()].filter((key) => key.startsWith('dlnuf:{')).length,
    4,
    'two pieces, a dossier, a stamp',
  );
  const all = [...dump].flat().join('\n');
  for (const secret of [
    SIREN,
    '55203253400646',
    'msa_conformite',
    'douanes',
    'socle',
    'ATELIER',
    'denomination',
    'obtenu',
  ]) {
    t.notMatch(all, secret);
  }
});

t.test('a value altered, or moved under another name, does not open', async (t) => {
  const { store, failures } = await storeWith(t, SEAL);
  await write(store, 'one');
  const [name = ''] = (await redis.keys('*')).filter((key) => !key.endsWith(':stamp'));
  const sealed = (await redis.getBuffer(name)) as Buffer;
  const flipped = Buffer.from(sealed);
  flipped[20] = (flipped[20] as number) ^ 1;
  for (const bytes of [flipped, sealed.subarray(0, 10), Buffer.from('{"n":1}'), Buffer.alloc(0)]) {
    await redis.set(name, bytes);
    t.equal(await store.read(SIREN, PIECE.field), null, bytes.subarray(0, 8).toString('hex'));
  }
  await redis.set(name, sealed);
  t.equal(await store.read(SIREN, PIECE.field), 'one', 'the genuine one does');
  await write(store, 'two', OTHER.field);
  const [moved = ''] = (await redis.keys('*')).filter((key) => !key.endsWith(':stamp') && key !== name);
  await redis.copy(name, moved, 'REPLACE');
  t.equal(await store.read(SIREN, OTHER.field), null);
  t.same(failures, [], 'Redis is not to blame');
});

t.test('a text or a dossier that is not ours is a miss, without an error', async (t) => {
  const keeper = await openKeeper(t, url);
  const { store } = await storeWith(t, openSeal);
  for (const text of [
    '',
    '{"outcome":{"statut":"obtenu"}',
    '{"outcome":{"statut":"coupable"},"freshUntilMs":1}',
  ]) {
    await write(store, text);
    t.same(await keeper.find(), [null, 'none'], text);
  }
  const bytes = Buffer.from('not a dossier');
  const stamp = (await store.stampOf(SIREN)) as string;
  await store.writeRendition({ siren: SIREN, field: 'dossier', bytes, lifeMs: LIFE_MS, stamp });
  t.ok(await store.readRendition(SIREN, 'dossier'));
  t.equal(await textKept(keeper, 'dossier'), null);
});

t.test('a wrong type under one of our names fails that command only', async (t) => {
  const { store, failures } = await storeWith(t, openSeal);
  await write(store, 'one');
  const [name = ''] = (await redis.keys('*')).filter((key) => !key.endsWith(':stamp'));
  await redis.del(name);
  await redis.lpush(name, 'x');
  t.equal(await store.read(SIREN, PIECE.field), undefined, 'as if the store were away');
  t.equal(failures.length, 1);
  t.equal(await store.stampOf(SIREN), 'stamp of one');
});

t.test(
  'after a change of key, what was kept under the former one is read, and no more written',
  async (t) => {
    const before = (await storeWith(t, SEAL)).store;
    await write(before, 'one');
    const both = (await storeWith(t, createSeal(NEW, [OLD]), SEAL)).store;
    t.equal(await both.read(SIREN, PIECE.field), 'one');
    await write(both, 'two', OTHER.field);
    const after = (await storeWith(t, createSeal(NEW))).store;
    t.equal(await after.read(SIREN, OTHER.field), 'two');
    t.equal(await after.read(SIREN, PIECE.field), null, 'to who has the new key only, the former is a miss');
    t.equal(await before.read(SIREN, OTHER.field), null);
    await write(both, 'three');
    t.equal(await both.read(SIREN, PIECE.field), 'three', 'the new one first');
    t.equal(await after.read(SIREN, PIECE.field), 'three');
  },
);

t.test('the keys of the configuration are tried in their order', async (t) => {
  const [old, next] = [OLD.toString('base64'), NEW.toString('base64')];
  const before = await openKeeper(t, url, { keys: [old] });
  await before.shelves.write(PIECE, keptFor({ n: 1 })).stored;
  const both = await openKeeper(t, url, { keys: [next, old] });
  t.same(await both.find(), [{ n: 1 }, 'store']);
  await both.shelves.write(OTHER, keptFor({ n: 2 })).stored;
  const after = await openKeeper(t, url, { keys: [next] });
  t.same(await after.find(), [null, 'none']);
  t.same(await after.find(OTHER), [{ n: 2 }, 'store']);
});
