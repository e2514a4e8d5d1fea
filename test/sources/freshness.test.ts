import t from 'tap';
import { type Freshness, freshUntil } from '../../src/sources/freshness.ts';

/** Until when an answer given at `instant` is fresh, as an instant. */
function until(freshness: Freshness, instant: string): string {
  return Temporal.Instant.fromEpochMilliseconds(freshUntil(freshness, Date.parse(instant))).toString();
}

t.test('a time is counted from the answer', async (t) => {
  t.equal(until({ forSeconds: 3600 }, '2026-11-23T11:00:00Z'), '2026-11-23T12:00:00Z');
});

t.test('an answer lasts until the next time the clock of Paris strikes', async (t) => {
  t.equal(until({ untilHour: 8 }, '2026-11-23T06:59:59Z'), '2026-11-23T07:00:00Z');
  t.equal(until({ untilHour: 8 }, '2026-11-23T07:00:01Z'), '2026-11-24T07:00:00Z');
});

t.test('an answer given when the clock strikes lasts a day', async (t) => {
  t.equal(until({ untilHour: 8 }, '2026-11-23T07:00:00Z'), '2026-11-24T07:00:00Z');
});

t.test('summer counts the hours of Paris as well', async (t) => {
  t.equal(until({ untilHour: 8 }, '2026-07-14T05:30:00Z'), '2026-07-14T06:00:00Z');
  t.equal(until({ untilHour: 0 }, '2026-07-14T21:59:59Z'), '2026-07-14T22:00:00Z');
  t.equal(until({ untilHour: 0 }, '2026-07-14T22:00:00Z'), '2026-07-15T22:00:00Z');
});

t.test('the clock keeps its hour over the nights when it changes', async (t) => {
  t.equal(until({ untilHour: 8 }, '2026-03-28T12:00:00Z'), '2026-03-29T06:00:00Z');
  t.equal(until({ untilHour: 8 }, '2026-10-24T12:00:00Z'), '2026-10-25T07:00:00Z');
  t.equal(until({ untilHour: 8 }, '2026-03-29T00:30:00Z'), '2026-03-29T06:00:00Z');
  t.equal(until({ untilHour: 8 }, '2026-10-25T00:30:00Z'), '2026-10-25T07:00:00Z');
  t.equal(until({ untilHour: 0 }, '2026-03-29T12:00:00Z'), '2026-03-29T22:00:00Z');
});

t.test('a month ends at midnight in Paris, whatever its length and its clock', async (t) => {
  const cases = {
    '2026-11-23T11:00:00Z': '2026-11-30T23:00:00Z',
    '2026-12-31T22:59:59Z': '2026-12-31T23:00:00Z',
    '2026-12-31T23:00:00Z': '2027-01-31T23:00:00Z',
    '2028-02-29T11:00:00Z': '2028-02-29T23:00:00Z',
    '2026-01-31T11:00:00Z': '2026-01-31T23:00:00Z',
    '2026-03-15T11:00:00Z': '2026-03-31T22:00:00Z',
    '2026-10-01T11:00:00Z': '2026-10-31T23:00:00Z',
  };
  for (const [instant, end] of Object.entries(cases)) {
    t.equal(until({ untilEndOfMonth: true }, instant), end, instant);
  }
});

t.test('an answer is always fresh for a while', async (t) => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  const freshnesses: Freshness[] = [{ untilHour: 0 }, { untilHour: 8 }, { untilEndOfMonth: true }];
  for (let hour = 0; hour < 366 * 24; hour++) {
    const now = start + hour * 3_600_000;
    const stale = freshnesses.find((freshness) => freshUntil(freshness, now) <= now);
    if (stale) t.fail(`${JSON.stringify(stale)} at ${new Date(now).toISOString()}`);
  }
});
