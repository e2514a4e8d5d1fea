import t from 'tap';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import { createQuota, type Permit } from '../../src/collection/quota.ts';
import type { Lane } from '../../src/collection/quota-ledger.ts';
import type { Full } from '../../src/collection/quota-line.ts';
import type { Quota } from '../../src/sources/source.ts';
import { createTimeline } from '../helpers/timeline.ts';

/** The beginning of a minute. */
const NOON_MS = Date.parse('2026-11-23T11:00:00Z');
const START_MS = NOON_MS + 30_000;
/** Milliseconds after noon at which calls that wait for a minute go: a second after it began. */
const opening = (minute: number) => minute * 60_000 + 1_000;
/** A second after the fortieth of a minute, likewise. */
const LEFT_OVER_MS = 41_000;
const FIVE: Quota = 'attestation_fiscale';

interface Taken {
  /** Milliseconds after noon, as everything here. */
  toldMs: number[];
  result: Permit | Full | null;
  atMs: number;
  /** Somebody begins to wait for it. */
  waitFor(): void;
}

/** A budget of one process, on a clock of its own. */
function budget(startMs = START_MS) {
  const timeline = createTimeline(startMs);
  const ledger = createMemoryQuotaLedger();
  const quota = createQuota({ ledger, ...timeline });

  async function take(bucket: Quota = FIVE, lane: Lane = 'waiting'): Promise<Taken> {
    const taken: Taken = { toldMs: [], result: null, atMs: Number.NaN, waitFor() {} };
    const onDelayed = (atMs: number) => taken.toldMs.push(atMs - NOON_MS);
    const onWaited = (listener: () => void) => {
      taken.waitFor = listener;
    };
    const permit = quota.take({ bucket, lane, onDelayed, onWaited });
    void Promise.resolve(permit).then((result) => {
      taken.result = result;
      taken.atMs = timeline.now() - NOON_MS;
    });
    await new Promise(setImmediate);
    return taken;
  }

  async function takeMany(count: number, lane?: Lane, bucket?: Quota): Promise<Taken[]> {
    const all: Taken[] = [];
    for (let call = 1; call <= count; call++) all.push(await take(bucket, lane));
    return all;
  }

  const runUntil = (afterNoonMs: number) => timeline.runUntil(NOON_MS + afterNoonMs);
  return { quota, ledger, timeline, take, takeMany, runUntil };
}

interface Said {
  limit?: number;
  used?: number;
  status?: number;
  retryAfter?: string;
  /** Milliseconds after noon. */
  resetMs?: number;
  date?: Date;
}

/** What the hub says of a bucket of five in the first minute after noon, unless the test says otherwise. */
function answer({ limit = 5, used = 1, status = 200, retryAfter, resetMs = 60_000, date }: Said = {}) {
  const headers = {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(limit - used),
    'ratelimit-reset': String((NOON_MS + resetMs) / 1000),
    ...(retryAfter && { 'retry-after': retryAfter }),
    ...(date && { date: date.toUTCString() }),
  };
  return { status, headers };
}

function settle({ result }: Pick<Taken, 'result'> = { result: null }, said?: Said | null) {
  if (!isPermit(result)) throw new Error('it has no permit');
  result.settle(said === null ? null : answer(said));
}

const isPermit = (result: Permit | Full | null): result is Permit => result !== null && 'settle' in result;
const told = (all: Taken[]) => all.map(({ toldMs }) => toldMs.at(-1) ?? 'now');
/** Those that may be made. */
const made = (all: Taken[]) => all.filter(({ result }) => isPermit(result));

t.test('as a rule a call is made at once, without any timer', async (t) => {
  const { takeMany, quota, timeline } = budget();
  const calls = await takeMany(5);
  t.equal(made(calls).length, 5);
  t.same(told(calls), Array(5).fill('now'));
  t.equal(timeline.size(), 0);
  t.equal(quota.remaining(FIVE), 0);
  t.equal(quota.limit(FIVE), 5);
});

t.test(
  'the sixth call of a bucket of five is told at once when it will be made, and is made then',
  async (t) => {
    const { takeMany, runUntil, quota } = budget();
    const calls = await takeMany(12);
    t.same(told(calls).slice(5), [...Array(5).fill(opening(1)), ...Array(2).fill(opening(2))]);
    t.equal(quota.pending(), 7);
    await runUntil(opening(1) - 1);
    t.equal(made(calls).length, 5);
    await runUntil(opening(3));
    t.same(
      calls.slice(5).map(({ atMs }) => atMs),
      told(calls).slice(5),
    );
    t.equal(quota.pending(), 0);
  },
);

t.test('around a border a call counts on both sides', async (t) => {
  const late = budget(NOON_MS + 57_600);
  t.equal(made(await late.takeMany(5)).length, 5);
  t.same(told(await late.takeMany(1)), [opening(2)], 'the next minute is taken too');
  const early = budget(NOON_MS + 59_500);
  await early.takeMany(5);
  await early.runUntil(60_500);
  t.same(told(await early.takeMany(1)), [opening(2)]);
  const full = budget(NOON_MS + 57_400);
  await full.takeMany(5);
  await full.runUntil(60_500);
  t.same(told(await full.takeMany(1)), [opening(1)], 'three seconds later the former minute is surely over');
});

t.test('the background leaves four tenths of a minute to those who wait', async (t) => {
  const { takeMany } = budget();
  t.same(told(await takeMany(4, 'background')), ['now', 'now', 'now', opening(1)]);
  t.same(told(await takeMany(3, 'waiting')), ['now', 'now', opening(1)]);
});

t.test(
  'what nobody who waits has taken by the fortieth second is for the background, which is told',
  async (t) => {
    const { takeMany, runUntil } = budget(NOON_MS + 2_000);
    const calls = await takeMany(6, 'background');
    t.equal(made(calls).length, 3);
    await runUntil(LEFT_OVER_MS - 1);
    t.equal(made(calls).length, 3);
    await runUntil(opening(1) - 1);
    t.equal(made(calls).length, 5, 'to the last call of the minute, and no further');
    t.same(
      calls.slice(3, 5).map(({ atMs, toldMs }) => [atMs, toldMs.at(-1)]),
      [
        [LEFT_OVER_MS, LEFT_OVER_MS],
        [LEFT_OVER_MS, LEFT_OVER_MS],
      ],
    );
    await runUntil(opening(1));
    t.equal(made(calls).length, 6);
  },
);

t.test('the line is twenty minutes long: who comes then is told when there will be room', async (t) => {
  const { takeMany, quota } = budget();
  await takeMany(105);
  const [refused] = await takeMany(1);
  t.same(refused?.result, { fullUntilMs: NOON_MS + opening(21) });
  t.same(refused?.toldMs, []);
  t.equal(quota.pending(), 100);
});

t.test('a limit that the hub raises lets those who wait go at once, in their order', async (t) => {
  const { takeMany, quota, ledger, runUntil } = budget();
  const calls = await takeMany(17);
  settle(calls[0], { limit: 12 });
  await runUntil(30_000);
  t.same(
    calls.map(({ result }) => isPermit(result)),
    [...Array(12).fill(true), ...Array(5).fill(false)],
  );
  t.same(told(calls.slice(12)), Array(5).fill(opening(1)));
  t.same(calls[16]?.toldMs, [opening(3), opening(1)], 'they are told anew');
  t.same([...ledger.known(FIVE).counts.values()], [12, 5, 0, 0], 'and their former places are free');
  t.equal(quota.limit(FIVE), 12);
  t.equal(quota.pending(), 5);
});

t.test('a limit without end, as a sandbox for measuring announces, ends the line', async (t) => {
  const { takeMany, quota, runUntil, timeline } = budget();
  const calls = await takeMany(105);
  settle(calls[0], { limit: 1_000_000 });
  await runUntil(30_000);
  t.equal(made(calls).length, 105);
  t.equal(made(await takeMany(100)).length, 100);
  t.equal(timeline.size(), 0, 'no timer is left');
  t.equal(quota.remaining(FIVE), 1_000_000 - 205);
});

t.test('a limit that the hub lowers takes places back, and tells the true time', async (t) => {
  const { takeMany, runUntil } = budget();
  const calls = await takeMany(10);
  settle(calls[0], { limit: 2 });
  await runUntil(30_000);
  t.same(told(calls.slice(5)), [opening(1), opening(1), opening(2), opening(2), opening(3)]);
  await runUntil(opening(1));
  t.equal(made(calls).length, 7);
});

t.test('calls that somebody else makes with the same token are counted', async (t) => {
  const { takeMany } = budget();
  const [first, second] = await takeMany(2);
  settle(first, { used: 3 });
  t.ok(second, 'is still in flight');
  t.same(told(await takeMany(2)), ['now', opening(1)], 'three at the hub, one in flight, this one');
  const other = budget();
  const [alone] = await other.takeMany(1);
  settle(alone, { used: 1 });
  t.same(
    told(await other.takeMany(5)),
    ['now', 'now', 'now', 'now', opening(1)],
    'our own are not counted twice',
  );
});

t.test('what the hub says of another time than now is not counted', async (t) => {
  for (const resetMs of [-3_600_000, 3_600_000]) {
    const { takeMany, quota } = budget();
    const [call] = await takeMany(1);
    settle(call, { used: 5, resetMs });
    t.equal(quota.remaining(FIVE), 4);
  }
});

t.test('a call without an answer is counted, and is in flight no more', async (t) => {
  const { takeMany, quota } = budget();
  const [lost, answered] = await takeMany(2);
  settle(lost, null);
  settle(answered, { used: 3 });
  t.equal(quota.remaining(FIVE), 2, 'none in flight is added to the three');
  settle(answered, { used: 5 });
  t.equal(quota.remaining(FIVE), 2, 'an end is told once');
});

t.test('an answer without headers changes nothing', async (t) => {
  const { take, quota } = budget();
  const { result } = await take();
  if (isPermit(result)) result.settle({ status: 200, headers: {} });
  t.equal(quota.remaining(FIVE), 4);
  t.equal(quota.limit(FIVE), 5);
});

t.test('a 429 that comes all the same closes the bucket until the hub opens it', async (t) => {
  const cases: [string, Said, number][] = [
    ['as the hub says', { status: 429, used: 5 }, 1],
    ['the later of both', { status: 429, used: 5, retryAfter: '200' }, 4],
    ['as far as it says, beyond the line too', { status: 429, used: 5, retryAfter: '3570' }, 60],
  ];
  for (const [name, said, minute] of cases) {
    const { takeMany, quota } = budget();
    const [call] = await takeMany(1);
    settle(call, said);
    t.equal(quota.remaining(FIVE), 0, name);
    const [next] = await takeMany(1);
    const full = minute > 20 ? { fullUntilMs: NOON_MS + opening(minute) } : null;
    t.same([next?.toldMs, next?.result], [full ? [] : [opening(minute)], full], name);
    t.equal(made(await takeMany(1, 'waiting', 'cibtp')).length, 1, 'the others stay open');
  }
});

t.test('a 429 without a word closes the minute', async (t) => {
  const { take, takeMany } = budget();
  const { result } = await take();
  if (isPermit(result))
    result.settle({ status: 429, headers: { 'ratelimit-reset': 'demain', 'retry-after': '∞' } });
  t.same(told(await takeMany(1)), [opening(1)]);
});

t.test('a delay told in whole seconds, as of when the hub answered, costs no window more', async (t) => {
  const { takeMany, timeline } = budget();
  const [call] = await takeMany(1);
  timeline.skipTo(START_MS + 700);
  settle(call, { status: 429, used: 5, retryAfter: '30' });
  t.same(told(await takeMany(1)), [opening(1)]);
  const [other] = await takeMany(1, 'waiting', 'cibtp');
  settle(other, { status: 429, used: 5, resetMs: Number.NaN, retryAfter: '0' });
  t.same(told(await takeMany(1, 'waiting', 'cibtp')), [opening(1)], 'nor does it open the one that is spent');
});

t.test('a 429 takes their places from those who wait', async (t) => {
  const { takeMany, runUntil } = budget();
  const calls = await takeMany(6);
  settle(calls[0], { status: 429, used: 5, retryAfter: '90' });
  await runUntil(opening(2));
  t.same(calls[5]?.toldMs, [opening(1), opening(2)]);
  t.equal(calls[5]?.atMs, opening(2));
});

t.test('a timer that fires a minute late makes no call in the wrong minute', async (t) => {
  const { takeMany, timeline, ledger, runUntil } = budget();
  const calls = await takeMany(6);
  timeline.skipTo(NOON_MS + 150_000);
  const second = NOON_MS / 60_000 + 2;
  ledger.learn(FIVE, { usage: { window: second, used: 5, inFlight: 0 } });
  await runUntil(150_000);
  t.same(calls[5]?.toldMs, [opening(1), opening(3)]);
  await runUntil(opening(3));
  t.equal(calls[5]?.atMs, opening(3));
});

t.test('at shutdown whoever waits is told that it is full, and gives its place back', async (t) => {
  const { takeMany, quota, timeline, ledger } = budget();
  const calls = await takeMany(6);
  quota.close();
  const [later] = await takeMany(1);
  t.same(calls[5]?.result, { fullUntilMs: NOON_MS + opening(1) });
  t.same(later?.result, calls[5]?.result, 'nobody waits any more');
  t.equal(quota.pending(), 0);
  t.equal(timeline.size(), 0);
  t.equal(ledger.known(FIVE).counts.get(NOON_MS / 60_000 + 1), 0);
});

t.test('a clock that differs from the hub’s is found out, and the hub’s minutes are kept to', async (t) => {
  const { takeMany, timeline, runUntil } = budget(NOON_MS + 57_000);
  for (const used of [1, 2]) {
    await runUntil(56_000 + used * 1_000);
    const [call] = await takeMany(1);
    await runUntil(56_300 + used * 1_000);
    const sevenSecondsAhead = new Date(timeline.now() + 7_000 - 100);
    settle(call, { date: sevenSecondsAhead, resetMs: 120_000, used });
  }
  const more = await takeMany(4);
  t.same(told(more).slice(0, 3), ['now', 'now', 'now']);
  const opensMs = Number(told(more)[3]) + 7_000;
  t.ok(Math.abs(opensMs - opening(2)) <= 600, `by the hub's clock it opens at ${opensMs}`);
});

t.test(
  'one answer with another date moves nothing, and a date that is hours off is never believed',
  async (t) => {
    const { takeMany, timeline, runUntil } = budget();
    const calls = await takeMany(4);
    settle(calls[0], { date: new Date(timeline.now() + 20_000) });
    settle(calls[1], { date: new Date(timeline.now()) });
    settle(calls[2], { date: new Date(timeline.now() + 86_400_000) });
    await runUntil(30_400);
    settle(calls[3], { date: new Date(timeline.now() + 86_400_000) });
    t.same(told(await takeMany(2)), ['now', opening(1)]);
  },
);

t.test('when the clock turns out wrong, the calls of the last minute count in the hub’s', async (t) => {
  const { take, takeMany, timeline, runUntil, quota } = budget(NOON_MS + 50_000);
  const calls = await takeMany(5);
  for (const startMs of [50_000, 51_000]) {
    await runUntil(startMs);
    const { result } = await take('json');
    await runUntil(startMs + 200);
    const date = new Date(timeline.now() + 15_000).toUTCString();
    if (isPermit(result)) result.settle({ status: 200, headers: { date } });
  }
  t.equal(quota.remaining(FIVE), 0, 'though none of them is answered yet');
  t.equal(made(calls).length, 5);
  const [next] = await takeMany(1);
  t.ok(Number(next?.toldMs) + 15_000 >= 120_000, 'the sixth waits for the minute after');
});

t.test('what is fetched ahead of need goes before the others from when somebody waits for it', async (t) => {
  const { takeMany, runUntil } = budget();
  const ahead = await takeMany(5, 'background');
  const [first, second] = ahead.slice(3) as [Taken, Taken];
  t.same([first.toldMs, second.toldMs], [[opening(1)], [opening(1)]], 'three of five are for the background');
  second.waitFor();
  await new Promise(setImmediate);
  t.equal(second.atMs, START_MS - NOON_MS, 'at once: there is room for who waits');
  t.ok(Number.isNaN(first.atMs), 'and for nobody else');
  await takeMany(1);
  first.waitFor();
  await new Promise(setImmediate);
  t.same(first.toldMs, [opening(1), opening(1)], 'told again, since it may have been sooner');
  await runUntil(opening(1));
  t.equal(first.atMs, opening(1));
});
