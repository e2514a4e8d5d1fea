import t from 'tap';
import { keepPurging } from '../../src/documents/purging.ts';

/** A purge that the test ends, and a clock that it strikes. */
function setUp(results: (() => Promise<{ removed: number; left: number }>)[]) {
  const told: object[] = [];
  let purges = 0;
  let strike = () => {};
  const purging = keepPurging({
    archive: {
      purge: async () => (results[purges++] ?? (async () => ({ removed: 0, left: 0 })))(),
    },
    onPurged: (count) => told.push(count),
    onFailed: (error) => told.push({ error }),
    repeat(callback) {
      strike = callback;
      return () => {
        strike = () => {};
      };
    },
  });
  const settle = () => new Promise(setImmediate);
  return { purging, told, settle, purges: () => purges, strike: () => strike() };
}

t.test('documents whose time is over go when the gateway starts, and again later', async (t) => {
  const { told, strike, settle, purging, purges } = setUp([async () => ({ removed: 2, left: 1 })]);
  await settle();
  t.strictSame(told, [{ removed: 2, left: 1 }]);
  strike();
  await settle();
  t.equal(purges(), 2);
  purging.close();
  strike();
  t.equal(purges(), 2, 'not once it is closed');
});

t.test('a purge that fails is told of, and the next one is made', async (t) => {
  const { told, strike, settle, purges } = setUp([async () => Promise.reject(new Error('no disk'))]);
  await settle();
  t.match(told, [{ error: /no disk/ }]);
  strike();
  t.equal(purges(), 2);
});

t.test('a purge that takes long is not joined by another', async (t) => {
  const { strike, purges } = setUp([() => new Promise(() => {})]);
  strike();
  t.equal(purges(), 1);
});

t.test('a purge whose store is closed under it, with the gateway, is no failure', async (t) => {
  const { promise, reject } = Promise.withResolvers<never>();
  const { told, purging, settle } = setUp([() => promise]);
  purging.close();
  reject(new Error('closed'));
  await settle();
  t.strictSame(told, []);
});
