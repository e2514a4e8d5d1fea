import t from 'tap';
import { readDateMs, readRateLimitHeaders } from '../../src/collection/rate-limit-headers.ts';

const NOTHING = { limit: null, remaining: null, resetMs: null, retryAfterSeconds: null };

t.test('the headers of the hub are numbers, times in milliseconds', async (t) => {
  const headers = {
    'ratelimit-limit': '250',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '1795431660',
    'retry-after': '27',
    date: 'Mon, 23 Nov 2026 11:00:33 GMT',
  };
  t.strictSame(readRateLimitHeaders(headers), {
    limit: 250,
    remaining: 0,
    resetMs: 1_795_431_660_000,
    retryAfterSeconds: 27,
  });
  t.equal(readDateMs(headers), Date.parse('2026-11-23T11:00:33Z'));
});

t.test('headers that stay away say nothing', async (t) => {
  t.strictSame(readRateLimitHeaders({}), NOTHING);
  t.equal(readDateMs({}), null);
});

t.test('nonsense says nothing', async (t) => {
  const numbers = [
    '',
    ' 5',
    '5 ',
    '-1',
    '+5',
    '5.5',
    '1e3',
    '0x10',
    '05',
    'NaN',
    'Infinity',
    'demain',
    '5, 5;w=60',
  ];
  for (const value of [...numbers, '9'.repeat(40), ['5', '5']]) {
    const headers = {
      'ratelimit-limit': value,
      'ratelimit-remaining': value,
      'ratelimit-reset': value,
      'retry-after': value,
    };
    t.strictSame(readRateLimitHeaders(headers), NOTHING, JSON.stringify(value));
  }
  const dates = ['', '0', '2026-11-23', 'Mon, 99 Nov 2026 11:00:33 GMT', 'Mon, 23 Nov 2026 11:00:33 +0200'];
  for (const date of [...dates, ['Mon, 23 Nov 2026 11:00:33 GMT']]) {
    t.equal(readDateMs({ date }), null, JSON.stringify(date));
  }
});

t.test('numbers out of their bounds say nothing', async (t) => {
  t.match(readRateLimitHeaders({ 'ratelimit-limit': '0' }), { limit: null });
  t.match(readRateLimitHeaders({ 'ratelimit-limit': '10000001' }), { limit: null });
  t.match(
    readRateLimitHeaders({ 'ratelimit-reset': '30' }),
    { resetMs: null },
    'seconds from now, as others write',
  );
  t.match(readRateLimitHeaders({ 'retry-after': '0' }), { retryAfterSeconds: 0 });
  t.match(readRateLimitHeaders({ 'retry-after': '86401' }), { retryAfterSeconds: null });
});
