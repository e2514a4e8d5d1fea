import t from 'tap';
import { candidatesFor, type Expectation } from '../../src/formulaires/coerce.ts';

function into(value: unknown, expected: Partial<Expectation>) {
  return candidatesFor(value, { types: [], formats: [], members: [], ...expected });
}

t.test('a value keeps its type wherever it can', async (t) => {
  t.strictSame(into('000011403', { types: ['string', 'number'] }), ['000011403']);
  t.strictSame(into(34.25, {}), [34.25]);
  t.strictSame(into(false, { types: ['boolean'] }), [false]);
});

t.test('a number is read in a text only if it is written back as the same text', async (t) => {
  t.strictSame(into('2025', { types: ['integer'] }), [2025]);
  for (const text of ['000011403', '1e3', ' 12', '12,5', '', '99999999999999999999']) {
    t.strictSame(into(text, { types: ['number'] }), [], text);
  }
  t.strictSame(into(34.25, { types: ['integer'] }), [], 'nothing is rounded');
  t.strictSame(into(34.25, { types: ['string'] }), ['34.25']);
});

t.test('a day is given no hour; an instant gives its day in Paris', async (t) => {
  t.strictSame(into('2026-11-23T23:30:00Z', { types: ['string'], formats: ['date'] }), [
    '2026-11-23T23:30:00Z',
    '2026-11-24',
  ]);
  t.strictSame(into('2026-11-23', { types: ['string'], formats: ['date-time'] }), ['2026-11-23']);
});

t.test('a member of an enumeration is found whatever its capitals, and if it is the only one', async (t) => {
  t.strictSame(into('PME', { types: ['string'], members: ['pme', 'eti'] }), ['PME', 'pme']);
  t.strictSame(into('PME', { types: ['string'], members: ['pme', 'Pme'] }), ['PME']);
  t.strictSame(into(true, { types: ['string'], members: ['Oui', 'Non'] }), ['Oui']);
  t.strictSame(into(true, { types: ['string'] }), []);
});

t.test('lines are one text; an object is none', async (t) => {
  t.strictSame(into(['1 RUE A', '44000 NANTES'], { types: ['string'] }), ['1 RUE A, 44000 NANTES']);
  t.strictSame(into([], { types: ['string'] }), []);
  t.strictSame(into({ a: 1 }, { types: ['string'] }), []);
});
