import t from 'tap';
import { createMetrics } from '../../src/plugins/metrics.ts';
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
