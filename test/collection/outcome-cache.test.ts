import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createMemoryOutcomeCache } from '../../src/collection/memory-outcome-cache.ts';
import type { Kept, OutcomeCache } from '../../src/collection/outcome-cache.ts';
import { createRedisOutcomeCache } from '../../src/collection/redis-outcome-cache.ts';
import { createSeal, openSeal, type Seal } from '../../src/collection/seal.ts';
import { openRedis } from '../../src/open-redis.ts';
import { fact } from '../helpers/app.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

const kept = (donnees: unknown, seconds = 3600): Kept => ({
  fact: fact('obtenu', donnees),
  freshUntilMs: Date.now() + seconds * 1000,
});
const KEY = 'msa_conformite_cotisations abc /v3/msa/etablissements/55203253400646';

async function redisCache(t: Test, url: string, seal: Seal, failures: Error[] = []): Promise<OutcomeCache> {
  const redis = await openRedis([url], () => {});
  t.teardown(() => redis.disconnect());
  return createRedisOutcomeCache({
    redis,
    seal,
    now: Date.now,
    onFailure: (error) => void failures.push(error),
  });
}

const SEAL = createSeal(randomBytes(32));

const adapters: [string, (t: Test) => Promise<OutcomeCache>][] = [
  ['memory', async () => createMemoryOutcomeCache({ maxBytes: 100_000, now: Date.now })],
  ['Redis', async (t) => redisCache(t, (await startRedis(t)).url, openSeal)],
  ['Redis, sealed', async (t) => redisCache(t, (await startRedis(t)).url, SEAL)],
];

for (const [name, open] of adapters) {
  t.test(`${name}: gives back what was kept, as it was`, async (t) => {
    const cache = await open(t);
    const entry = kept({ situation: 'a_jour', accents: 'Œuvre à Béziers', liste: [1, null] });
    await cache.write(KEY, entry);
    t.strictSame(await cache.read(KEY), entry);
  });

  t.test(`${name}: what was never kept, or is no longer fresh, is a miss`, async (t) => {
    const cache = await open(t);
    t.equal(await cache.read(KEY), null);
    await cache.write(KEY, kept({}, -1));
    t.equal(await cache.read(KEY), null);
  });

  t.test(`${name}: the last written wins`, async (t) => {
    const cache = await open(t);
    await cache.write(KEY, kept({ n: 1 }));
    await cache.write(KEY, kept({ n: 2 }));
    t.match(await cache.read(KEY), { fact: { donnees: { n: 2 } } });
  });
}

t.test('memory is bounded in bytes: what was not used for longest goes first', async (t) => {
  const cache = createMemoryOutcomeCache({ maxBytes: 50_000, now: Date.now });
  const big = 'x'.repeat(10_000);
  for (let i = 0; i < 10; i++) await cache.write(`key ${i}`, kept(big));
  t.equal(await cache.read('key 0'), null);
  t.ok(await cache.read('key 9'));
});

t.test(
  'what was read of late outlives what was not; what is larger than the bound is not kept',
  async (t) => {
    const entry = kept('x'.repeat(1_000));
    const cache = createMemoryOutcomeCache({ maxBytes: 3_000, now: Date.now });
    const present = async (key: string) => (await cache.read(key)) !== null;
    await cache.write('a', entry);
    await cache.write('b', entry);
    await cache.read('a');
    await cache.write('c', entry);
    t.same([await present('a'), await present('b'), await present('c')], [true, false, true]);
    await cache.write('d', kept('x'.repeat(10_000)));
    t.same([await present('a'), await present('c'), await present('d')], [true, true, false]);
  },
);

t.test('time passing makes a miss of what memory keeps', async (t) => {
  let nowMs = Date.now();
  const cache = createMemoryOutcomeCache({ maxBytes: 100_000, now: () => nowMs });
  const entry = kept({});
  await cache.write(KEY, entry);
  nowMs = entry.freshUntilMs - 1;
  t.same(await cache.read(KEY), entry);
  nowMs = entry.freshUntilMs;
  t.equal(await cache.read(KEY), null);
});

t.test('in Redis an entry lives as long as it is fresh', async (t) => {
  const { url } = await startRedis(t);
  const failures: Error[] = [];
  const cache = await redisCache(t, url, SEAL, failures);
  await cache.write(KEY, kept({}, 100));
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const [name = ''] = await redis.keys('*');
  const lifeMs = await redis.pttl(name);
  t.ok(lifeMs > 90_000 && lifeMs <= 100_000, `${lifeMs} ms`);
  await cache.write('stale', kept({}, -1));
  t.equal(await redis.dbsize(), 1, 'what is stale already is not written');
  t.same(failures, []);
});

t.test('a stolen Redis tells neither who nor what', async (t) => {
  const { url } = await startRedis(t);
  const cache = await redisCache(t, url, SEAL);
  await cache.write(KEY, kept({ denomination: 'ATELIER DES QUAIS' }));
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const [name = ''] = await redis.keys('*');
  const all = `${name} ${(await redis.getBuffer(name))?.toString('latin1')}`;
  for (const secret of ['552032534', 'msa', 'ATELIER', 'obtenu']) t.notMatch(all, secret);
});

t.test('altered, moved, foreign or unreadable entries are misses', async (t) => {
  const { url } = await startRedis(t);
  const cache = await redisCache(t, url, SEAL);
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  await cache.write(KEY, kept({ n: 1 }));
  const [name = ''] = await redis.keys('*');
  const sealed = (await redis.getBuffer(name)) as Buffer;
  const put = async (bytes: Buffer) => redis.set(name, bytes);
  const flipped = Buffer.from(sealed);
  flipped[20] = (flipped[20] as number) ^ 1;
  for (const bytes of [flipped, sealed.subarray(0, 10), Buffer.from('{"n":1}'), Buffer.alloc(0)]) {
    await put(bytes);
    t.equal(await cache.read(KEY), null);
  }
  await put(sealed);
  t.ok(await cache.read(KEY), 'the genuine one opens');
  await redis.rename(name, `dlnuf:${SEAL.nameOf('another')}`);
  t.equal(await cache.read('another'), null, 'under another name it does not');
  const other = await redisCache(t, url, createSeal(randomBytes(32)));
  t.equal(await other.read(KEY), null);
  const failures: Error[] = [];
  const open = await redisCache(t, url, openSeal, failures);
  await redis.set(`dlnuf:${openSeal.nameOf(KEY)}`, '{"fact":{"statut":"obtenu"}');
  t.equal(await open.read(KEY), null, 'broken JSON');
  await redis.set(`dlnuf:${openSeal.nameOf(KEY)}`, '{"fact":{"statut":"coupable"},"freshUntilMs":1}');
  t.equal(await open.read(KEY), null, 'a shape that is not ours');
  t.same(failures, [], 'Redis is not to blame, and nothing of the entry reaches a log');
});

t.test(
  'a Redis that is paused, then killed, is a miss at once and a warning; it serves again when it is back',
  async (t) => {
    const server = await startRedis(t);
    const failures: Error[] = [];
    const cache = await redisCache(t, server.url, SEAL, failures);
    const quick = async (work: Promise<unknown>) => {
      const startedMs = performance.now();
      const result = await work;
      t.ok(performance.now() - startedMs < 1_000, 'without waiting for it');
      return result;
    };
    await cache.write(KEY, kept({ n: 1 }));
    server.pause();
    t.equal(await quick(cache.read(KEY)), null);
    await quick(cache.write(KEY, kept({ n: 2 })));
    t.equal(failures.length, 2);
    server.resume();
    await until(
      async () => (await cache.read(KEY)) !== null,
      5_000,
      () => 'it does not serve again after the pause',
    );
    const beforeTheKill = failures.length;
    await server.kill();
    await new Promise(setImmediate);
    t.equal(await quick(cache.read(KEY)), null);
    await quick(cache.write(KEY, kept({})));
    const messages = failures.slice(beforeTheKill).map(({ message }) => message);
    t.equal(messages.length, 2);
    t.notOk(messages.includes('Command timed out'), 'nothing queues for a Redis known to be gone');
    await server.restart();
    await until(
      async () => {
        await cache.write(KEY, kept({ n: 3 }));
        return (await cache.read(KEY)) !== null;
      },
      10_000,
      () => 'it does not serve again after the restart',
    );
  },
);
