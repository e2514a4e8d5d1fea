import t, { type Test } from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { type Siret, sirenOf } from '../../src/dossier/siret.ts';
import { dayOf } from '../../src/dossier/time.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { RECIPIENT, SIRET } from '../helpers/app.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { type GatewayProcess, startGateway, until } from '../helpers/start-gateway.ts';

const CALLERS = 100;
const question = `usage=marche_public&object=ENSEMBLE&recipient=${RECIPIENT}`;

function ask({ url }: GatewayProcess, siret = SIRET): Promise<Response> {
  return fetch(`${url}/v1/dossiers/${siret}?${question}`, { headers: { prefer: 'wait=20' } });
}

async function callsBySource({ controlUrl }: GatewayProcess): Promise<Record<string, number>> {
  const { endpoints } = (await (await fetch(`${controlUrl}/calls`)).json()) as {
    endpoints: Record<string, number>;
  };
  return endpoints;
}

async function showOneCallEach(t: Test, gateway: GatewayProcess): Promise<void> {
  const answers = await Promise.all(Array.from({ length: CALLERS }, () => ask(gateway)));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  t.ok(answers.every(({ status }) => status === 200));
  t.equal(new Set(bodies).size, 1, 'one and the same dossier');
  const { data } = JSON.parse(bodies[0] ?? '');
  t.equal(data.completude.statut, 'complet', 'no source refused an identical question in flight');
  const calls = await callsBySource(gateway);
  for (const { id, paths } of catalog) {
    const most = paths({
      siret: SIRET as Siret,
      siren: sirenOf(SIRET as Siret),
      today: dayOf(Date.now()),
    }).length;
    const count = calls[id] ?? 0;
    t.ok(count >= 1 && count <= most, `${id}: ${count}, of ${most} at the most`);
  }
  t.equal(Object.keys(calls).length, catalog.length);
}

await t.test(
  'a hundred callers at once for one new SIRET make one call a source, kept in memory',
  async (t) => {
    await showOneCallEach(t, await startGateway(t));
  },
);

await t.test('the same with answers kept in Redis', async (t) => {
  const redis = await startRedis(t);
  await showOneCallEach(t, await startGateway(t, { REDIS_URL: redis.url }));
});

await t.test('what is kept in Redis is there for another process', async (t) => {
  const redis = await startRedis(t);
  const [one, two] = await Promise.all([
    startGateway(t, { REDIS_URL: redis.url }),
    startGateway(t, { REDIS_URL: redis.url }),
  ]);
  const first = await (await ask(one)).text();
  const second = await ask(two);
  t.equal(await second.text(), first);
  t.match(second.headers.get('cache-status'), /insee_etablissement; hit/);
  t.strictSame(await callsBySource(two), {});
});

await t.test('Redis killed under load: no failed request', async (t) => {
  const redis = await startRedis(t);
  const gateway = await startGateway(t, { REDIS_URL: redis.url });
  const statuses: number[] = [];
  for (let round = 0; round < 6; round++) {
    if (round === 2) await redis.kill();
    if (round === 4) await redis.restart();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    statuses.push(...answers.map(({ status }) => status));
  }
  t.strictSame([...new Set(statuses)], [200]);
  t.match(gateway.output(), 'a command to Redis failed', 'and the operator is warned');
});

await t.test('Redis killed while a hundred callers wait: each has its dossier, whole', async (t) => {
  const redis = await startRedis(t);
  const slow = JSON.stringify({ '*': { latencyMs: { min: 200, max: 600 } } });
  const gateway = await startGateway(t, { REDIS_URL: redis.url, SANDBOX_FAULTS: slow });
  const sirets = Array.from({ length: CALLERS }, (_, i) => siretNumber(i % 10));
  const asking = Promise.all(
    sirets.map(async (siret) => {
      const answer = await ask(gateway, siret);
      return { status: answer.status, dossier: (await answer.json()) as Dossier };
    }),
  );
  await until(async () => Object.keys(await callsBySource(gateway)).length === catalog.length, 20_000);
  await redis.kill();
  const answers = await asking;
  t.strictSame([...new Set(answers.map(({ status }) => status))], [200]);
  t.ok(answers.every(({ dossier }) => dossier.data.completude.statut === 'complet'));
});
