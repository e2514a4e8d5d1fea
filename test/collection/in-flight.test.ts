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
