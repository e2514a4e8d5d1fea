import t from 'tap';
import { retryAfterSeconds } from '../../src/sources/retry-after.ts';
import { NOON_MS } from '../helpers/answer.ts';

const table: [string | undefined, number | null, string][] = [
  ['120', 120, 'a number of seconds'],
  [' 7 ', 7, 'with blanks around it'],
  ['0', 0, 'now'],
  ['1.5', 1.5, 'with a fraction'],
  ['99999999', 30 * 86_400, 'no longer than thirty days'],
  ['9'.repeat(400), 30 * 86_400, 'infinity'],
  ['Mon, 23 Nov 2026 11:00:30 GMT', 30, 'a date'],
  ['Monday, 23-Nov-26 11:02:00 GMT', 120, 'an obsolete date'],
  ['Mon, 23 Nov 2026 10:00:00 GMT', 0, 'a date that is past'],
  ['Mon, 23 Nov 2099 11:00:00 GMT', 30 * 86_400, 'a date far away'],
  [undefined, null, 'nothing'],
  ['', null, 'an empty header'],
  ['-5', null, 'less than nothing'],
  ['1e3', null, 'no way to write seconds'],
  ['0x10', null, 'nor this'],
  ['soon', null, 'a word'],
  ['Mon, 99 Nov 2026 11:00:00 GMT', null, 'no date'],
  ['Mon Nov 23 11:00:30 2026', null, 'a date of no zone'],
  ['2026-11-23T11:00:30Z', null, 'a date of another format'],
];

t.test('Retry-After is a number of seconds or an HTTP date; anything else says nothing', async (t) => {
  for (const [value, seconds, name] of table) t.equal(retryAfterSeconds(value, NOON_MS), seconds, name);
});
