import { fastify } from 'fastify';
import t from 'tap';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { overload } from '../../src/plugins/overload.ts';
import { build, collectOf, fact, GOOD } from '../helpers/app.ts';
import { until } from '../helpers/start-gateway.ts';

/** Keeps the process from doing anything else, as too many requests would, long enough for it to be seen. */
async function fallBehind(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const endMs = performance.now() + 650;
    while (performance.now() < endMs);
    await new Promise(setImmediate);
  }
}

const URLS = [GOOD, '/v1/sources', '/livez', '/readyz', '/metrics'];

t.test(
  'a process that is far behind refuses at once, but for those who watch it, until it has caught up',
  async (t) => {
    const metrics = createMetrics();
    const app = await build(t, collectOf({ douanes_eori: fact('obtenu', {}) }), [], { metrics });
    const askAll = () => Promise.all(URLS.map(async (url) => app.inject(url)));
    const isRefused = (answers: Awaited<ReturnType<typeof askAll>>) => answers[0]?.statusCode === 503;
    let answers = await askAll();
    t.notOk(isRefused(answers));
    await until(async () => {
      await fallBehind();
      answers = await askAll();
      return isRefused(answers);
    }, 10_000);
    t.same(
      answers.map(({ statusCode }) => statusCode),
      [503, 503, 200, 200, 200],
    );
    t.match(answers[0]?.headers['retry-after'], /^\d+$/);
    t.match(answers[0]?.json(), { type: '/problemes/passerelle-indisponible' });
    const shed = /dlnuf_requests_shed_total (\d+)/.exec(await metrics.registry.metrics());
    t.equal(Number(shed?.[1]), 2, 'each is counted');
    await until(async () => !isRefused(await askAll()), 10_000);
  },
);

t.test('a process that took long to start refuses nobody for it once it listens', async (t) => {
  const app = fastify();
  t.teardown(() => app.close());
  await overload(app, () => {
    throw new Error('refused');
  });
  app.get('/', async () => 'answer');
  await fallBehind();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const endMs = performance.now() + 4_000;
  const statuses = new Set<number>();
  while (performance.now() < endMs) {
    statuses.add((await app.inject('/')).statusCode);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.strictSame([...statuses], [200]);
});
