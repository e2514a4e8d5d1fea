import t, { type Test } from 'tap';
import type { RedisLink } from '../../src/fleet/redis-link.ts';
import { type RedisCluster, startRedisCluster } from '../helpers/redis-cluster.ts';
import type { RedisServer } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';
import { joinFleet, type Member, SILENT } from './member.ts';

interface Round {
  atMs: number;
  /** Of the commands to the node that goes down, and of those to the others: refused or lost. */
  failed: { there: number; elsewhere: number };
  longestMs: number;
  /** Commands that were waited for. */
  slow: number;
}

const KEYS = Array.from({ length: 30 }, (_, i) => `key-${i}`);
/** Longer than a command takes on a busy machine, shorter than the time it is given. */
const SLOW_MS = 400;
const inMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As a dossier does: all its keys at once, over and over. */
function load(link: RedisLink, there: ReadonlySet<string>): { rounds: Round[]; stop(): Promise<void> } {
  const rounds: Round[] = [];
  let isOver = false;
  const write = async (key: string) => {
    const startedMs = performance.now();
    const reply = await link.run((redis) => redis.set(key, 'value'));
    return { key, isFailed: reply !== 'OK', ms: performance.now() - startedMs };
  };
  async function goOn(): Promise<void> {
    while (!isOver) {
      const atMs = performance.now();
      const commands = await Promise.all(KEYS.map(write));
      const failed = commands.filter(({ isFailed }) => isFailed).map(({ key }) => there.has(key));
      rounds.push({
        atMs,
        failed: { there: failed.filter(Boolean).length, elsewhere: failed.filter((is) => !is).length },
        longestMs: Math.max(...commands.map(({ ms }) => ms)),
        slow: commands.filter(({ ms }) => ms > SLOW_MS).length,
      });
      await inMs(10);
    }
  }
  const going = goOn();
  return {
    rounds,
    stop() {
      isOver = true;
      return going;
    },
  };
}

async function keysOn(cluster: RedisCluster, node: RedisServer): Promise<Set<string>> {
  const owners = await Promise.all(KEYS.map((key) => cluster.primaryOf(key)));
  return new Set(KEYS.filter((_, i) => owners[i] === node));
}

/** Does `take` to a primary under load, and shows what it costs those who go on. */
async function showOutage(
  t: Test,
  {
    cluster,
    members,
    node,
    down,
  }: {
    cluster: RedisCluster;
    members: Member[];
    node: RedisServer;
    down: () => Promise<void> | void;
  },
): Promise<void> {
  const [one, two] = members as [Member, Member];
  const loading = load(one.link, await keysOn(cluster, node));
  await inMs(300);
  t.ok(
    loading.rounds.length > 3 && loading.rounds.every(({ failed }) => failed.there + failed.elsewhere === 0),
  );
  const downMs = performance.now();
  await down();
  const heardMs = hearAgain(one, two);
  const shared = shareMany(members);
  await until(() => (loading.rounds.at(-1)?.failed.there ?? 0) > 0, 2_000);
  await until(() => loading.rounds.at(-1)?.failed.there === 0, 15_000);
  const lost = loading.rounds.findLast(({ failed }) => failed.there > 0);
  await loading.stop();
  const longestMs = Math.max(...loading.rounds.map((round) => round.longestMs));
  const slow = loading.rounds.reduce((sum, round) => sum + round.slow, 0);
  const outageMs = Math.round((lost?.atMs ?? downMs) - downMs);
  const deafMs = Math.round((await heardMs) - downMs);
  t.comment(
    `outage ${outageMs} ms, deaf for ${deafMs} ms, ${slow} waits, the longest ${Math.round(longestMs)} ms`,
  );
  t.ok(outageMs < 10_000, 'its slots are served again soon after its replica has taken over');
  t.ok(
    loading.rounds.every(({ failed }) => failed.elsewhere === 0),
    'those of the others always',
  );
  t.ok(slow <= KEYS.length, 'no more than the first wave of commands has waited');
  t.ok(longestMs < 1_000, 'for as long as a command may take');
  t.ok(deafMs < 5_000, 'announcements are heard again within seconds');
  const results = await shared;
  t.ok(
    results.every(({ message, name }) => message === name),
    'shared work has always had a result',
  );
  t.ok(Math.max(...results.map(({ ms }) => ms)) < 3_000, 'soon');
}

async function hearAgain(one: Member, two: Member): Promise<number> {
  let isHeard = false;
  const topic = `${Math.random()}`;
  two.fleet.on(topic, () => {
    isHeard = true;
  });
  await until(() => {
    one.fleet.announce(topic, '');
    return isHeard;
  }, 10_000);
  return performance.now();
}

/** One name after another, wanted by all members at once, while a node goes down. */
async function shareMany(members: Member[]): Promise<{ name: string; message: string; ms: number }[]> {
  const results: { name: string; message: string; ms: number }[] = [];
  for (let i = 0; i < 30; i++) {
    const names = [1, 2, 3].map((j) => `work-${i}-${j}`);
    const share = async ({ sharing }: Member, name: string) => {
      const startedMs = performance.now();
      const message = await sharing.share(name, () => inMs(50).then(() => name), SILENT);
      results.push({ name, message, ms: performance.now() - startedMs });
    };
    await Promise.all(members.flatMap((member) => names.map((name) => share(member, name))));
  }
  return results;
}

const partial = ['--cluster-require-full-coverage', 'no'];
const startedMs = performance.now();
const cluster = await startRedisCluster(t, { args: partial });
t.comment(`cluster started in ${Math.round(performance.now() - startedMs)} ms`);
const members = await joinFleet(t, cluster.urls.slice(0, 3), 2);
const [primary, another] = cluster.nodes as [RedisServer, RedisServer];

await t.test('a primary killed under load costs its own slots only, and none of them a wait', async (t) => {
  await showOutage(t, { cluster, members, node: primary, down: () => primary.kill() });
  await primary.restart();
});

await t.test('a primary that hangs under load is waited for once', async (t) => {
  await showOutage(t, { cluster, members, node: another, down: () => another.pause() });
  another.resume();
});

await t.test('a cluster of which no node is left is found again when it is back', async (t) => {
  const [one, two] = members as [Member, Member];
  await Promise.all(cluster.nodes.map((node) => node.kill()));
  await until(() => !one.link.isWell() && !two.link.isWell(), 10_000);
  const cpuUs = process.cpuUsage();
  await inMs(1_000);
  const { user, system } = process.cpuUsage(cpuUs);
  t.ok(user + system < 700_000, `${user + system} µs of CPU in a second: it does not try without a pause`);
  await Promise.all(cluster.nodes.map((node) => node.restart()));
  const writeAll = ({ link }: Member) =>
    Promise.all(KEYS.map((key) => link.run((redis) => redis.set(key, 'value'))));
  await until(
    async () => (await Promise.all(members.map(writeAll))).flat().every((reply) => reply === 'OK'),
    10_000,
  );
  await hearAgain(one, two);
  await hearAgain(two, one);
});
