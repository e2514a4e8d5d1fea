import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openSubscriber } from '../../src/open-redis.ts';
import { clientOf, freePorts, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';
import { joinFleet, type Member, openMember, spawnHolder } from './member.ts';

const TOPIC = 'news';

function heardBy({ fleet }: Member): string[] {
  const heard: string[] = [];
  fleet.on(TOPIC, (message) => void heard.push(message));
  return heard;
}

function restoredIn({ fleet }: Member): { times: number } {
  const restored = { times: 0 };
  fleet.onRestored(() => void restored.times++);
  return restored;
}

/** Long enough for five beats. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000));

await t.test(
  'what one announces the others hear, in order, as it was; it does not hear itself',
  async (t) => {
    const { url } = await startRedis(t);
    const [one, two, three] = (await joinFleet(t, [url], 3)) as [Member, Member, Member];
    const [byOne, byTwo, byThree] = [heardBy(one), heardBy(two), heardBy(three)];
    const messages = ['a', '', 'with  spaces and\nlines', '{"é":1}', ...Array.from({ length: 100 }, String)];
    for (const message of messages) one.fleet.announce(TOPIC, message);
    one.fleet.announce('another topic', 'x');
    await until(() => byThree.length >= messages.length && byTwo.length >= messages.length, 2_000);
    t.strictSame([byOne, byTwo, byThree], [[], messages, messages]);
  },
);

await t.test('each knows who lives, and how many; who leaves is missed within a second', async (t) => {
  const { url } = await startRedis(t);
  const members = await joinFleet(t, [url], 2);
  const [one, two] = members as [Member, Member];
  const third = await openMember([url]);
  await until(() => one.fleet.size() === 3, 2_000);
  t.ok([one, two, third].every(({ fleet }) => one.fleet.isAlive(fleet.id)));
  third.leave();
  const startedMs = Date.now();
  await until(() => one.fleet.size() === 2 && !one.fleet.isAlive(third.fleet.id), 2_000);
  t.ok(Date.now() - startedMs < 1_500);
  t.ok(one.fleet.isAlive(two.fleet.id));
});

await t.test('of processes of their own', async (t) => {
  const { url } = await startRedis(t);
  const [one] = (await joinFleet(t, [url], 1)) as [Member];
  const others = await Promise.all([1, 2, 3].map((i) => spawnHolder(t, [url], `work-${i}`)));
  await until(() => one.fleet.size() === 4, 2_000);

  await t.test('a process that was busy for long takes none for dead', async (t) => {
    const restored = restoredIn(one);
    const endMs = performance.now() + 1_500;
    while (performance.now() < endMs);
    for (let i = 0; i < 100; i++) {
      t.ok(others.every(({ id }) => one.fleet.isAlive(id)) && one.fleet.size() === 4);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    t.equal(restored.times, 0, 'and has missed nothing');
  });

  await t.test('one that is killed with -9 is known to be dead within a second', async (t) => {
    for (const { process } of others) process.kill('SIGKILL');
    const startedMs = performance.now();
    const noticedMs = await Promise.all(
      others.map(async ({ id }) => {
        await until(() => !one.fleet.isAlive(id), 3_000);
        return Math.round(performance.now() - startedMs);
      }),
    );
    t.comment(`noticed after ${noticedMs.join(', ')} ms`);
    t.ok(Math.max(...noticedMs) < 1_000);
    t.ok(Math.min(...noticedMs) > 400, 'not after one beat that was missed');
  });
});

await t.test('one who was never heard is given the time to be', async (t) => {
  const { url } = await startRedis(t);
  const [one] = (await joinFleet(t, [url], 1)) as [Member];
  t.ok(one.fleet.isAlive('unknown'));
  t.equal(one.fleet.size(), 1, 'without being counted');
  await until(() => !one.fleet.isAlive('unknown'), 2_000);
});

await t.test('a clock that is set forward or back kills nobody, and hides no death', async (t) => {
  const { url } = await startRedis(t);
  let aheadMs = 0;
  const [one] = (await joinFleet(t, [url], 1, { now: () => Date.now() + aheadMs })) as [Member];
  const two = await openMember([url]);
  await until(() => one.fleet.size() === 2, 2_000);
  for (const shiftMs of [3_600_000, -7_200_000]) {
    aheadMs = shiftMs;
    for (let i = 0; i < 50; i++) {
      t.ok(one.fleet.isAlive(two.fleet.id) && one.fleet.size() === 2);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  aheadMs = 0;
  two.leave();
  await until(() => !one.fleet.isAlive(two.fleet.id) && one.fleet.size() === 1, 2_000);
});

await t.test('leaving while the subscription is being renewed fails nowhere', async (t) => {
  const line = await openLine(t, await startRedis(t));
  const subscriber = openSubscriber([line.url], () => {});
  await subscriber.subscribe('channel');
  line.cut();
  await once(subscriber, 'ready');
  line.freeze();
  subscriber.disconnect();
  await once(subscriber, 'end');
  t.equal(subscriber.status, 'end', 'and nothing is rejected that nobody handles');
});

await t.test('as long as Redis hangs nobody is dead; then what may have been missed is told', async (t) => {
  const server = await startRedis(t);
  const [one, two] = (await joinFleet(t, [server.url], 2)) as [Member, Member];
  const [restored, byTwo] = [restoredIn(two), heardBy(two)];
  await aSecond();
  t.equal(restored.times, 0, 'not as long as all goes well');
  server.pause();
  await aSecond();
  await aSecond();
  t.notOk(one.link.isWell());
  t.ok(one.fleet.isAlive(two.fleet.id) && two.fleet.size() === 2);
  one.fleet.announce(TOPIC, 'lost');
  server.resume();
  await until(() => restored.times > 0, 3_000);
  await until(() => one.link.isWell() && two.fleet.size() === 2, 3_000);
  one.fleet.announce(TOPIC, 'heard');
  await until(() => byTwo.includes('heard'), 1_000);
  t.strictSame(byTwo, ['heard']);
});

await t.test('Redis restarted, empty: they hear each other again', async (t) => {
  const server = await startRedis(t);
  const [one, two] = (await joinFleet(t, [server.url], 2)) as [Member, Member];
  const [restored, byTwo] = [restoredIn(two), heardBy(two)];
  await server.kill();
  await aSecond();
  await server.restart();
  await until(() => {
    one.fleet.announce(TOPIC, 'again');
    return byTwo.length > 0;
  }, 5_000);
  await until(() => restored.times > 0, 1_000);
});

await t.test('without Redis at the start a process is alone; once it comes, that is told', async (t) => {
  const [port = 0] = await freePorts(1);
  const urls = [`redis://127.0.0.1:${port}`];
  const one = await openMember(urls);
  t.teardown(one.leave);
  const restored = restoredIn(one);
  t.equal(one.fleet.size(), 1);
  one.fleet.announce(TOPIC, 'to nobody');
  await startRedis(t, { port });
  await until(() => restored.times > 0, 5_000);
});

await t.test(
  'a subscription cut for an instant is noticed: an announcement may have been missed',
  async (t) => {
    const { url } = await startRedis(t);
    const [one, two] = (await joinFleet(t, [url], 2)) as [Member, Member];
    const [restored, byTwo] = [restoredIn(two), heardBy(two)];
    await clientOf(t, url).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    one.fleet.announce(TOPIC, 'missed');
    await until(() => restored.times > 0, 2_000);
    t.strictSame(byTwo, []);
    one.fleet.announce(TOPIC, 'heard');
    await until(() => byTwo.length > 0, 1_000);
  },
);

await t.test('a subscription on which nothing arrives any more is replaced within seconds', async (t) => {
  const server = await startRedis(t);
  const line = await openLine(t, server);
  const [one] = (await joinFleet(t, [server.url], 1)) as [Member];
  const [two] = (await joinFleet(t, [server.url], 1, { subscriberUrls: [line.url] })) as [Member];
  const byTwo = heardBy(two);
  await until(() => two.fleet.size() === 2, 2_000);
  line.freeze();
  const startedMs = performance.now();
  await until(() => {
    one.fleet.announce(TOPIC, 'again');
    return byTwo.length > 0;
  }, 6_000);
  const deafMs = performance.now() - startedMs;
  t.comment(`deaf for ${Math.round(deafMs)} ms`);
  t.ok(deafMs < 4_000, `${deafMs} ms`);
});

interface Line {
  url: string;
  cut(): void;
  /** As when a machine between the two forgets about it: nothing closes. */
  freeze(): void;
}

async function openLine(t: Test, { url }: RedisServer): Promise<Line> {
  const sockets: Socket[] = [];
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    near.pipe(far).pipe(near);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  const [port = 0] = await freePorts(1);
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets.splice(0)) socket.destroy();
  };
  t.teardown(() => {
    cut();
    proxy.close();
  });
  const freeze = () => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  return { url: `redis://127.0.0.1:${port}`, cut, freeze };
}
