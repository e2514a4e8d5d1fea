import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { failuresIn, inWords, openCallers, startLoad } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { openConnection } from '../helpers/one-connection.ts';
import { childrenOf } from '../helpers/processes.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';

const CONNECTIONS = 8;
const DRAIN_SECONDS = 3;
/** The time that a load balancer takes to see that a process is no longer ready. */
const SEEN_MS = 1_000;
const KEPT = [0, 1, 2, 3].map(siretNumber);
/** Starting takes long on a machine that is busy elsewhere. */
const REPLACED_MS = 90_000;
const SLOW_MS = 1_500;

const redis = await startRedis(t);
const administrations = await startAdministrations(t);
const gateway = await startGateway(t, {
  ...administrations.env,
  REDIS_URL: redis.url,
  DRAIN_SECONDS: String(DRAIN_SECONDS),
  WORKERS: '2',
});
const callers = openCallers(t, gateway.url, { connections: CONNECTIONS });
for (const siret of KEPT) await callers.ask(siret, { wait: 20 });

const workers = () => childrenOf(gateway.process.pid ?? 0);

await t.test('SIGHUP under load: each process is replaced, 0 failed requests', async (t) => {
  const before = workers();
  let turn = 0;
  const load = startLoad(CONNECTIONS, 5, () =>
    callers.ask(KEPT[turn++ % KEPT.length] ?? '', { usage: 'socle', wait: 5 }),
  );
  const newcomers = startLoad(1, 200, () => callers.ask(siretNumber(100 + turn++), { wait: 10 }));
  await sleep(500);
  gateway.process.kill('SIGHUP');
  const areReplaced = () => {
    const now = workers();
    return now.length === 2 && now.every((pid) => !before.includes(pid));
  };
  await until(areReplaced, REPLACED_MS, () => 'not every process is replaced');
  await sleep(500);
  await Promise.all([load.stop(), newcomers.stop()]);
  const [kept, fresh] = [load.take(), newcomers.take()];
  t.comment(`kept: ${inWords(kept)}; new: ${inWords(fresh)}`);
  t.comment(`told to come back later: ${callers.shed()} times`);
  t.strictSame(failuresIn([...kept, ...fresh]), {});
});

await t.test('SIGTERM under load: /readyz says so first, and all that is accepted is answered', async (t) => {
  await administrations.setFault('*', { latencyMs: SLOW_MS });
  let turn = 0;
  const load = startLoad(CONNECTIONS / 2, 5, () => callers.ask(KEPT[turn++ % KEPT.length] ?? ''));
  await sleep(300);
  const exited = once(gateway.process, 'exit');
  gateway.process.kill('SIGTERM');
  // A service manager tells every process; the primary process then tells its own again.
  await sleep(100);
  for (const pid of workers()) process.kill(pid, 'SIGTERM');
  const stoppedMs = performance.now();
  // As a load balancer does, which asks now and then, each time on a new connection.
  const isDraining = async () => (await openConnection(t, gateway.url).get('/readyz')).status === 503;
  await until(isDraining, 10_000, () => '/readyz never says it');
  const drainingMs = performance.now() - stoppedMs;
  const slow = [500, 501, 502].map((n) => callers.ask(siretNumber(n), { wait: 10 }));
  await sleep(SEEN_MS);
  await load.stop();
  const answers = [...load.take(), ...(await Promise.all(slow))];
  await exited;
  t.comment(`/readyz answers 503 after ${Math.round(drainingMs)} ms; ${inWords(answers)}`);
  t.comment(
    `gone after ${Math.round(performance.now() - stoppedMs)} ms, of which ${DRAIN_SECONDS} s of draining`,
  );
  t.ok(drainingMs < DRAIN_SECONDS * 1000);
  t.strictSame(failuresIn(answers), {}, 'in the meantime everything is served');
  t.equal(await exitOf(gateway.process), 0);
  const { status } = await openConnection(t, gateway.url).get('/readyz');
  t.equal(status, 0, 'nobody listens any more');
});
