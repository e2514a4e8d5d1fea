import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { mintToken } from '../../src/sandbox/token.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import {
  type Answered,
  type Callers,
  dataIn,
  failuresIn,
  metricAt,
  openCallers,
  pieceIn,
} from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { type Observer, startObserver } from '../helpers/observer.ts';
import { MOVABLE_CLOCK, moveClocks } from '../helpers/processes.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { exitOf, type GatewayProcess, startGateway, until } from '../helpers/start-gateway.ts';

const MINUTE_MS = 60_000;
/** Five calls a minute. */
const TAX = 'dgfip_attestation_fiscale';
const TAX_PATH = /\/attestation_fiscale$/;
const FUND = 'cibtp_attestation_conges_payes';
/** Of works, whose funds are asked of every company. */
const WORKS = 'marche_public&nature=travaux_batiment';
const SIX = 6;
const LAST_WAIT_SECONDS = 3;
/** Where in a minute the six dossiers are asked for: it ends soon, and leaves time enough on a busy machine. */
const INTO_THE_MINUTE_MS = 42_000;
/** A call is made a second into its minute, and so is announced. */
const GUARD_MS = 1_000;
const LATE_MS = 10_000;
const TRIES = 3;

let aheadMs = 0;
/** By the clock of all processes but this one. */
const now = () => Date.now() + aheadMs;

const redis = await startRedis(t);
const administrations = await startAdministrations(t, { SANDBOX_QUOTAS: 'on' }, MOVABLE_CLOCK);
// Quotas are those of a token: each has its own.
const [forOne, forThree] = await Promise.all([
  startObserver(t, administrations.url, now),
  startObserver(t, administrations.url, now),
]);
const [single, ...fleet] = await Promise.all([
  openGateway(forOne, { SOURCES_TOKEN: await mintToken() }),
  ...[1, 2, 3].map(() => openGateway(forThree, { REDIS_URL: redis.url })),
]);
const living = () => [single, ...fleet].filter(({ gateway }) => gateway.process.exitCode === null);
let next = 0;

interface Opened extends Callers {
  gateway: GatewayProcess;
}

async function openGateway({ url }: Observer, more: Record<string, string>): Promise<Opened> {
  const env = { ...administrations.env, SOURCES_URL: url, ...more };
  const gateway = await startGateway(t, env, { imports: MOVABLE_CLOCK });
  return { ...openCallers(t, gateway.url), gateway };
}

// The first dossiers of a process are slow; they are of another minute.
await Promise.all([single, ...fleet].map(({ ask }, i) => ask(siretNumber(1_000 + i), { wait: 20 })));

/** All clocks go to a moment of the next minute by theirs: its end need not be waited for as long. */
async function goIntoANewMinute(): Promise<number> {
  const startMs = (Math.floor(now() / MINUTE_MS) + 1) * MINUTE_MS;
  aheadMs = startMs + INTO_THE_MINUTE_MS - Date.now();
  const processes = [administrations, ...living().map(({ gateway }) => gateway)];
  await moveClocks(
    processes.map(({ process }) => process),
    aheadMs,
  );
  return startMs + MINUTE_MS;
}

/** @param callers each asks in its turn; the last of them asks about the sixth company, once the others are answered */
async function askSix(callers: readonly Callers[], from: number, usage: string): Promise<Answered[]> {
  const askAbout = (i: number, wait: number) =>
    (callers[i % callers.length] as Callers).ask(siretNumber(from + i), { usage, wait });
  const five = Array.from({ length: SIX - 1 }, (_, i) => askAbout(i, 20));
  const answers = await Promise.all(five);
  // The minute ends too late for the sixth to wait for it.
  return [...answers, await askAbout(SIX - 1, LAST_WAIT_SECONDS)];
}

/** Shows five whole dossiers, and one without the pieces of these sources, which says when they will be there. */
function showSix(t: Test, answers: readonly Answered[], waiting: readonly string[], minuteMs: number): void {
  t.strictSame(failuresIn(answers), {});
  const missing = answers.map((answer) => dataIn(answer).completude.en_attente);
  t.strictSame(missing.slice(0, -1).flat(), [], 'five are whole');
  t.strictSame([...(missing.at(-1) ?? [])].sort(), [...waiting].sort(), 'the sixth is not');
  for (const source of waiting) {
    const { statut, nouvel_essai_le } = pieceIn(answers.at(-1) as Answered, source);
    t.equal(statut, 'differe');
    t.equal(Date.parse(nouvel_essai_le ?? ''), minuteMs + GUARD_MS, `${source}: its time is true`);
  }
  t.comment(`the sixth in ${answers.at(-1)?.tookMs.toFixed(1)} ms, of a wait of ${LAST_WAIT_SECONDS} s`);
}

async function showNoRefusal(t: Test, observer: Observer, callers: readonly Callers[]): Promise<void> {
  t.equal(observer.inWords(429), '', 'no 429 provoked');
  for (const one of callers)
    t.equal(await metricAt(one, 'dlnuf_source_refused_calls_total'), 0, 'and none seen');
  const taxCalls = observer.seen.filter(({ path }) => TAX_PATH.test(path)).length;
  t.comment(`${observer.seen.length} calls, ${taxCalls} for tax certificates, 429: ${observer.count(429)}`);
}

/**
 * What six dossiers come to in a minute in which nobody lost Redis: on a machine that is busy elsewhere Redis seems
 * to be away, and calls are then counted with more care than is asked for here. Companies are new at each try.
 */
async function askSixOfAll(usages: readonly [callers: readonly Callers[], usage: string][]) {
  for (let left = TRIES; ; left--) {
    const from = next;
    next += SIX;
    const minuteMs = await goIntoANewMinute();
    const before = await redisFailures();
    const answers = await Promise.all(usages.map(([callers, usage]) => askSix(callers, from, usage)));
    const isWell = (await redisFailures()) === before;
    const sixth = siretNumber(from + SIX - 1);
    if (isWell || left === 1) return { answers, minuteMs, sixth };
    t.comment('Redis seemed to be away: once more');
    // What is left over would take a place of the next minute.
    await Promise.all(usages.map(([[one], usage]) => showThere(t, one as Callers, sixth, usage, minuteMs)));
  }
}

async function redisFailures(): Promise<number> {
  const failures = living().map((callers) => metricAt(callers, 'dlnuf_redis_failures_total'));
  return (await Promise.all(failures)).reduce((sum, count) => sum + count, 0);
}

/** Waits for the time that the sixth was told, and shows that it is whole then. */
async function showThere(t: Test, { ask }: Callers, sixth: string, usage: string, minuteMs: number) {
  await sleep(Math.max(0, minuteMs + GUARD_MS - now()));
  const isThere = async () => dataIn(await ask(sixth, { usage })).completude.statut === 'complet';
  await until(isThere, LATE_MS, () => 'it is not there at the time that was told');
  t.comment(`there ${now() - minuteMs - GUARD_MS} ms after the time that was told`);
}

await t.test('six new dossiers in a minute: five whole, one with its tax certificate later', async (t) => {
  const { answers, minuteMs, sixth } = await askSixOfAll([
    [fleet, WORKS],
    [[single], 'subvention_association'],
  ]);
  await t.test('of three processes on one token', async (t) => {
    showSix(t, answers[0] ?? [], [TAX, FUND], minuteMs);
    await showThere(t, fleet[0] as Opened, sixth, WORKS, minuteMs);
    await showNoRefusal(t, forThree, fleet);
  });
  await t.test('of one process alone', async (t) => {
    showSix(t, answers[1] ?? [], [TAX], minuteMs);
    await showThere(t, single, sixth, 'subvention_association', minuteMs);
    await showNoRefusal(t, forOne, [single]);
  });
});

await t.test('calls that wait for a quota are handed over by a process that stops', async (t) => {
  const [one, other, leaving] = fleet as [Opened, Opened, Opened];
  const { answers, minuteMs, sixth } = await askSixOfAll([[fleet, WORKS]]);
  showSix(t, answers[0] ?? [], [TAX, FUND], minuteMs);
  leaving.gateway.process.kill('SIGTERM');
  t.equal(await exitOf(leaving.gateway.process), 0);
  const leftMs = now();
  t.ok(leftMs < minuteMs, 'it did not stay for the minute to end');
  t.comment(`gone ${minuteMs - leftMs} ms before the minute ends`);
  const taxCalls = () => forThree.seen.filter(({ path }) => TAX_PATH.test(path)).length;
  const before = taxCalls();
  await until(
    () => taxCalls() > before,
    minuteMs - now() + LATE_MS,
    () => 'nobody asked for the certificate',
  );
  t.comment(`asked for ${now() - minuteMs} ms into the minute`);
  await sleep(1_000);
  t.equal(taxCalls(), before + 1, 'by one of those that stay');
  await administrations.forgetCalls();
  for (const { ask } of [one, other]) {
    // Reading what is kept takes a moment, longer on a machine that is busy elsewhere.
    const answer = await ask(sixth, { wait: 2 });
    t.not(pieceIn(answer, TAX).obtenu_le, null, 'without having been asked');
    t.match(answer.headers['cache-status'], new RegExp(`${TAX}; hit`));
  }
  t.strictSame((await administrations.calls())[TAX], undefined);
  await showNoRefusal(t, forThree, [one, other]);
});
