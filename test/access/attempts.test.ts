import t from 'tap';
import { type Attempt, createAttempts } from '../../src/access/attempts.ts';
import { createRedisRateBudget } from '../../src/access/redis-rate-budget.ts';
import { createRedisLink } from '../../src/fleet/redis-link.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:15Z');
const STRANGER: Attempt = { client: null, secretDigest: null, network: '192.0.2.1' };
const CLIENT: Attempt = { client: 'h1', secretDigest: 'a', network: '192.0.2.1' };

t.test('the processes of one Redis share what may be tried', async (t) => {
  const server = await startRedis(t);
  const redis = clientOf(t, server.url);
  await redis.ping();
  const link = createRedisLink({ redis, onFailure() {} });
  const [one, other] = [1, 2].map(() =>
    createAttempts({ budget: createRedisRateBudget({ link, fleet: { size: () => 2 }, now: () => NOW_MS }) }),
  ) as [ReturnType<typeof createAttempts>, ReturnType<typeof createAttempts>];

  async function taken(attempt: Attempt): Promise<number> {
    let count = 0;
    for (let i = 0; i < 100; i++) if ((await (i % 2 ? one : other).take(attempt)) === null) count++;
    return count;
  }

  for (const attempt of [STRANGER, CLIENT]) {
    const count = await taken(attempt);
    t.ok(count <= 60 && count >= 56, `${count}`);
    t.equal(await one.take(attempt), 45, 'seconds until the minute ends');
  }
  one.prove(CLIENT);
  t.equal(await one.take(CLIENT), null, 'what was good is not a guess');
  t.equal(await one.take({ ...CLIENT, secretDigest: 'b' }), 45);
});
