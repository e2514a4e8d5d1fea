import t, { type Test } from 'tap';
import { createMemoryRateBudget, type RateBudget } from '../../src/access/rate-budget.ts';
import { createRedisRateBudget } from '../../src/access/redis-rate-budget.ts';
import { createRedisLink } from '../../src/fleet/redis-link.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';

const START_MS = Date.parse('2026-11-23T12:00:15Z');

async function takenOf(budgets: RateBudget[], perMinute: number, tries: number): Promise<number> {
  let taken = 0;
  for (let i = 0; i < tries; i++) {
    const budget = budgets[i % budgets.length] as RateBudget;
    if ((budget.takeNow('h', perMinute) ?? (await budget.take('h', perMinute))).isTaken) taken++;
  }
  return taken;
}

function contract(t: Test, create: (now: () => number) => Promise<RateBudget>): void {
  t.test('so many are taken in a minute, and no more until the next one', async (t) => {
    let nowMs = START_MS;
    const budget = await create(() => nowMs);
    t.equal(await takenOf([budget], 100, 150), 100);
    t.strictSame(await budget.take('h', 100), { isTaken: false, left: 0, resetSeconds: 45 });
    t.equal((await budget.take('other', 100)).isTaken, true, 'each name has its own');
    nowMs += 45_000;
    t.strictSame(await budget.take('h', 100), { isTaken: true, left: 99, resetSeconds: 60 });
  });
}

t.test('in process', async (t) => contract(t, async (now) => createMemoryRateBudget({ now })));

t.test('shared through a real Redis', async (t) => {
  const server = await startRedis(t);
  const redis = clientOf(t, server.url);
  await redis.ping();
  const open = (now: () => number, size = 1) => {
    const link = createRedisLink({ redis, onFailure() {} });
    return createRedisRateBudget({ link, fleet: { size: () => size }, now });
  };
  contract(t, async (now) => {
    await redis.flushall();
    return open(now);
  });

  t.test('three processes together take what one may, within two in a hundred, and never more', async (t) => {
    await redis.flushall();
    const budgets = [1, 2, 3].map(() => open(() => START_MS));
    const taken = await takenOf(budgets, 2_000, 3_000);
    t.ok(taken <= 2_000 && taken >= 1_960, `${taken}`);
  });

  t.test('what is held answers at once, and Redis is asked for more behind', async (t) => {
    await redis.flushall();
    const budget = open(() => START_MS);
    t.equal(budget.takeNow('h', 40_000), null, 'nothing is held yet');
    await budget.take('h', 40_000);
    let atOnce = 0;
    for (let i = 0; i < 90; i++) if (budget.takeNow('h', 40_000)?.isTaken) atOnce++;
    t.equal(atOnce, 90);
  });

  t.test('while Redis is away each process has its share', async (t) => {
    const link = { isWell: () => false, onWell() {}, run: async () => undefined };
    const budget = createRedisRateBudget({ link, fleet: { size: () => 4 }, now: () => START_MS });
    t.equal(await takenOf([budget], 100, 60), 25);
  });
});
