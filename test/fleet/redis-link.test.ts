import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { createRedisLink, type RedisClient, type RedisLink } from '../../src/fleet/redis-link.ts';
import { openRedis, openSubscriber } from '../../src/open-redis.ts';
import { makeCertificate } from '../helpers/certificate.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { startRedisCluster } from '../helpers/redis-cluster.ts';
import { clientOf, freePorts, startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

interface Linked {
  link: RedisLink;
  redis: RedisClient;
  failures: Error[];
  lost: Error[];
}

async function linkTo(t: Test, ...urls: string[]): Promise<Linked> {
  const failures: Error[] = [];
  const lost: Error[] = [];
  const redis = await openRedis(urls, (error) => void lost.push(error));
  t.teardown(() => redis.disconnect());
  const link = createRedisLink({ redis, onFailure: (error) => void failures.push(error) });
  return { link, redis, failures, lost };
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

const read = (link: RedisLink) => link.run((redis) => redis.get('key'));

await t.test('a command gives its reply, null included', async (t) => {
  const { link, failures } = await linkTo(t, (await startRedis(t)).url);
  t.equal(await read(link), null);
  t.equal(await link.run((redis) => redis.set('key', 'value')), 'OK');
  t.equal(await read(link), 'value');
  t.ok(link.isWell());
  t.same(failures, []);
});

await t.test(
  'a Redis that hangs is waited for once, then never, and serves again when it is back',
  async (t) => {
    const server = await startRedis(t);
    const { link, failures } = await linkTo(t, server.url);
    await read(link);
    server.pause();
    const wave = () => Promise.all(Array.from({ length: 30 }, () => read(link)));
    const firstMs = await msOf(wave);
    t.ok(firstMs >= 400 && firstMs < 800, `the first wave waits ${firstMs} ms`);
    t.equal(failures.length, 30);
    const waitsMs: number[] = [];
    for (let i = 0; i < 200; i++) {
      waitsMs.push(await msOf(wave));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    t.ok(Math.max(...waitsMs) < 300, `the others ${Math.max(...waitsMs)} ms`);
    t.ok(failures.length <= 60, 'and are not tried, once the connection is known to be gone');
    t.notOk(link.isWell());
    server.resume();
    const backMs = await msOf(() => until(async () => (await read(link)) === null, 5_000));
    t.comment(`first wave ${firstMs} ms, back after ${backMs} ms`);
  },
);

await t.test('a Redis that answered while this process stood still is well', async (t) => {
  const { link, failures, lost } = await linkTo(t, (await startRedis(t)).url);
  await link.run((redis) => redis.set('key', 'value'));
  for (let i = 0; i < 3; i++) {
    const reading = [read(link), read(link)];
    standStill(700);
    t.strictSame(await Promise.all(reading), ['value', 'value']);
    t.ok(link.isWell());
  }
  t.strictSame([failures, lost], [[], []]);
});

/** As a process that has much to do at once, or none of the machine. */
function standStill(ms: number): void {
  const startedMs = performance.now();
  while (performance.now() - startedMs < ms);
}

await t.test('a Redis that is killed is missed at once, and serves again when it is restarted', async (t) => {
  const server = await startRedis(t);
  const { link, lost } = await linkTo(t, server.url);
  await server.kill();
  const waitMs = await msOf(() => read(link));
  t.ok(waitMs < 300, `${waitMs} ms`);
  await until(() => lost.length > 0, 2_000);
  t.match(lost[0]?.message, 'ECONNREFUSED', 'whoever opened it is told');
  await server.restart();
  const backMs = await msOf(() => until(async () => (await read(link)) === null, 5_000));
  t.comment(`back after ${backMs} ms`);
});

await t.test(
  'without Redis at the start, opening takes no longer than two seconds; it comes later',
  async (t) => {
    const [port = 0] = await freePorts(1);
    const openMs = await msOf(async () => {
      const { link } = await linkTo(t, `redis://127.0.0.1:${port}`);
      t.equal(await read(link), undefined);
      await startRedis(t, { port });
      await until(async () => (await read(link)) === null, 5_000);
    });
    t.ok(openMs < 4_000, `${openMs} ms`);
  },
);

await t.test('a full Redis refuses what is written, is read from, and is not sick', async (t) => {
  const server = await startRedis(t, { args: ['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction'] });
  const { link, failures } = await linkTo(t, server.url);
  await link.run((redis) => redis.set('key', 'value'));
  const fill = (i: number) => link.run((redis) => redis.set(`${i}`, 'x'.repeat(100_000)));
  for (let i = 0; (await fill(i)) === 'OK'; i++);
  for (let i = 0; i < 20; i++) {
    t.equal(await fill(1_000 + i), undefined);
    t.equal(await read(link), 'value');
    t.ok(link.isWell());
  }
  t.ok(failures.every(({ message }) => message.startsWith('OOM')));
});

await t.test('a command of the wrong kind fails alone', async (t) => {
  const { link, failures } = await linkTo(t, (await startRedis(t)).url);
  await link.run((redis) => redis.set('key', 'value'));
  const replies = await Promise.all([
    read(link),
    link.run((redis) => redis.hget('key', 'field')),
    read(link),
  ]);
  t.strictSame(replies, ['value', undefined, 'value']);
  t.match(failures, [{ message: /^WRONGTYPE/ }]);
});

await t.test(
  'a Redis that has become a replica is connected to anew: its name may lead elsewhere',
  async (t) => {
    const [server, other] = [await startRedis(t), await startRedis(t)];
    const { link, redis } = await linkTo(t, server.url);
    const admin = clientOf(t, server.url);
    const connection = () => link.run((redis) => redis.client('ID'));
    const before = await connection();
    await admin.replicaof('127.0.0.1', Number(new URL(other.url).port));
    t.equal(await link.run((redis) => redis.set('key', 'value')), undefined);
    await until(() => redis.status === 'ready', 2_000);
    t.not(await connection(), before);
    await admin.replicaof('NO', 'ONE');
    await until(async () => (await link.run((redis) => redis.set('key', 'value'))) === 'OK', 2_000);
  },
);

await t.test('the password of the address opens Redis; another does not, and is told', async (t) => {
  const password = 'p@ss/word:é';
  const server = await startRedis(t, { password });
  t.equal(await read((await linkTo(t, server.url)).link), null);
  const { link, lost } = await linkTo(t, server.url.replace(/:[^:]*@/, ':wrong@'));
  t.equal(await read(link), undefined);
  t.match(lost[0]?.message, 'WRONGPASS');
});

await t.test('over TLS Redis is trusted when its authority is, and not otherwise', async (t) => {
  const options = { password: 'secret', tls: await makeCertificate(t) };
  const [server, cluster] = await Promise.all([startRedis(t, options), startRedisCluster(t, options)]);
  for (const urls of [[server.url], cluster.urls.slice(0, 2)]) {
    const trusting = run(urls, { NODE_EXTRA_CA_CERTS: options.tls.authority });
    const { link, lost } = await linkTo(t, ...urls);
    t.equal(await read(link), undefined);
    const subscriber = openSubscriber(urls, (error) => void lost.push(error));
    t.teardown(() => subscriber.disconnect());
    await until(() => lost.some(({ message }) => /certificate/.test(message)), 2_000);
    t.strictSame(
      await trusting,
      Array.from({ length: 20 }, (_, i) => `value ${i}`),
    );
  }
});

await t.test('closing while a certificate is being refused harms nobody', async (t) => {
  const { url } = await startRedis(t, { tls: await makeCertificate(t) });
  const closing = Array.from({ length: 60 }, async (_, i) => {
    const subscriber = openSubscriber([url], () => {});
    await new Promise((resolve) => setTimeout(resolve, i));
    subscriber.disconnect();
    await until(() => subscriber.status === 'end' || subscriber.status === 'reconnecting', 2_000);
  });
  await Promise.all(closing);
  t.pass('no error that nobody handles has ended the process');
});

/** In a process of its own: writes and reads, then has announced and hears, what it prints. */
async function run(urls: readonly string[], env: Record<string, string>): Promise<string[]> {
  const script = `
    import { once } from 'node:events';
    import { openRedis, openSubscriber } from './src/open-redis.ts';
    const urls = ${JSON.stringify(urls)};
    const redis = await openRedis(urls, console.error);
    const subscriber = openSubscriber(urls, console.error);
    await subscriber.subscribe('channel');
    for (let i = 0; i < 20; i++) {
      await redis.set('key ' + i, 'value ' + i);
      const heard = once(subscriber, 'message');
      await redis.publish('channel', await redis.get('key ' + i));
      console.log((await heard)[1]);
    }
    redis.disconnect();
    subscriber.disconnect();`;
  const { stdout } = await promisify(execFile)(...nodeProgram(['--input-type=module', '-e', script]), {
    env: { ...process.env, ...env },
  });
  return stdout.trim().split('\n');
}
