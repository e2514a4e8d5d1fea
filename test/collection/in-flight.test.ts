import t from 'tap';
import { createInFlight } from '../../src/collection/in-flight.ts';

t.test('whoever asks for what is under way shares its result; other keys have their own', async (t) => {
  const inFlight = createInFlight<number>();
  const work = Promise.withResolvers<number>();
  const first = inFlight.run('a', () => work.promise);
  const second = inFlight.run('a', async () => 2);
  const other = inFlight.run('b', async () => 3);
  t.same([first.joined, second.joined, other.joined], [false, true, false]);
  work.resolve(1);
  t.same(await Promise.all([first.result, second.result, other.result]), [1, 1, 3]);
});

t.test('work that is over, well or badly, is not shared any more', async (t) => {
  const inFlight = createInFlight<number>();
  const run = (start: () => Promise<number>) => inFlight.run('a', start);
  t.equal(await run(async () => 1).result, 1);
  const failing = run(() => Promise.reject(new Error('a bug')));
  const sharing = run(async () => 2);
  await t.rejects(failing.result, /a bug/);
  await t.rejects(sharing.result, /a bug/);
  const last = run(async () => 3);
  t.equal(last.joined, false);
  t.equal(await last.result, 3);
});

t.test('settled waits for all that is under way, and for what that starts', async (t) => {
  const inFlight = createInFlight<number>();
  const works = { outer: Promise.withResolvers<number>(), inner: Promise.withResolvers<number>() };
  const outer = inFlight.run('outer', async () => {
    await works.outer.promise;
    inFlight.run('inner', () => works.inner.promise);
    throw new Error('a bug');
  });
  let over = false;
  const settled = inFlight.settled().then(() => {
    over = true;
  });
  works.outer.resolve(1);
  await t.rejects(outer.result, /a bug/);
  await new Promise(setImmediate);
  t.equal(over, false, 'what began meanwhile is still under way');
  works.inner.resolve(2);
  await settled;
  await t.resolves(inFlight.settled(), 'nothing under way is settled at once');
});

t.test('whoever waits is told of a delay, also who comes after it was told', async (t) => {
  const inFlight = createInFlight<number>();
  const work = Promise.withResolvers<number>();
  const told: string[] = [];
  const listener = (who: string) => (untilMs: number) => void told.push(`${who} ${untilMs}`);
  let tellDelay = (_: number) => {};
  const first = inFlight.run(
    'a',
    (tell) => {
      tellDelay = tell;
      return work.promise;
    },
    { onDelayed: listener('first') },
  );
  inFlight.run('a', async () => 0, { onDelayed: listener('second') });
  t.same(told, [], 'nothing is late yet');
  tellDelay(1_000);
  inFlight.run('a', async () => 0, { onDelayed: listener('third') });
  inFlight.run('a', async () => 0);
  tellDelay(2_000);
  t.same(told, ['first 1000', 'second 1000', 'third 1000', 'first 2000', 'second 2000', 'third 2000']);
  work.resolve(1);
  await first.result;
  inFlight.run('a', async () => 2, { onDelayed: listener('fourth') });
  t.equal(told.length, 6, 'what follows is another work');
});

t.test('its size counts the works under way, not those who wait', async (t) => {
  const inFlight = createInFlight<number>();
  const work = Promise.withResolvers<number>();
  inFlight.run('a', () => work.promise);
  inFlight.run('a', () => work.promise);
  inFlight.run('b', () => work.promise);
  t.equal(inFlight.size(), 2);
  work.resolve(1);
  await inFlight.settled();
  t.equal(inFlight.size(), 0);
});

t.test(
  'work ahead of need learns once that somebody waits for it, and its delay is then to be told anew',
  async (t) => {
    const inFlight = createInFlight<number>();
    const told: string[] = [];
    let tellDelay = (_: number) => {};
    let listen = (_: () => void) => {};
    const start = (tell: (untilMs: number) => void, onWaited: (listener: () => void) => void) => {
      tellDelay = tell;
      listen = onWaited;
      return new Promise<number>(() => {});
    };
    const onDelayed = (untilMs: number) => void told.push(String(untilMs));
    inFlight.run('a', start, { isWaiting: false });
    listen(() => told.push('waited'));
    tellDelay(60_000);
    inFlight.run('a', start, { isWaiting: false });
    inFlight.run('a', start, { onDelayed });
    inFlight.run('a', start);
    t.same(told, ['waited']);
    listen(() => told.push('late'));
    t.same(told, ['waited', 'late'], 'who asks later is told at once');
    tellDelay(1_000);
    t.same(told, ['waited', 'late', '1000']);
  },
);

t.test('somebody who waits elsewhere counts as one who waits here, and learns of the delay', async (t) => {
  const inFlight = createInFlight<number>();
  t.equal(inFlight.raise('a'), null, 'nothing is under way');
  let tellDelay = (_: number) => {};
  let waited = 0;
  const start = (tell: (untilMs: number) => void, onWaited: (listener: () => void) => void) => {
    tellDelay = tell;
    onWaited(() => waited++);
    return new Promise<number>(() => {});
  };
  inFlight.run('a', start, { isWaiting: false });
  tellDelay(60_000);
  t.equal(inFlight.raise('a'), null, 'its delay is told anew');
  tellDelay(30_000);
  t.equal(inFlight.raise('a'), 30_000);
  t.equal(waited, 1);
});
