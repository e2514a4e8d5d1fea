import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { askEach, failuresIn, inWords, missingIn, openCallers, startLoad } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startRedisCluster } from '../helpers/redis-cluster.ts';
import { clientOf } from '../helpers/redis-server.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

/** Companies enough to be kept on every node. */
const KEPT = Array.from({ length: 9 }, (_, i) => siretNumber(i));
const PHASE_MS = 2_500;
/** For a machine that is busy elsewhere. */
const SLOWEST_PHASE_MS = 15_000;
const ENOUGH = 9;
const WAIT_SECONDS = 2;
const LONGEST_MS = WAIT_SECONDS * 1000 + 4_000;
const FAILOVER_MS = 20_000;

const [cluster, administrations] = await Promise.all([startRedisCluster(t), startAdministrations(t)]);
const env = { ...administrations.env, REDIS_URL: cluster.urls.join(',') };
// Nothing is kept in process: whatever is served comes from the cluster, or is asked anew.
const gateways = await Promise.all(
  ['0', '0'].map((MEMORY_CACHE_MIB) => startGateway(t, { ...env, MEMORY_CACHE_MIB })),
);
const callers = gateways.map(({ url }) => openCallers(t, url));

let missing: string[] = [];
const areKept = async () => {
  missing = [];
  for (const { ask } of callers) {
    missing.push(...(await askEach(KEPT, 2, (siret) => ask(siret, { wait: 20 }))).flatMap(missingIn));
  }
  return missing.length === 0;
};
await until(areKept, 60_000, () => `not kept by both processes: ${missing}`);

await t.test('a Redis Cluster that loses a primary under load: 0 failed requests', async (t) => {
  let turn = 0;
  const load = startLoad(4, 20, async () => {
    const { ask } = callers[turn % callers.length] as (typeof callers)[0];
    // One company in ten is new.
    const siret = turn % 10 === 9 ? siretNumber(100 + turn) : KEPT[turn % KEPT.length];
    turn++;
    return ask(siret ?? '', { wait: WAIT_SECONDS });
  });
  t.teardown(load.stop);

  async function showPhase(when: string): Promise<void> {
    await sleep(PHASE_MS);
    await until(
      () => load.size() >= ENOUGH,
      SLOWEST_PHASE_MS,
      () => 'the load does not go on',
    );
    const answers = load.take();
    t.comment(`${when}: ${inWords(answers)}`);
    t.strictSame(failuresIn(answers), {}, `${when}: no failed request`);
    t.ok(Math.max(...answers.map(({ tookMs }) => tookMs)) < LONGEST_MS);
  }

  await showPhase('before');
  const [lost, , , replica] = cluster.nodes;
  await lost?.kill();
  const lostMs = performance.now();
  await showPhase('meanwhile');
  const client = clientOf(t, replica?.url ?? '');
  const isPrimary = async () => String(await client.role()).startsWith('master');
  await until(isPrimary, FAILOVER_MS, () => 'the replica has not taken over');
  t.comment(`the replica had taken over ${Math.round(performance.now() - lostMs)} ms later, at the latest`);
  await until(areKept, FAILOVER_MS, () => `not kept again by both processes: ${missing}`);
  t.comment(`everything is kept again ${Math.round(performance.now() - lostMs)} ms later`);
  load.take();
  await showPhase('afterwards');
  await lost?.restart();
  await showPhase('the lost one back');
  t.comment(`told to come back later: ${callers.map(({ shed }) => shed())} times`);
});
