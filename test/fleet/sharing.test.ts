import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { MAX_MESSAGE_CHARS, type ShareOptions } from '../../src/fleet/sharing.ts';
import { clientOf, startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';
import { joinFleet, type Member, SILENT, spawnHolder } from './member.ts';

/** Work that ends when told to, and counts how often it was begun. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const counted = {
    begun: 0,
    end: resolve,
    fail: reject,
    tellDelay: (_untilMs: number): void => {},
    async do(tellDelay: (untilMs: number) => void): Promise<string> {
      counted.begun++;
      counted.tellDelay = tellDelay;
      return promise;
    },
  };
  return counted;
}

async function three(t: Test, url: string): Promise<[Member, Member, Member]> {
  return (await joinFleet(t, [url], 3)) as [Member, Member, Member];
}

const inMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await t.test('what all processes want at once is done once, and all have its result', async (t) => {
  const members = await three(t, (await startRedis(t)).url);
  const one = work();
  const callers = members.map(({ sharing }) => sharing.share('name', one.do, SILENT));
  await until(() => one.begun > 0, 2_000);
  await inMs(300);
  one.end('the result, with spaces');
  const startedMs = performance.now();
  t.strictSame(await Promise.all(callers), Array(3).fill('the result, with spaces'));
  t.comment(`told within ${Math.round(performance.now() - startedMs)} ms`);
  t.equal(one.begun, 1);
});

await t.test('each name has its work; an empty message is one; what is done may be done again', async (t) => {
  const [one, two] = await three(t, (await startRedis(t)).url);
  const names = Array.from({ length: 50 }, (_, i) => `name-${i}`);
  let begun = 0;
  const workOf = (name: string) => async () => {
    begun++;
    await inMs(50);
    return name === 'name-0' ? '' : name;
  };
  const share = ({ sharing }: Member, name: string) => sharing.share(name, workOf(name), SILENT);
  for (let round = 1; round <= 2; round++) {
    t.strictSame(
      await Promise.all(names.flatMap((name) => [share(one, name), share(two, name)])),
      names.flatMap((name, i) => (i === 0 ? ['', ''] : [name, name])),
    );
    t.equal(begun, 50 * round);
  }
});

await t.test('work that nobody else wants costs three commands; nothing stays in Redis', async (t) => {
  const { url } = await startRedis(t);
  const [{ sharing }] = await three(t, url);
  const admin = clientOf(t, url);
  await sharing.share('first', async () => '', SILENT);
  const monitor = await admin.monitor();
  t.teardown(() => monitor.disconnect());
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, [command = '', ...args]: string[]) => {
    if (args.some((arg) => arg.includes('name'))) commands.push(command.toLowerCase());
  });
  await sharing.share('name', async () => 'result', SILENT);
  await until(() => commands.includes('publish'), 2_000);
  t.strictSame(
    commands,
    ['evalsha', 'get', 'set', 'evalsha', 'get', 'del', 'publish'],
    'GET, SET and DEL are those of the scripts',
  );
  t.equal(await admin.dbsize(), 0);
});

await t.test('a process killed with -9 in the middle: another does the work within a second', async (t) => {
  const { url } = await startRedis(t);
  const [one, two] = await three(t, url);
  const { process } = await spawnHolder(t, [url], 'name');
  const mine = work();
  const sharing = [one, two].map(({ sharing }) =>
    sharing.share('name', mine.do, { ...SILENT, limitMs: 60_000 }),
  );
  await inMs(1_200);
  t.equal(mine.begun, 0, 'as long as it lives they wait');
  process.kill('SIGKILL');
  const startedMs = performance.now();
  await until(() => mine.begun > 0, 3_000);
  const blockedMs = Math.round(performance.now() - startedMs);
  t.comment(`taken over after ${blockedMs} ms`);
  t.ok(blockedMs < 1_000, `${blockedMs} ms`);
  mine.end('result');
  t.strictSame(await Promise.all(sharing), ['result', 'result']);
  t.equal(mine.begun, 1, 'by one of them');
});

await t.test(
  'whoever comes after the death of the one who held the work waits no longer either',
  async (t) => {
    const { url } = await startRedis(t);
    const [one] = await three(t, url);
    const { process } = await spawnHolder(t, [url], 'name');
    await until(() => one.fleet.size() === 4, 2_000);
    process.kill('SIGKILL');
    await inMs(1_000);
    const startedMs = performance.now();
    await one.sharing.share('name', async () => 'result', { ...SILENT, limitMs: 60_000 });
    t.ok(performance.now() - startedMs < 400);
  },
);

await t.test(
  'work that fails fails for its caller only: the others do it, one of them at a time',
  async (t) => {
    const { url } = await startRedis(t);
    const [one, ...members] = await three(t, url);
    const failing = work();
    const owner = one.sharing.share('name', failing.do, SILENT);
    await until(() => failing.begun === 1, 2_000);
    const next = work();
    const others = members.map(({ sharing }) => sharing.share('name', next.do, SILENT));
    await inMs(200);
    failing.fail(new Error('a bug'));
    await t.rejects(owner, { message: 'a bug' });
    await until(() => next.begun > 0, 900);
    await inMs(200);
    t.equal(next.begun, 1);
    next.end('result');
    t.strictSame(await Promise.all(others), ['result', 'result']);
    t.equal(await clientOf(t, url).dbsize(), 0);
  },
);

await t.test(
  'a delay is told to those who wait and to those who come later, and keeps the lease',
  async (t) => {
    const { url } = await startRedis(t);
    const members = await three(t, url);
    const delayed = work();
    const told: string[] = [];
    const share = (who: string, { sharing }: Member) =>
      sharing.share('name', delayed.do, {
        ...SILENT,
        limitMs: 5_000,
        onDelayed: (untilMs) => void told.push(`${who} ${untilMs}`),
      });
    const sharing = [share('owner', members[0])];
    await until(() => delayed.begun === 1, 2_000);
    sharing.push(share('other', members[1]));
    await inMs(100);
    const untilMs = Date.now() + 40_000;
    delayed.tellDelay(untilMs);
    await until(() => told.length === 1, 1_000);
    sharing.push(share('late', members[2]));
    await until(() => told.length === 2, 1_000);
    await inMs(1_300);
    t.strictSame(told, [`other ${untilMs}`, `late ${untilMs}`], 'each once, and not the one who told it');
    const lifeMs = await clientOf(t, url).pttl('dlnuf:lease:name');
    t.ok(lifeMs > 42_000 && lifeMs <= 45_000, `${lifeMs} ms`);
    delayed.tellDelay(untilMs + 1_000);
    await until(() => told.length === 4, 1_000);
    delayed.end('result');
    t.strictSame(await Promise.all(sharing), ['result', 'result', 'result']);
    t.equal(delayed.begun, 1);
  },
);

await t.test(
  'where somebody waits, whoever does the work is asked first, and its delay told as it is then',
  async (t) => {
    const [one, two, late] = await three(t, (await startRedis(t)).url);
    const delayed = work();
    const untilMs = Date.now() + 40_000;
    let raised = 0;
    const raise = () => (++raised === 1 ? null : untilMs);
    const owner = one.sharing.share('name', delayed.do, { ...SILENT, raise });
    await until(() => delayed.begun === 1, 2_000);
    delayed.tellDelay(untilMs);
    const told: string[] = [];
    const follow = (who: string, { sharing }: Member, onWaited: ShareOptions['onWaited']) =>
      sharing.share('name', delayed.do, {
        ...SILENT,
        onWaited,
        onDelayed: (ms) => void told.push(`${who} ${ms > Date.now() ? ms - untilMs : 'now'}`),
      });
    let wait = () => {};
    const ahead = follow('ahead', two, (listener) => {
      wait = listener;
    });
    await until(() => told.length === 1, 2_000);
    wait();
    await until(() => told.length === 2, 900);
    t.strictSame(told.splice(0), ['ahead 0', 'ahead now'], 'it is not delayed any more');
    delayed.tellDelay(untilMs);
    await until(() => told.length === 1, 900);
    const waiting = follow('waiting', late, (listener) => listener());
    await until(() => told.length === 2, 900);
    t.equal(raised, 2);
    t.strictSame(told, ['ahead 0', 'waiting 0'], 'the delay that holds all the same');
    delayed.end('result');
    t.strictSame(await Promise.all([owner, ahead, waiting]), Array(3).fill('result'));
  },
);

await t.test('work that outlasts its limit is done again', async (t) => {
  const [one, two] = await three(t, (await startRedis(t)).url);
  const [endless, mine] = [work(), work()];
  const first = one.sharing.share('name', endless.do, { ...SILENT, limitMs: 700 });
  await until(() => endless.begun === 1, 2_000);
  const second = two.sharing.share('name', mine.do, { ...SILENT, limitMs: 700 });
  await until(() => mine.begun === 1, 3_000);
  endless.end('late');
  t.equal(await first, 'late');
  mine.end('mine');
  t.equal(await second, 'mine');
});

await t.test('Redis that hangs in the middle: nobody waits for longer than a second or so', async (t) => {
  const server = await startRedis(t);
  const [one, two, three_] = await three(t, server.url);
  const held = work();
  const owner = one.sharing.share('name', held.do, SILENT);
  await until(() => held.begun === 1, 2_000);
  const waiting = [two, three_].map(({ sharing }) => sharing.share('name', async () => 'own', SILENT));
  await inMs(200);
  server.pause();
  const startedMs = performance.now();
  const newcomer = two.sharing.share('new', async () => 'new', SILENT);
  const results = await Promise.all([...waiting, newcomer]);
  const waitedMs = Math.round(performance.now() - startedMs);
  t.comment(`waited for ${waitedMs} ms`);
  t.ok(waitedMs < 1_500, `${waitedMs} ms`);
  t.strictSame(results, ['own', 'own', 'new']);
  const alone = performance.now();
  await two.sharing.share('another', async () => '', SILENT);
  t.ok(performance.now() - alone < 200, 'and then not at all');
  held.end('result');
  t.equal(await owner, 'result');
  server.resume();
  await until(() => two.link.isWell(), 3_000);
  const again = performance.now();
  t.equal(await two.sharing.share('name', async () => 'again', SILENT), 'again');
  t.ok(performance.now() - again < 2_500, 'the lease that could not be given back then is given back now');
});

await t.test('Redis killed in the middle, and restarted empty: everybody has a result', async (t) => {
  const server = await startRedis(t);
  const [one, two] = await three(t, server.url);
  const held = work();
  const owner = one.sharing.share('name', held.do, SILENT);
  await until(() => held.begun === 1, 2_000);
  const waiting = two.sharing.share('name', async () => 'own', SILENT);
  await inMs(100);
  await server.kill();
  const startedMs = performance.now();
  await server.restart();
  t.equal(await waiting, 'own');
  t.ok(performance.now() - startedMs < 3_000);
  held.end('result');
  t.equal(await owner, 'result');
});

await t.test('an announcement that is missed is made up for within a second', async (t) => {
  const { url } = await startRedis(t);
  const [one, two] = await three(t, url);
  const held = work();
  const owner = one.sharing.share('name', held.do, SILENT);
  await until(() => held.begun === 1, 2_000);
  const waiting = two.sharing.share('name', async () => 'own', SILENT);
  await inMs(200);
  await clientOf(t, url).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  held.end('result');
  await owner;
  const startedMs = performance.now();
  t.equal(await waiting, 'own');
  const lateMs = Math.round(performance.now() - startedMs);
  t.comment(`late by ${lateMs} ms`);
  t.ok(lateMs < 1_300, `${lateMs} ms`);
});

await t.test('a message that is too long is not passed on: the others do the work', async (t) => {
  const [one, two] = await three(t, (await startRedis(t)).url);
  for (const [length, message] of [
    [MAX_MESSAGE_CHARS, 'x'.repeat(MAX_MESSAGE_CHARS)],
    [MAX_MESSAGE_CHARS + 1, 'own'],
  ] as const) {
    const held = work();
    const owner = one.sharing.share('name', held.do, SILENT);
    await until(() => held.begun === 1, 2_000);
    const waiting = two.sharing.share('name', async () => 'own', SILENT);
    await inMs(100);
    held.end('x'.repeat(length));
    t.equal((await owner).length, length);
    t.equal(await waiting, message);
  }
});

await t.test('a full Redis, where no lease can be taken: each does the work at once', async (t) => {
  const server = await startRedis(t);
  const [one, two] = await three(t, server.url);
  await clientOf(t, server.url).config('SET', 'maxmemory', '1');
  const startedMs = performance.now();
  let begun = 0;
  const ownWork = async () => {
    begun++;
    await inMs(50);
    return 'own';
  };
  await Promise.all([one, two].map(({ sharing }) => sharing.share('name', ownWork, SILENT)));
  t.ok(performance.now() - startedMs < 400);
  t.equal(begun, 2);
});

await t.test('names are forgotten, in Redis and in process', async (t) => {
  const { url } = await startRedis(t);
  const [one, two] = (await joinFleet(t, [url], 2)) as [Member, Member];
  const share = ({ sharing }: Member, name: string, fails = false) =>
    sharing.share(name, async () => (fails ? Promise.reject(new Error('a bug')) : 'result'), SILENT);
  const shareMany = async (from: number) => {
    for (let i = from; i < from + 500; i += 10) {
      const names = Array.from({ length: 10 }, (_, j) => `${'n'.repeat(5_000)}-${i + j}`);
      await Promise.allSettled(names.flatMap((name, j) => [share(one, name, j === 0), share(two, name)]));
    }
  };
  await shareMany(0);
  const beforeBytes = usedBytes();
  await shareMany(500);
  const grownBytes = usedBytes() - beforeBytes;
  t.ok(grownBytes < 1_500_000, `${grownBytes} bytes, for 2.5 MB of names`);
  const admin = clientOf(t, url);
  await until(async () => (await admin.dbsize()) === 0, 1_000);
});

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
