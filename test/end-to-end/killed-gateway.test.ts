import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { type Answered, dataIn, failuresIn, openCallers } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startObserver } from '../helpers/observer.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';

/** Calls for a dossier, at least: some sources are left out by rule, and some come after others. */
const MOST = 20;
const COMPANIES = [0, 1, 2].map(siretNumber);
/** What every source takes: long enough to be killed in the middle of. */
const SLOW_MS = 2_000;
const WAIT_MS = 1_000;
/** For a machine that is busy elsewhere. */
const LATE_MS = 3_000;
/** The one who is killed is known to be dead after 700 ms; the rest is for such a machine. */
const TAKEN_OVER_MS = 3_000;
const WHOLE_MS = 15_000;

const redis = await startRedis(t);
const administrations = await startAdministrations(t);
const observer = await startObserver(t, administrations.url);
const env = { ...administrations.env, SOURCES_URL: observer.url, REDIS_URL: redis.url };
const [killed, heir] = await Promise.all([startGateway(t, env), startGateway(t, env)]);
const [toKilled, toHeir] = [openCallers(t, killed.url), openCallers(t, heir.url)];

function conflictsIn(answer: Answered): string[] {
  const codes = Object.values(dataIn(answer).pieces).map(({ erreur }) => erreur?.code ?? '');
  return codes.filter((code) => /015$|409$/.test(code));
}

await t.test('kill -9 of a gateway in mid-call: the next caller, at another one, is served', async (t) => {
  await Promise.all([toKilled, toHeir].map(({ ask }, i) => ask(siretNumber(100 + i), { wait: 20 })));
  await administrations.setFault('*', { latencyMs: SLOW_MS });
  const before = observer.seen.length;
  const lost = COMPANIES.map((siret) => toKilled.ask(siret, { wait: 30 }));
  await until(
    () => observer.seen.length - before >= MOST * COMPANIES.length,
    30_000,
    () => 'most sources are not asked',
  );
  const made = observer.seen.length;
  killed.process.kill('SIGKILL');
  const killedMs = Date.now();
  const whole = COMPANIES.map((siret) => toHeir.ask(siret, { wait: 25 }));
  const prompt = await Promise.all(COMPANIES.map((siret) => toHeir.ask(siret, { wait: WAIT_MS / 1000 })));
  const answers = await Promise.all(whole);
  const wholeMs = Date.now() - killedMs;
  await exitOf(killed.process);

  t.strictSame(failuresIn([...prompt, ...answers]), {});
  t.strictSame([...prompt, ...answers].flatMap(conflictsIn), [], 'no conflict shows in a dossier');
  t.ok(answers.every((answer) => dataIn(answer).completude.statut === 'complet'));
  t.ok(
    (await Promise.all(lost)).every(({ status }) => status === 0),
    'only those who asked the dead one lose',
  );
  const taken = observer.seen.slice(made);
  const takenOverMs = (taken[0]?.atMs ?? Number.POSITIVE_INFINITY) - killedMs;
  const latest = Math.max(...prompt.map(({ tookMs }) => tookMs));
  t.comment(`with a wait of ${WAIT_MS} ms, the next callers have their answer in ${Math.round(latest)} ms`);
  t.comment(`the calls are made anew from ${Math.round(takenOverMs)} ms on, by ${taken.length} calls`);
  t.comment(`whole dossiers in ${Math.round(wholeMs)} ms, of sources that take ${SLOW_MS} ms`);
  t.comment(`409 answered by the administrations: ${observer.count(409)}; shown: none`);
  t.ok(latest < WAIT_MS + LATE_MS, `${Math.round(latest)} ms`);
  t.ok(takenOverMs < TAKEN_OVER_MS, `${Math.round(takenOverMs)} ms`);
  t.ok(wholeMs < WHOLE_MS, `${Math.round(wholeMs)} ms`);
  t.equal(observer.count(429), 0);
});
