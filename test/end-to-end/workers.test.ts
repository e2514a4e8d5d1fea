import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { type Answered, failuresIn, inWords, openCallers, startLoad } from '../helpers/callers.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { openConnection } from '../helpers/one-connection.ts';
import { childrenOf, holderOf } from '../helpers/processes.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { type GatewayProcess, startGateway, until } from '../helpers/start-gateway.ts';

const CONNECTIONS = 12;
const KEPT = [0, 1, 2, 3].map(siretNumber);
/** node:cluster loses a connection that it hands to a process in the very moment of its death. */
const LOST = 2;
/** Starting takes long on a machine that is busy elsewhere. */
const REPLACED_MS = 60_000;
/** How long the primary process waits for the metrics of the others. */
const METRICS_MS = 6_000;
const SECRET = 'x'.repeat(40);

const redis = await startRedis(t);
const administrations = await startAdministrations(t);
/** Read by each process when it starts. */
const secretFile = join(emptyFolder(t), 'metrics');
writeFileSync(secretFile, SECRET);
const shared = { REDIS_URL: redis.url, METRICS_TOKEN_FILE: secretFile, WORKERS: '2' };
const [gateway, unshared] = await Promise.all([
  startGateway(t, { ...administrations.env, ...shared }),
  startGateway(t, { ...administrations.env, WORKERS: '2' }),
]);
const port = Number(new URL(gateway.url).port);
const { ask } = openCallers(t, gateway.url);
for (const siret of KEPT) await ask(siret, { usage: 'socle', wait: 20 });

const workersOf = ({ process }: GatewayProcess) => childrenOf(process.pid ?? 0);
const pathOf = (siret: string) => `/v1/dossiers/${siret}?usage=socle&object=PANNES&recipient=${RECIPIENT}`;

await t.test('WORKERS=2 without Redis: one process, which says why', async (t) => {
  t.strictSame(workersOf(unshared), []);
  t.match(unshared.output(), 'WORKERS est sans effet sans REDIS_URL');
  const { status } = await openCallers(t, unshared.url).get('/readyz');
  t.equal(status, 200);
  await unshared.stop();
});

interface Caller {
  connection: ReturnType<typeof openConnection>;
  /** The process that serves it. */
  pid: number | null;
}

/** Callers of one connection each, that know who serves them. */
async function openCallersOfOne(t: Test, pids: readonly number[]): Promise<Caller[]> {
  return Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = openConnection(t, gateway.url);
      await connection.get('/livez');
      return { connection, pid: holderOf(pids, port, connection.port()) };
    }),
  );
}

await t.test('two processes serve behind one port', async (t) => {
  const pids = workersOf(gateway);
  t.equal(pids.length, 2);
  const callers = await openCallersOfOne(t, pids);
  const shares = pids.map((pid) => callers.filter((caller) => caller.pid === pid).length);
  t.comment(`${shares.join(' and ')} connections of ${CONNECTIONS}`);
  t.ok(shares.every((share) => share > 0));
  const answers = await Promise.all(callers.map(({ connection }) => connection.get(pathOf(KEPT[0] ?? ''))));
  t.strictSame(failuresIn(answers), {});
});

await t.test(
  'kill -9 of one process: only those on its connections notice, and it is replaced',
  async (t) => {
    const pids = workersOf(gateway);
    const [killed = 0, survivor = 0] = pids;
    const callers = await openCallersOfOne(t, pids);
    const failed = new Map<Caller, Answered[]>(callers.map((caller) => [caller, []]));
    const lives = callers.map((caller) => {
      return startLoad(1, 5, async () => {
        const answer = await caller.connection.get(pathOf(KEPT[1] ?? ''));
        if (answer.status !== 200) failed.get(caller)?.push(answer);
        return answer;
      });
    });
    await sleep(500);
    process.kill(killed, 'SIGKILL');
    const killedMs = performance.now();
    const isReplaced = () => workersOf(gateway).filter((pid) => pid !== killed).length === 2;
    await until(isReplaced, REPLACED_MS, () => 'it is not replaced');
    t.comment(`started anew after ${Math.round(performance.now() - killedMs)} ms`);
    const now = workersOf(gateway);
    const serves = async () => {
      const probes = await openCallersOfOne(t, now);
      return now.every((pid) => probes.some((probe) => probe.pid === pid));
    };
    await until(serves, REPLACED_MS, () => 'the new one does not serve');
    t.comment(`serves after ${Math.round(performance.now() - killedMs)} ms`);
    await Promise.all(lives.map((life) => life.stop()));
    const all = lives.flatMap((life) => life.take());
    t.comment(`${inWords(all)}; lost: ${all.filter(({ status }) => status !== 200).length}`);
    for (const [{ pid }, answers] of failed) {
      if (pid === survivor) t.strictSame(failuresIn(answers), {}, 'those of the other notice nothing');
      else t.ok(answers.length <= LOST, 'a connection is lost once');
    }
  },
);

await t.test('a process that dies while its metrics are read takes no other with it', async (t) => {
  const pids = workersOf(gateway);
  const callers = await openCallersOfOne(t, pids);
  const [reader] = callers;
  const stuck = pids.find((pid) => pid !== reader?.pid) ?? 0;
  // The metrics of one that does not answer are waited for.
  process.kill(stuck, 'SIGSTOP');
  void reader?.connection.get('/metrics');
  await sleep(500);
  process.kill(reader?.pid ?? 0, 'SIGKILL');
  const isReplaced = () => {
    const now = workersOf(gateway);
    return now.length === 2 && !now.includes(reader?.pid ?? 0);
  };
  await until(isReplaced, REPLACED_MS, () => 'it is not replaced');
  await sleep(METRICS_MS);
  process.kill(stuck, 'SIGCONT');
  t.equal(gateway.process.exitCode, null);
  t.equal((await openCallers(t, gateway.url).get('/livez')).status, 200);
});

await t.test('SIGHUP with a secret that nothing can start with changes nothing', async (t) => {
  const before = workersOf(gateway);
  writeFileSync(secretFile, '');
  gateway.process.kill('SIGHUP');
  const isTold = () => gateway.output().includes("n'ont pas été remplacés");
  await until(isTold, REPLACED_MS, () => 'it is not told');
  t.strictSame(workersOf(gateway).toSorted(), before.toSorted());
  t.equal((await openCallers(t, gateway.url).get('/readyz')).status, 200);
});

await t.test('SIGHUP again and again leaves as many processes as there were', async (t) => {
  const before = workersOf(gateway);
  writeFileSync(secretFile, SECRET);
  for (let times = 0; times < 3; times++) {
    gateway.process.kill('SIGHUP');
    await sleep(200);
  }
  const areReplaced = () => {
    const now = workersOf(gateway);
    return now.length === 2 && now.every((pid) => !before.includes(pid));
  };
  await until(areReplaced, 2 * REPLACED_MS, () => 'not every process is replaced');
  // Those that were asked for meanwhile come one after the other: there are never more than one too many.
  const counts = new Set<number>();
  for (let looks = 0; looks < 30; looks++) {
    counts.add(workersOf(gateway).length);
    await sleep(100);
  }
  t.ok(
    [...counts].every((count) => count >= 2 && count <= 3),
    [...counts].join(', '),
  );
  t.equal((await openCallers(t, gateway.url).get('/livez')).status, 200);
});
