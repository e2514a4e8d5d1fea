import t, { type Test } from 'tap';
import { RECIPIENT, SIRET } from '../helpers/app.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { type GatewayProcess, startGateway } from '../helpers/start-gateway.ts';

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
  t.equal(Object.keys(calls).length, 30);
  for (const [source, count] of Object.entries(calls)) {
    const paths =
      data.pieces[source]?.statut === 'non_trouve' && /liasses|liens|effectifs_annuels/.test(source) ? 2 : 1;
    t.ok(count <= paths, `${source}: ${count}`);
  }
}

t.test('a hundred callers at once for one new SIRET make one call a source, kept in memory', async (t) => {
  await showOneCallEach(t, await startGateway(t));
});

t.test('the same with answers kept in Redis', async (t) => {
  const redis = await startRedis(t);
  await showOneCallEach(t, await startGateway(t, { REDIS_URL: redis.url }));
});

t.test('what is kept in Redis is there for another process', async (t) => {
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

t.test('Redis killed under load: no failed request', async (t) => {
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
