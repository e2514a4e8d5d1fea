import t, { type Test } from 'tap';
import { dayOf } from '../../src/dossier/time.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { type Administrations, startAdministrations } from '../helpers/administrations.ts';
import { subjectOf } from '../helpers/answer.ts';
import { type Answered, type Callers, dataIn, failuresIn, inWords, openCallers } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { type Observer, startObserver } from '../helpers/observer.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

const CALLERS = 1_000;
const CALLERS_OF_ONE = 200;
const PROCESSES = 3;
/** Some sources are quicker than others, and the slowest are under way when the last callers come. */
const SLOW = { latencyMs: { min: 100, max: 1_500 } };
const WAIT_SECONDS = 20;
const MOST = 20;

const redis = await startRedis(t);
const administrations = await startAdministrations(t);
const observer = await startObserver(t, administrations.url);
const env = { ...administrations.env, SOURCES_URL: observer.url };
const [alone, ...together] = await Promise.all([
  openGateway({}),
  ...Array.from({ length: PROCESSES }, () => openGateway({ REDIS_URL: redis.url })),
]);

async function openGateway(more: Record<string, string>): Promise<Callers> {
  const { url } = await startGateway(t, { ...env, ...more });
  return openCallers(t, url, { connections: CALLERS });
}

// The first dossier of a process is slow.
await Promise.all(
  [alone, ...together].map(({ ask }, i) => ask(siretNumber(1_000 + i), { wait: WAIT_SECONDS })),
);
await administrations.setFault('*', SLOW);

/** How often each path was called, of those that name this company. */
function callsAbout(siret: string, { seen }: Observer): Map<string, number> {
  const paths = seen.map(({ path }) => path).filter((path) => path.includes(siret.slice(0, 9)));
  return new Map([...Map.groupBy(paths, (path) => path)].map(([path, calls]) => [path, calls.length]));
}

/** Asks about one new company, all at once, and shows that it costs what one caller costs. */
async function showOneCallEach(
  t: Test,
  siret: string,
  callers: readonly Callers[],
  count = CALLERS,
): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      (callers[i % callers.length] as Callers).ask(siret, { wait: WAIT_SECONDS }),
    ),
  );
  t.comment(`${count} callers of ${callers.length} processes: ${inWords(answers)}`);
  t.strictSame(failuresIn(answers), {});
  t.equal(new Set(answers.map(({ text }) => text)).size, 1, 'one and the same dossier');
  t.equal(dataIn(answers[0] as Answered).completude.statut, 'complet');
  const calls = callsAbout(siret, observer);
  t.comment(`calls: ${[...calls.values()].reduce((sum, count) => sum + count, 0)}, to ${calls.size} paths`);
  t.strictSame(
    [...calls].filter(([, count]) => count !== 1),
    [],
    'no path is called twice',
  );
  const { pieces } = dataIn(answers[0] as Answered);
  for (const { id, paths } of catalog.filter(({ id }) => !id.endsWith('_mere'))) {
    const isAsked = !['non_demande', 'hors_perimetre'].includes(pieces[id]?.statut ?? '');
    const [first] = paths(subjectOf(siret, dayOf(Date.now())));
    const made = calls.get(first.split('?')[0] ?? '') ?? 0;
    t.equal(made, isAsked ? 1 : 0, `${id}: exactly one call, or none when a rule leaves it out`);
  }
  t.equal(observer.count(409), 0, 'nothing was refused for being asked twice');
}

await t.test('200 callers of one process for one new SIRET make one call a source', async (t) => {
  await showOneCallEach(t, siretNumber(1), [alone], CALLERS_OF_ONE);
});

await t.test('1,000 callers over three processes for one new SIRET make one call a source', async (t) => {
  await showOneCallEach(t, siretNumber(2), together);
});

await t.test('what is kept by one process is there for another, without a call', async (t) => {
  await administrations.clearFaults();
  const [one, other] = together as [Callers, Callers];
  const first = await one.ask(siretNumber(3), { wait: WAIT_SECONDS });
  await administrations.forgetCalls();
  const second = await other.ask(siretNumber(3));
  t.equal(second.text, first.text);
  t.match(second.headers['cache-status'], /insee_etablissement; hit/);
  t.strictSame(await administrations.calls(), {});
});

await t.test('Redis killed while a hundred callers wait: each has its dossier, whole', async (t) => {
  const sirets = Array.from({ length: 100 }, (_, i) => siretNumber(10 + (i % 10)));
  await showWholeWithout(t, redis, administrations, sirets);
});

async function showWholeWithout(
  t: Test,
  redis: RedisServer,
  { setFault, calls, forgetCalls }: Administrations,
  sirets: readonly string[],
): Promise<void> {
  await setFault('*', { latencyMs: { min: 200, max: 600 } });
  await forgetCalls();
  const asking = Promise.all(
    sirets.map((siret, i) => (together[i % PROCESSES] as Callers).ask(siret, { wait: WAIT_SECONDS })),
  );
  // Some are left out by rule, and some come after others.
  const areAsking = async () => Object.keys(await calls()).length >= MOST;
  await until(areAsking, 20_000, () => 'most sources are not asked');
  await redis.kill();
  const answers = await asking;
  t.comment(inWords(answers));
  t.strictSame(failuresIn(answers), {});
  t.ok(answers.every((answer) => dataIn(answer).completude.statut === 'complet'));
}
