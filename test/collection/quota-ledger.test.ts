import t, { type Test } from 'tap';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import type { Lane, Place, QuotaLedger } from '../../src/collection/quota-ledger.ts';
import { createRedisQuotaLedger } from '../../src/collection/redis-quota-ledger.ts';
import { alone, type Fleet } from '../../src/fleet/fleet.ts';
import { createRedisFleet } from '../../src/fleet/redis-fleet.ts';
import { createRedisLink, type RedisLink } from '../../src/fleet/redis-link.ts';
import { openRedis, openSubscriber } from '../../src/open-redis.ts';
import type { Quota } from '../../src/sources/source.ts';
import { startRedisCluster } from '../helpers/redis-cluster.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

/** Any minute will do. */
const NOW = 29_000_000;
const FIVE: Quota = 'attestation_fiscale';
const DIGEST = 'Zm9yIHRoZSB0ZXN0';
const WITHIN_MS = 5_000;

async function linkTo(t: Test, urls: string[]): Promise<RedisLink> {
  const redis = await openRedis(urls, () => {});
  t.teardown(() => redis.disconnect());
  return createRedisLink({ redis, onFailure() {} });
}

async function redisLedger(t: Test, urls: string[], fleet: Fleet = alone): Promise<QuotaLedger> {
  return createRedisQuotaLedger({ link: await linkTo(t, urls), fleet, digest: DIGEST });
}

/** A gateway process as its ledger sees it: one that hears the others. */
async function peer(t: Test, url: string) {
  const link = await linkTo(t, [url]);
  const subscriber = openSubscriber([url], () => {});
  const fleet = createRedisFleet({ link, subscriber, now: Date.now });
  t.teardown(() => {
    fleet.close();
    subscriber.disconnect();
  });
  return { link, fleet, ledger: createRedisQuotaLedger({ link, fleet, digest: DIGEST }) };
}

interface Wish {
  bucket?: Quota;
  lane?: Lane;
  now?: number;
  /** Near a border. */
  or?: number;
  furthest?: number;
}

async function reserve(ledger: QuotaLedger, wish: Wish = {}): Promise<Place | null> {
  const { bucket = FIVE, lane = 'waiting', now = NOW, or = now, furthest = now + 20 } = wish;
  return ledger.reserve({ bucket, lane, windows: { first: now, last: or }, furthest });
}

/** The first window of each place, null for none. */
async function reserveMany(ledger: QuotaLedger, count: number, wish: Wish = {}): Promise<(number | null)[]> {
  const places: (number | null)[] = [];
  for (let call = 1; call <= count; call++) {
    const place = await reserve(ledger, wish);
    places.push(place && place.first - NOW);
  }
  return places;
}

/** What is learnt is known once Redis, if there is one, has said so. */
async function learn(ledger: QuotaLedger, lesson: Parameters<QuotaLedger['learn']>[1], bucket = FIVE) {
  await ledger.learn(bucket, lesson);
}

const countOf = (ledger: QuotaLedger, window = NOW) => ledger.known(FIVE).counts.get(window) ?? 0;

const adapters: [string, (t: Test) => Promise<QuotaLedger>][] = [
  ['memory', async () => createMemoryQuotaLedger()],
  ['Redis', async (t) => redisLedger(t, [(await startRedis(t)).url])],
  ['Redis Cluster', async (t) => redisLedger(t, (await startRedisCluster(t)).urls)],
];

for (const [name, open] of adapters) {
  t.test(`${name}: keeps the count of each bucket`, async (t) => {
    const ledger = await open(t);

    await t.test('the sixth call in a bucket of five has its place in the next minute', async (t) => {
      t.same(await reserveMany(ledger, 11), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);
      t.match(await reserve(ledger), { first: NOW + 2, last: NOW + 2, rank: 2 });
      t.equal(countOf(ledger), 5);
      t.equal(countOf(ledger, NOW + 2), 2);
    });

    await t.test('buckets are apart', async (t) => {
      t.same(await reserveMany(ledger, 1, { bucket: 'cibtp' }), [0]);
    });

    await t.test('near a border a call is counted on both sides, and needs room on both', async (t) => {
      const later = { now: NOW + 10, or: NOW + 11 };
      await reserveMany(ledger, 4, { now: NOW + 11 });
      t.match(await reserve(ledger, later), { first: NOW + 10, last: NOW + 11, rank: 5 });
      t.equal(countOf(ledger, NOW + 10), 1);
      t.match(await reserve(ledger, later), { first: NOW + 12, last: NOW + 12 });
      t.equal(countOf(ledger, NOW + 10), 1, 'what has no room on one side is not counted on the other');
    });

    await t.test('nothing is counted where there is no room until the furthest window', async (t) => {
      const wish = { now: NOW + 30, furthest: NOW + 31 };
      t.same(await reserveMany(ledger, 12, wish), [...Array(5).fill(30), ...Array(5).fill(31), null, null]);
      t.equal(countOf(ledger, NOW + 32), 0);
    });

    await t.test('a place given back is free again', async (t) => {
      const now = NOW + 50;
      await reserveMany(ledger, 7, { now });
      await ledger.release(FIVE, { first: now + 1, last: now + 1, rank: 2 });
      t.equal(countOf(ledger, now + 1), 1);
      await ledger.release(FIVE, { first: now + 3, last: now + 3, rank: 1 });
      t.equal(countOf(ledger, now + 3), 0, 'never less than none');
    });

    await t.test('the background fills six tenths of a window, whoever filled them, and waits', async (t) => {
      const wish = { now: NOW + 60, lane: 'background' as const };
      t.same(await reserveMany(ledger, 4, wish), [60, 60, 60, 61]);
      t.same(await reserveMany(ledger, 3, { now: NOW + 60 }), [60, 60, 61], 'the rest is for those who wait');
      t.same(await reserveMany(ledger, 2, wish), [61, 62]);
    });

    await t.test('a limit that is raised, or lowered, holds at once', async (t) => {
      const now = NOW + 90;
      const changed: Quota[] = [];
      ledger.onChanged((bucket) => changed.push(bucket));
      await reserveMany(ledger, 6, { now });
      await learn(ledger, { limit: 7 });
      t.equal(ledger.known(FIVE).limit, 7);
      t.same(await reserveMany(ledger, 3, { now }), [90, 90, 91]);
      await learn(ledger, { limit: 2 });
      t.same(await reserveMany(ledger, 3, { now }), [92, 92, 93]);
      t.same(changed, [FIVE, FIVE]);
      t.equal((await reserve(ledger, { bucket: 'cibtp', now }))?.first, now, 'of that bucket only');
    });

    await t.test('one call is always allowed in the background, however low the limit', async (t) => {
      await learn(ledger, { limit: 1 });
      t.same(await reserveMany(ledger, 2, { now: NOW + 120, lane: 'background' }), [120, 121]);
      await learn(ledger, { limit: 5 });
    });

    await t.test(
      'what the hub counted beyond what is known is counted, with what is in flight',
      async (t) => {
        const now = NOW + 140;
        await reserveMany(ledger, 2, { now });
        await learn(ledger, { usage: { window: now, used: 2, inFlight: 1 } });
        t.equal(countOf(ledger, now), 2, 'nothing new');
        await learn(ledger, { usage: { window: now, used: 3, inFlight: 1 } });
        t.equal(countOf(ledger, now), 4);
        await learn(ledger, { usage: { window: now, used: 1, inFlight: 0 } });
        t.equal(countOf(ledger, now), 4, 'it is never lowered');
        t.same(await reserveMany(ledger, 2, { now }), [140, 141]);
      },
    );

    await t.test('after a refusal there is no place before the window that the hub named', async (t) => {
      const now = NOW + 160;
      await learn(ledger, { open: now + 2 });
      t.same(await reserveMany(ledger, 2, { now }), [162, 162]);
      await learn(ledger, { open: now + 1 });
      t.equal(ledger.known(FIVE).open, now + 2, 'an earlier word does not open it');
      t.same(await reserveMany(ledger, 1, { now: now + 2 }), [162]);
    });

    await t.test('minutes that are over are forgotten', async (t) => {
      await reserve(ledger, { now: NOW + 200 });
      await reserve(ledger, { now: NOW + 300 });
      t.equal(countOf(ledger, NOW + 200), 0);
      t.ok(ledger.known(FIVE).counts.size <= 2);
    });
  });
}

t.test('processes that share a Redis never have more places than one limit', async (t) => {
  const { url } = await startRedis(t);
  const ledgers = await Promise.all([1, 2, 3].map(() => redisLedger(t, [url])));
  const places = await Promise.all(
    Array.from({ length: 30 }, (_, call) => reserve(ledgers[call % 3] as QuotaLedger)),
  );
  const windows = places.map((place) => (place?.first ?? 0) - NOW).sort();
  t.same(
    windows,
    [0, 1, 2, 3, 4, 5].flatMap((window) => Array(5).fill(window)),
  );
});

t.test('calls that come together are reserved together, in their order', async (t) => {
  const { url } = await startRedis(t);
  const ledger = await redisLedger(t, [url]);
  const lanes: Lane[] = [
    'background',
    'background',
    'background',
    'background',
    'waiting',
    'waiting',
    'waiting',
  ];
  const places = await Promise.all(lanes.map((lane) => reserve(ledger, { lane })));
  t.same(
    places.map((place) => place && place.first - NOW),
    [0, 0, 0, 1, 0, 0, 1],
  );
  const stats = await clientOf(t, url).info('commandstats');
  t.match(stats, /cmdstat_eval:calls=1,/);
  t.notMatch(stats, /cmdstat_evalsha/);
});

t.test('in Redis a bucket is one key that tells nothing of who asks, and ends by itself', async (t) => {
  const { url } = await startRedis(t);
  const ledger = await redisLedger(t, [url]);
  await reserve(ledger);
  await learn(ledger, { limit: 9, open: NOW + 1 });
  await reserve(ledger, { now: NOW + 100, or: NOW + 101 });
  const redis = clientOf(t, url);
  t.same(await redis.keys('*'), [`dlnuf:quota:{${DIGEST}:${FIVE}}`]);
  const [key = ''] = await redis.keys('*');
  t.same(await redis.hgetall(key), {
    limit: '9',
    open: String(NOW + 1),
    [NOW + 100]: '1',
    [NOW + 101]: '1',
  });
  const lifeMs = await redis.pttl(key);
  t.ok(lifeMs > 86_400_000 && lifeMs <= 90_000_000, `${lifeMs} ms`);
});

t.test('a limit, a refusal and foreign calls that one process hears of hold for all', async (t) => {
  const { url } = await startRedis(t);
  const { ledger: one } = await peer(t, url);
  const { ledger: other, fleet } = await peer(t, url);
  await until(() => fleet.size() === 2, WITHIN_MS);
  const changed: Quota[] = [];
  other.onChanged((bucket) => changed.push(bucket));
  await learn(one, { limit: 7 });
  await until(() => other.known(FIVE).limit === 7, WITHIN_MS);
  t.same(changed, [FIVE], 'those who wait there are told');
  await learn(one, { open: NOW + 1 });
  await until(() => other.known(FIVE).open === NOW + 1, WITHIN_MS);
  await learn(one, { usage: { window: NOW + 1, used: 6, inFlight: 0 } });
  t.same(await reserveMany(other, 2), [1, 2]);
});

t.test('without Redis each process goes on from what it knows, with its share of what is left', async (t) => {
  const server = await startRedis(t);
  const threeStrong: Fleet = { ...alone, size: () => 3 };
  const ledger = await redisLedger(t, [server.url], threeStrong);
  const other = await redisLedger(t, [server.url], threeStrong);
  const wish = { bucket: 'extrait_rne' as const };
  await reserveMany(other, 5, wish);
  await reserveMany(ledger, 1, wish);
  await server.kill();
  t.same(
    await reserveMany(ledger, 4, wish),
    [0, 0, 0, 1],
    'of fifteen six are made: a third of nine is left',
  );
  t.same(await reserveMany(ledger, 5, { ...wish, now: NOW + 1 }), [1, 1, 1, 1, 2], 'then a third of fifteen');
  t.same(await reserveMany(ledger, 2, { now: NOW + 1 }), [1, 2], 'of five one, and never none');
});

t.test('without Redis, of more processes than there are calls only the first make one', async (t) => {
  const server = await startRedis(t);
  const ledgers = await Promise.all(
    Array.from({ length: 8 }, (_, rank) =>
      redisLedger(t, [server.url], { ...alone, size: () => 8, rank: () => rank }),
    ),
  );
  await Promise.all(ledgers.map((ledger) => reserve(ledger, { now: NOW - 1 })));
  await server.kill();
  const places = await Promise.all(ledgers.map((ledger) => reserve(ledger, { furthest: NOW })));
  t.equal(places.filter((place) => place?.first === NOW).length, 5);
});

t.test('a Redis that has lost a bucket, and nothing else, is told it again before it counts', async (t) => {
  const { url } = await startRedis(t);
  const redis = clientOf(t, url);
  const ledger = await redisLedger(t, [url]);
  t.same(await reserveMany(ledger, 4), [0, 0, 0, 0]);
  await redis.del(`dlnuf:quota:{${DIGEST}:${FIVE}}`);
  t.same(await reserveMany(ledger, 2), [0, 1], 'evicted');
  await redis.flushall();
  t.same(await reserveMany(ledger, 2, { now: NOW + 1 }), [1, 1], 'emptied');
  t.equal(countOf(ledger), 5);
});

t.test('a Redis that hangs is waited for once, and nothing is counted less for it', async (t) => {
  const server = await startRedis(t);
  const ledger = await redisLedger(t, [server.url]);
  await reserveMany(ledger, 3);
  server.pause();
  const startedMs = performance.now();
  t.same(await reserveMany(ledger, 20), [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4]);
  t.ok(performance.now() - startedMs < 2_000);
  server.resume();
});

t.test(
  'with a Redis that is full each process goes on, and it counts when there is room again',
  async (t) => {
    const { url } = await startRedis(t);
    const redis = clientOf(t, url);
    const ledger = await redisLedger(t, [url]);
    await reserveMany(ledger, 2);
    await redis.config('SET', 'maxmemory', '1');
    t.same(await reserveMany(ledger, 2), [0, 0]);
    await redis.config('SET', 'maxmemory', '0');
    t.same(await reserveMany(await redisLedger(t, [url]), 1), [0]);
    t.same(await reserveMany(ledger, 1), [0], 'the other did not know of two');
    t.same(await reserveMany(await redisLedger(t, [url]), 1), [1]);
  },
);

t.test('a Redis that comes back empty is told what was made before and without it', async (t) => {
  const server = await startRedis(t);
  const { ledger, link, fleet } = await peer(t, server.url);
  const { ledger: other, link: otherLink } = await peer(t, server.url);
  await until(() => fleet.size() === 2, WITHIN_MS);
  await learn(ledger, { limit: 9 });
  await reserveMany(ledger, 2);
  await server.kill();
  t.same(await reserveMany(ledger, 2), [0, 0], 'each counts for two');
  const killedMs = Date.now();
  await until(
    () => Date.now() > killedMs + 500,
    WITHIN_MS,
    () => 'long enough for a beat to be missed',
  );
  await server.restart();
  await until(() => link.isWell() && otherLink.isWell(), WITHIN_MS);
  const redis = clientOf(t, server.url);
  const isTold = async () => (await redis.hget(`dlnuf:quota:{${DIGEST}:${FIVE}}`, String(NOW))) === '6';
  await until(isTold, WITHIN_MS, () => 'the process that knows does not tell');
  t.same(
    await reserveMany(other, 4),
    [0, 0, 0, 1],
    'nine, of which two were made before and four counted without',
  );
  t.equal(other.known(FIVE).limit, 9);
});
