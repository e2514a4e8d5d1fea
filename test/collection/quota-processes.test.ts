import fc from 'fast-check';
import t, { type Test } from 'tap';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import { createQuota } from '../../src/collection/quota.ts';
import type { Lane, QuotaLedger } from '../../src/collection/quota-ledger.ts';
import { createRedisQuotaLedger } from '../../src/collection/redis-quota-ledger.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { createRedisFleet } from '../../src/fleet/redis-fleet.ts';
import { createRedisLink, type RedisLink } from '../../src/fleet/redis-link.ts';
import { openRedis, openSubscriber } from '../../src/open-redis.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';
import { createTimeline } from '../helpers/timeline.ts';

/** The beginning of an hour. */
const HOUR_MS = Date.parse('2026-11-23T11:00:00Z');
const BUCKET = 'attestation_fiscale';
const LIMIT = 5;
const WITHIN_MS = 10_000;

interface Arrival {
  /** After the one before. */
  gapMs: number;
  /** If given, it comes so near to the next border of minutes. */
  nearBorderMs: number | null;
  process: number;
  lane: Lane;
  /** By how much the hub counts it later, or earlier, than we send it: the network, and clocks that differ. */
  delayMs: number;
  tookMs: number;
}

const arrivals = fc.array(
  fc.record<Arrival>({
    gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 40_000 })),
    nearBorderMs: fc.option(fc.integer({ min: -1_500, max: 1_500 }), { nil: null, freq: 1 }),
    process: fc.nat({ max: 2 }),
    lane: fc.constantFrom('waiting', 'waiting', 'background'),
    delayMs: fc.integer({ min: -800, max: 800 }),
    tookMs: fc.integer({ min: 0, max: 90_000 }),
  }),
  { minLength: 120, maxLength: 200 },
);

function instantsOf(list: Arrival[]): number[] {
  let atMs = HOUR_MS;
  return list.map(({ gapMs, nearBorderMs }) => {
    const borderMs = (Math.floor(atMs / 60_000) + 1) * 60_000;
    atMs = Math.max(atMs, nearBorderMs === null ? atMs + gapMs : borderMs + nearBorderMs);
    return atMs;
  });
}

interface Played {
  /** Calls that the hub counted, by minute of its clock. */
  counts: Map<number, number>;
  made: number;
  full: number;
  /** Whether each call was made at the time that it was last told, or at once. */
  honest: boolean;
  waiting: number;
}

interface Stage {
  /** What follows each event before the next. */
  rest?: () => Promise<unknown>;
  /** What happens in the middle of a minute, by its number. */
  stages?: [minute: number, stage: (nowMs: number) => Promise<void>][];
}

/** Plays the arrivals against a hub that counts by its own clock. */
async function play(
  ledgers: QuotaLedger[],
  list: Arrival[],
  { rest = () => new Promise(setImmediate), stages = [] }: Stage = {},
): Promise<Played> {
  const timeline = createTimeline(HOUR_MS);
  const quotas = ledgers.map((ledger) => createQuota({ ledger, ...timeline }));
  const played: Played = { counts: new Map(), made: 0, full: 0, honest: true, waiting: 0 };
  let staged: Promise<void> = Promise.resolve();

  async function arrive({ process, lane, delayMs, tookMs }: Arrival): Promise<void> {
    const quota = quotas[process % quotas.length];
    const cameMs = timeline.now();
    let toldMs: number | null = null;
    const onDelayed = (atMs: number) => {
      toldMs = atMs;
    };
    const permit = await quota?.take({ bucket: BUCKET, lane, onDelayed });
    if (!permit || 'fullUntilMs' in permit) {
      played.full++;
      return;
    }
    played.made++;
    if (timeline.now() !== (toldMs ?? cameMs)) played.honest = false;
    const window = Math.floor((timeline.now() + delayMs) / 60_000);
    const used = (played.counts.get(window) ?? 0) + 1;
    played.counts.set(window, used);
    const headers = {
      'ratelimit-limit': String(LIMIT),
      'ratelimit-remaining': String(Math.max(0, LIMIT - used)),
      'ratelimit-reset': String((window + 1) * 60),
    };
    const status = used > LIMIT ? 429 : 200;
    timeline.schedule(tookMs, () => permit.settle(tookMs > 60_000 ? null : { status, headers }));
  }

  instantsOf(list).forEach((atMs, i) => {
    timeline.schedule(atMs - HOUR_MS, () => void arrive(list[i] as Arrival));
  });
  for (const [minute, stage] of stages) {
    timeline.schedule(minute * 60_000 + 30_000, () => {
      staged = stage(timeline.now());
    });
  }
  await timeline.runUntil(HOUR_MS + 3 * 3_600_000, async () => {
    await staged;
    await rest();
  });
  played.waiting = quotas.reduce((sum, quota) => sum + quota.pending(), 0);
  return played;
}

const worst = ({ counts }: Played) => Math.max(0, ...counts.values());

/** Counts what is under way, so that a test can wait until nothing is. */
function watched(link: RedisLink) {
  let underWay = 0;
  const watching: RedisLink = {
    ...link,
    async run(command) {
      underWay++;
      const reply = await link.run(command);
      underWay--;
      return reply;
    },
  };
  async function isQuiet(): Promise<void> {
    do await new Promise(setImmediate);
    while (underWay > 0);
    await new Promise(setImmediate);
    if (underWay > 0) return isQuiet();
  }
  return { link: watching, isQuiet };
}

/** What each of three gateway processes has of its own. */
async function startProcesses(t: Test, url: string) {
  const processes = await Promise.all(
    [1, 2, 3].map(async () => {
      const redis = await openRedis([url], () => {});
      const subscriber = openSubscriber([url], () => {});
      const { link, isQuiet } = watched(createRedisLink({ redis, onFailure() {} }));
      const fleet = createRedisFleet({ link, subscriber, now: Date.now });
      t.teardown(() => {
        fleet.close();
        redis.disconnect();
        subscriber.disconnect();
      });
      return { link, fleet, isQuiet };
    }),
  );
  await until(() => processes.every(({ fleet }) => fleet.size() === 3), WITHIN_MS);
  return processes;
}

const ledgersOf = (processes: { link: RedisLink; fleet: Fleet }[], digest: string) =>
  processes.map(({ link, fleet }) => createRedisQuotaLedger({ link, fleet, digest }));

function check(played: Played, total: number): void {
  if (worst(played) > LIMIT) throw new Error(`the hub counted ${worst(played)} calls in a minute`);
  if (!played.honest) throw new Error('a call was not made when it was told');
  if (played.waiting > 0 || played.made + played.full !== total) throw new Error('somebody waits for ever');
}

t.test('whatever comes when, the hub never counts more in a minute than its limit', async (t) => {
  const property = fc.asyncProperty(arrivals, async (list) =>
    check(await play([createMemoryQuotaLedger()], list), list.length),
  );
  await fc.assert(property, { numRuns: 40 });
  t.pass('by the hub’s own clock, and each call when it was told');
});

t.test('nor does it with three processes that share a Redis', async (t) => {
  const processes = await startProcesses(t, (await startRedis(t)).url);
  const isQuiet = () => Promise.all(processes.map((process) => process.isQuiet()));
  let run = 0;
  const property = fc.asyncProperty(arrivals, async (list) =>
    check(await play(ledgersOf(processes, `run-${run++}`), list, { rest: isQuiet }), list.length),
  );
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
  t.pass();
});

t.test('a quota that is asked for without a break is spent to the last call', async (t) => {
  const list = Array.from({ length: 290 }, (_, call) => ({
    gapMs: 11_000,
    nearBorderMs: null,
    process: 0,
    lane: 'waiting' as const,
    delayMs: (call * 397) % 800,
    tookMs: 300,
  }));
  const { counts } = await play([createMemoryQuotaLedger()], list);
  t.same([...counts.values()], Array(58).fill(LIMIT));
});

t.test('nor when Redis dies in the middle, and comes back having forgotten all', async (t) => {
  const server = await startRedis(t);
  const processes = await startProcesses(t, server.url);
  const isQuiet = () => Promise.all(processes.map((process) => process.isQuiet()));
  const all = (isWell: boolean) => () => processes.every(({ link }) => link.isWell() === isWell);

  const cases = fc.sample(arrivals, { numRuns: 3, seed: 20261123 });
  for (const [run, list] of cases.entries()) {
    const ledgers = ledgersOf(processes, `run-${run}`);
    const kill = async (nowMs: number) => {
      await until(() => new Set(ledgers.map((ledger) => knownTo(ledger, nowMs))).size === 1, WITHIN_MS);
      await server.kill();
      await until(all(false), WITHIN_MS);
    };
    const restart = async () => {
      await server.restart();
      await until(all(true), WITHIN_MS);
      for (const ledger of ledgers) await ledger.learn(BUCKET, {});
    };
    const played = await play(ledgers, list, {
      rest: isQuiet,
      stages: [
        [5, kill],
        [9, restart],
      ],
    });
    t.doesNotThrow(() => check(played, list.length));
    t.ok(played.made > 80);
  }
});

/** What is counted from now on, as far as a process knows. */
function knownTo(ledger: QuotaLedger, nowMs: number): string {
  const { counts } = ledger.known(BUCKET);
  const ofNow = [...counts].filter(([window]) => window >= Math.floor(nowMs / 60_000));
  return JSON.stringify(ofNow.sort(([one], [other]) => one - other));
}
