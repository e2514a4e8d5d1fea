import t from 'tap';
import {
  dayIn,
  dayOf,
  dayOfUnixSeconds,
  daysAfter,
  endOfDay,
  instantOf,
  parisTimeOf,
} from '../../src/dossier/time.ts';

const secondsOf = (instant: string) => Date.parse(instant) / 1000;

t.test('Paris midnight in Unix seconds is that day, whatever the season', async (t) => {
  t.equal(dayOfUnixSeconds(secondsOf('2026-01-01T00:00:00+01:00')), '2026-01-01');
  t.equal(dayOfUnixSeconds(secondsOf('2026-07-01T00:00:00+02:00')), '2026-07-01');
});

t.test('days before 1970 are negative seconds, and read alike', async (t) => {
  t.equal(dayOfUnixSeconds(secondsOf('1960-01-01T00:00:00+01:00')), '1960-01-01');
  t.equal(dayOfUnixSeconds(-3600), '1970-01-01');
  t.equal(dayOfUnixSeconds(-2_208_989_361), '1900-01-01', 'Paris had its own solar time');
});

t.test('the day changes at midnight in Paris, on days that change the clock too', async (t) => {
  t.equal(dayOf(Date.parse('2026-03-28T22:59:59Z')), '2026-03-28');
  t.equal(dayOf(Date.parse('2026-03-28T23:00:00Z')), '2026-03-29');
  t.equal(dayOf(Date.parse('2026-03-29T21:59:59Z')), '2026-03-29');
  t.equal(dayOf(Date.parse('2026-03-29T22:00:00Z')), '2026-03-30');
  t.equal(dayOf(Date.parse('2026-10-24T22:00:00Z')), '2026-10-25');
  t.equal(dayOf(Date.parse('2026-10-25T22:59:59Z')), '2026-10-25');
  t.equal(dayOf(Date.parse('2026-10-25T23:00:00Z')), '2026-10-26');
});

t.test('days are counted over the ends of months and years', async (t) => {
  t.equal(daysAfter('2026-03-28', 1), '2026-03-29', 'one that is an hour short');
  t.equal(daysAfter('2026-12-31', 1), '2027-01-01');
  t.equal(daysAfter('2028-02-28', 1), '2028-02-29');
  t.equal(daysAfter('2026-02-28', 1), '2026-03-01');
});

t.test('a day ends at midnight in Paris, whatever its length', async (t) => {
  const cases = {
    '2026-11-23': '2026-11-23T23:00:00.000Z',
    '2026-07-14': '2026-07-14T22:00:00.000Z',
    '2026-03-28': '2026-03-28T23:00:00.000Z',
    '2026-03-29': '2026-03-29T22:00:00.000Z',
    '2026-10-25': '2026-10-25T23:00:00.000Z',
    '2026-12-31': '2026-12-31T23:00:00.000Z',
    '2028-02-29': '2028-02-29T23:00:00.000Z',
  };
  for (const [day, end] of Object.entries(cases)) {
    t.equal(new Date(endOfDay(day)).toISOString(), end, day);
    t.equal(dayOf(endOfDay(day) - 1), day);
    t.not(dayOf(endOfDay(day)), day);
  }
});

t.test('an hour is the hour of the Paris clock', async (t) => {
  t.equal(parisTimeOf(Date.parse('2026-11-23T07:00:00Z')).hour, 8);
  t.equal(parisTimeOf(Date.parse('2026-07-23T07:00:00Z')).hour, 9);
});

t.test('an instant is in UTC, to the second', async (t) => {
  t.equal(instantOf(Date.parse('2026-11-23T12:00:00.999+01:00')), '2026-11-23T11:00:00Z');
  t.equal(instantOf(0), '1970-01-01T00:00:00Z');
});

t.test('a text that begins with a day gives that day', async (t) => {
  t.equal(dayIn('2026-11-23'), '2026-11-23');
  t.equal(dayIn('2026-11-23T10:00:00+01:00'), '2026-11-23');
  t.equal(dayIn('2024-02-29'), '2024-02-29');
});

t.test('anything else is no day', async (t) => {
  const garbage = [
    null,
    undefined,
    '',
    '2026',
    '2026-11',
    '2026-13-01',
    '2026-00-10',
    '2026-02-30',
    '2025-02-29',
    '23/11/2026',
    '23-11-2026',
    '2026-1-1',
    ' 2026-11-23',
    '٢٠٢٦-١١-٢٣',
    '-2026-11-23',
    'demain matin',
  ];
  for (const text of garbage) t.equal(dayIn(text), null, JSON.stringify(text));
});

t.test('an instant is told to the second, before 1970 as well, and is no date beyond them all', async (t) => {
  const told = [999, 0, 1_000, 1_999, -1, 1_000].map(instantOf);
  t.strictSame(told, [
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:01Z',
    '1970-01-01T00:00:01Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:01Z',
  ]);
  t.throws(() => instantOf(Number.NaN), RangeError);
});
