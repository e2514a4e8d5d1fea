import t from 'tap';
import { createMatches } from '../../src/formulaires/patterns.ts';

t.test('patterns are matched as JSON Schema means them', async (t) => {
  const matches = createMatches();
  t.equal(matches('^[0-9]{14}$', '00001140300029'), true);
  t.equal(matches('^[0-9]{14}$', '0000114030002'), false);
  t.equal(matches('quai', 'des quais'), true, 'anywhere in the text');
  t.equal(matches('^\\p{Lu}+$', 'ÉTÉ'), true);
  t.equal(matches('a\\/b', 'a/b'), true);
});

t.test('a pattern that would hold another engine for ever is judged at once', async (t) => {
  const startMs = performance.now();
  t.equal(createMatches()('^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(200)), false);
  t.equal(createMatches()('^(a+)+$', `${'a'.repeat(2_000)}!`), false);
  t.ok(performance.now() - startMs < 5_000, 'another engine would take longer than the universe');
});

t.test('what cannot be judged within its bounds is not judged', async (t) => {
  const matches = createMatches();
  t.equal(matches('(?=a)a', 'a'), null, 'looking ahead');
  t.equal(matches('(a)\\1', 'aa'), null, 'referring back');
  t.equal(matches('(', '('), null, 'no pattern');
  t.equal(matches(`(${'a'.repeat(100)}){1000}`, 'a'), null, 'unrolled, it is too long');
  const many = createMatches();
  const answers = Array.from({ length: 60 }, (_, i) => many(`[a-z${i}]{0,900}$`, 'a'.repeat(1_000)));
  t.ok(answers.includes(null), 'all those of one request are bounded together');
});

t.test('repetitions within repetitions, and classes of Unicode, count for what they come to', async (t) => {
  for (const pattern of ['((x{1,10}){1,10}){1,10}', '\\p{L}'.repeat(20)]) {
    const matches = createMatches();
    const answers = Array.from({ length: 300 }, (_, i) => matches(`${pattern}${i}`, 'quai'));
    t.equal(answers[0], false);
    t.equal(answers.at(-1), null, pattern);
  }
});
