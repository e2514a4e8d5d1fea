import t from 'tap';
import { networkOf } from '../../src/access/networks.ts';
import { createRefusalBudget, type RefusalGroup } from '../../src/access/refusal-budget.ts';

function setUp() {
  const told: RefusalGroup[] = [];
  const ends: (() => void)[] = [];
  const budget = createRefusalBudget({
    tell: (group) => void told.push(group),
    now: () => 1_000,
    after: (_delayMs, callback) => {
      ends.push(callback);
      return () => {};
    },
  });
  const take = (network: string) => budget.take({ holder: null, network, reason: 'jeton_absent' });
  return { budget, told, take, endMinute: () => ends.pop()?.() };
}

t.test('a network has so many lines in a minute, whatever others do; then as many again', (t) => {
  const { take, told, endMinute } = setUp();
  const written = (network: string) => Array.from({ length: 50 }, () => take(network)).filter(Boolean).length;
  t.equal(written('a'), 20);
  t.equal(written('b'), 20);
  endMinute();
  t.strictSame(told, [{ holder: null, sinceMs: 1_000, counts: { jeton_absent: 60 } }]);
  t.equal(written('a'), 20);
  t.end();
});

t.test('whatever the number of networks, and nothing is told of a minute without a flood', (t) => {
  const { take, told, endMinute } = setUp();
  const lines = Array.from({ length: 5_000 }, (_, i) => take(`network ${i}`)).filter(Boolean).length;
  t.equal(lines, 200);
  endMinute();
  t.match(told, [{ counts: { jeton_absent: 4_800 } }]);
  take('a');
  endMinute();
  t.equal(told.length, 1);
  t.end();
});

t.test('addresses of one /64 are of one network, and an address of the other family is itself', (t) => {
  t.equal(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:1:ffff:2:3:4'));
  t.not(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'));
  t.equal(networkOf('2001:db8::1'), '2001:db8:0:0');
  t.equal(networkOf('::1'), '0:0:0:0');
  t.equal(networkOf('::ffff:203.0.113.9'), '203.0.113.9');
  t.end();
});
