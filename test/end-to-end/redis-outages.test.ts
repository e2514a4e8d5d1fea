import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import {
  type Answered,
  askEach,
  type Callers,
  failuresIn,
  inWords,
  missingIn,
  openCallers,
  startLoad,
} from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startObserver } from '../helpers/observer.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

/** Fewer than the smallest quota allows a minute, so that each is whole. */
const KEPT = [0, 1, 2].map(siretNumber);
const PHASE_MS = 2_500;
/** For a machine that is busy elsewhere. */
const SLOWEST_PHASE_MS = 15_000;
const ENOUGH = 5;
const WAIT_SECONDS = 1;
const LONGEST_MS = WAIT_SECONDS * 1000 + 4_000;
const BACK_MS = 10_000;

const redis = await startRedis(t);
const client = clientOf(t, redis.url);
const administrations = await startAdministrations(t, { SANDBOX_QUOTAS: 'on' });
const observer = await startObserver(t, administrations.url);
const env = { ...administrations.env, SOURCES_URL: observer.url, REDIS_URL: redis.url };
// The second keeps nothing in process: whatever it serves comes from Redis, or is asked anew.
const gateways = await Promise.all([
  startGateway(t, env),
  startGateway(t, { ...env, MEMORY_CACHE_MIB: '0' }),
]);
const callers = gateways.map(({ url }) => openCallers(t, url)) as [Callers, Callers];
const [remembering, forgetful] = callers;
let next = 100;

let missing: string[] = [];
const areKept = async () => {
  missing = [];
  for (const { ask } of callers) {
    const answers = await askEach(KEPT, 1, (siret) => ask(siret, { wait: 20 }));
    missing.push(...answers.flatMap(missingIn));
  }
  return missing.length === 0;
};
// A machine so busy that Redis seems to be away spends the quotas of a minute.
await until(areKept, 90_000, () => `not kept by both processes: ${missing}`);

let turn = 0;
const askKept = ({ ask }: Callers) => ask(KEPT[turn++ % KEPT.length] ?? '', { wait: WAIT_SECONDS });
const askNew = ({ ask }: Callers) => ask(siretNumber(next++), { wait: WAIT_SECONDS });
const loads = {
  'kept in process': startLoad(2, 20, () => askKept(remembering)),
  'kept in Redis': startLoad(2, 20, () => askKept(forgetful)),
  new: startLoad(2, 300, () => askNew(callers[next % 2] ?? remembering)),
};
t.teardown(() => Promise.all(Object.values(loads).map((load) => load.stop())));

/** Shows that nothing fails for a while, and says how long the answers take. */
async function showPhase(t: Test, when: string): Promise<void> {
  await sleep(PHASE_MS);
  const areEnough = () => Object.values(loads).every(({ size }) => size() >= ENOUGH);
  await until(areEnough, SLOWEST_PHASE_MS, () => 'the load does not go on');
  for (const [what, load] of Object.entries(loads)) {
    const answers: Answered[] = load.take();
    t.comment(`${when}, ${what}: ${inWords(answers)}`);
    t.strictSame(failuresIn(answers), {}, `${when}, ${what}: no failed request`);
    const longest = Math.max(...answers.map(({ tookMs }) => tookMs));
    t.ok(longest < LONGEST_MS, `${when}, ${what}: ${Math.round(longest)} ms at the most`);
  }
  t.equal(observer.inWords(429), '', 'no call too many');
}

async function areTogether(): Promise<boolean> {
  const metrics = await Promise.all(callers.map(({ get }) => get('/metrics')));
  return metrics.every(
    ({ text }) => /^dlnuf_redis_up 1$/m.test(text) && /^dlnuf_fleet_processes 2$/m.test(text),
  );
}

async function showOutage(t: Test, begin: () => unknown, end: () => unknown): Promise<void> {
  await until(areTogether, BACK_MS, () => 'the processes are not together');
  for (const load of Object.values(loads)) load.take();
  await showPhase(t, 'before');
  await begin();
  await showPhase(t, 'meanwhile');
  await end();
  const endedMs = performance.now();
  await until(areTogether, BACK_MS, () => 'the processes do not come back together');
  t.comment(`together again ${Math.round(performance.now() - endedMs)} ms later`);
  await showPhase(t, 'afterwards');
}

await t.test('Redis killed under load: 0 failed requests, and the quotas hold', async (t) => {
  await showOutage(t, redis.kill, redis.restart);
});

await t.test('Redis paused under load: 0 failed requests, and the quotas hold', async (t) => {
  await showOutage(t, redis.pause, redis.resume);
});

await t.test('Redis full under load: 0 failed requests, and the quotas hold', async (t) => {
  await showOutage(
    t,
    () => client.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction'),
    () => client.config('SET', 'maxmemory', '0'),
  );
  t.match(gateways[0]?.output() ?? '', 'Redis does not answer', 'and the operator was warned of all this');
});

t.comment(
  `calls: ${observer.seen.length}, of which 409: ${observer.count(409)}, 429: ${observer.count(429)}`,
);
t.comment(`told to come back later: ${callers.map(({ shed }) => shed())} times`);
