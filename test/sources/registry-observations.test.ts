import t from 'tap';
import { collectiveProceedings } from '../../src/sources/registry-observations.ts';

const note = (texte: string, date: string | null = '2026-01-01') => ({ numero: null, date, texte });
const messageOf = (...notes: ReturnType<typeof note>[]) =>
  collectiveProceedings(notes, 'registre')[0]?.message;

t.test('the three proceedings are recognised, however they are written', async (t) => {
  for (const texte of [
    'JUGEMENT DE LIQUIDATION-JUDICIAIRE SIMPLIFIÉE',
    'ouverture du redressement  judiciaire',
    'Plan de sauvegarde arrêté',
    'Ouverture d’une procédure collective',
  ]) {
    t.match(collectiveProceedings([note(texte)], 'registre'), [{ code: 'procedure_collective' }], texte);
  }
});

t.test('other notes are not alerts', async (t) => {
  const others = ['Dissolution anticipée et liquidation amiable', 'Transfert du siège', ''];
  t.same(
    collectiveProceedings(
      others.map((texte) => note(texte)),
      'registre',
    ),
    [],
  );
});

t.test('the latest note is quoted with its day, and is to be checked', async (t) => {
  const message = messageOf(
    note('Liquidation judiciaire', '2026-09-01'),
    note('Redressement judiciaire', '2025-01-01'),
    note('Sauvegarde', null),
  );
  t.match(message, /Mention au registre, du 01\/09\/2026 : « Liquidation judiciaire »/);
  t.match(message, /à vérifier/);
});

t.test('a note that ends the proceedings is still an alert, and says that it seems to', async (t) => {
  t.match(messageOf(note('Clôture de la liquidation judiciaire')), /semble parler de la fin/);
  t.match(messageOf(note('Fin de la procédure de sauvegarde')), /semble parler de la fin/);
  t.notMatch(messageOf(note('Liquidation judiciaire afin de céder les actifs')), /semble parler/);
});

t.test('a long note is cut at 200 characters, never inside one', async (t) => {
  const quote = /« (.*) »/u.exec(messageOf(note(`Sauvegarde ${'🏛'.repeat(500)}`)) ?? '')?.[1] ?? '';
  t.equal([...quote].length, 200);
  t.ok(quote.isWellFormed());
});

t.test('a note of a million characters is read at once', async (t) => {
  const startedMs = performance.now();
  collectiveProceedings([note(`${'- é'.repeat(333_333)} sauvegarde`)], 'registre');
  t.ok(performance.now() - startedMs < 5000);
});
