import t from 'tap';
import { type Entry, entryIn, entryOf, outcomeIn, textOf } from '../../src/keeping/entry.ts';
import type { Kept } from '../../src/keeping/kept.ts';
import { fact } from '../helpers/app.ts';

const life = { freshUntilMs: 1_000.5, revalidateUntilMs: 2_000, staleUntilMs: Number.MAX_SAFE_INTEGER };
const kept: Kept = { outcome: fact('obtenu', { nom: 'Œuvre à Béziers "1"', liste: [1, null] }), ...life };

t.test('an answer comes back from an entry as it was, each time anew', async (t) => {
  const entry = entryOf(kept);
  t.strictSame(outcomeIn(entry), kept.outcome);
  t.not(outcomeIn(entry), outcomeIn(entry), 'what one caller does with it, the next does not see');
});

t.test('another process reads in the text what this one kept, but not as its own', async (t) => {
  const read = entryIn(textOf(entryOf(kept, 7))) as Entry;
  t.strictSame(read, entryOf(kept, 0));
});

t.test('a company that the law forbids to show crosses too', async (t) => {
  const erreur = { code: '01005', titre: 'Non diffusible' };
  const forbidden: Kept = { outcome: { statut: 'non_autorise', erreur, nouvel_essai_le: null }, ...life };
  t.strictSame(outcomeIn(entryIn(textOf(entryOf(forbidden))) as Entry), forbidden.outcome);
});

t.test('a text that is not ours gives nothing, without an error that would quote it', async (t) => {
  const text = textOf(entryOf(kept));
  const garbage = [
    '',
    'null',
    '{"outcome":{"statut":"obtenu"}',
    text.slice(0, -1),
    text.replace('"obtenu"', '"coupable"'),
    text.replace('"obtenu"', '"indisponible"'),
    text.replace('"freshUntilMs"', '"fresh"'),
    text.replace('1000.5', '"demain"'),
    text.replace('2026-11-23T10:00:00Z', 'hier'),
  ];
  for (const one of garbage) t.equal(entryIn(one), null, one);
});
