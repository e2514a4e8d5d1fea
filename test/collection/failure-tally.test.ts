import t from 'tap';
import { createFailureTally } from '../../src/collection/failure-tally.ts';
import { NOON_MS } from '../helpers/answer.ts';

/** Calls in order, one every `everyMs`, `x` a failure; whether each tripped. */
function calls(pattern: string, everyMs: number): boolean[] {
  const tally = createFailureTally();
  return [...pattern].map((sign, i) => {
    const nowMs = NOON_MS + i * everyMs;
    if (sign === 'x') return tally.failed(nowMs);
    tally.succeeded(nowMs);
    return false;
  });
}

const tripsAt = (pattern: string, everyMs = 100) => calls(pattern, everyMs).indexOf(true) + 1;

t.test(
  'five failures in a row trip, however slowly they come; one success among them starts anew',
  async (t) => {
    t.equal(tripsAt('xxxx'), 0);
    t.equal(tripsAt('xxxxx'), 5);
    t.equal(tripsAt('xxxxx', 3_600_000), 5);
    t.equal(tripsAt('xxxx.xxxx'), 0);
    t.equal(tripsAt('xxxx.xxxxx'), 10);
  },
);

t.test('half of at least twenty calls within a minute trip', async (t) => {
  t.equal(tripsAt('.x'.repeat(9)), 0, 'eighteen calls are too few');
  t.equal(tripsAt('.x'.repeat(10)), 20);
  t.equal(tripsAt('..x'.repeat(50)), 0, 'a third is not half');
  t.equal(tripsAt(`${'.'.repeat(12)}${'xxxx.'.repeat(5)}`), 30, 'as soon as half is reached');
});

t.test('what is older than a minute is forgotten', async (t) => {
  t.equal(tripsAt('.x'.repeat(100), 3_400), 0, 'eighteen calls a minute');
  t.equal(tripsAt('.x'.repeat(100), 2_500), 20, 'twenty-four calls a minute');
  const tally = createFailureTally();
  for (let i = 0; i < 1000; i++) tally.succeeded(NOON_MS);
  const laterMs = NOON_MS + 60_000;
  const tripped: boolean[] = [];
  for (let i = 0; i < 10; i++) {
    tally.succeeded(laterMs);
    tripped.push(tally.failed(laterMs));
  }
  t.equal(tripped.indexOf(true), 9);
});
