import t from 'tap';
import { latestProceedings, notesToCheck } from '../../src/sources/registry-observations.ts';

const note = (texte: string, date: string | null = '2026-01-01') => ({ numero: null, date, texte });
const messageOf = (...notes: ReturnType<typeof note>[]) => notesToCheck(notes, 'registre')[0]?.message;

t.test('the three proceedings are recognised, however they are written', async (t) => {
  for (const texte of [
    'JUGEMENT DE LIQUIDATION-JUDICIAIRE SIMPLIFIÉE',
    'ouverture du redressement  judiciaire',
    'Plan de sauvegarde arrêté',
    'Ouverture d’une procédure collective',
  ]) {
    t.match(notesToCheck([note(texte)], 'registre'), [{ code: 'procedure_collective' }], texte);
  }
});

t.test('a liquidation or a recovery that a note names without a word more is an alert', async (t) => {
  for (const texte of [
    'Jugement prononçant la résolution du plan et la liquidation',
    'Jugement arrêtant le plan de redressement',
    'Jugement arrêtant le plan de cession',
    'Report de la date de cessation des paiements',
  ]) {
    t.match(notesToCheck([note(texte)], 'registre'), [{ code: 'procedure_collective' }], texte);
  }
});

t.test('a plan of recovery is said as such, but one that is set aside', async (t) => {
  t.match(messageOf(note('Jugement arrêtant le plan de redressement')), /parle d'un plan de redressement/);
  const resolved = note('Jugement prononçant la résolution du plan de redressement');
  t.notMatch(messageOf(resolved), /parle d'un plan/);
  t.equal(latestProceedings([resolved])?.kind, 'redressement');
});

t.test('only a note that announces an opening is one', async (t) => {
  const isOpening = (texte: string) => {
    const found = latestProceedings([note(texte)]);
    return found !== null && found.kind === 'liquidation' && found.isOpening && !found.mayHaveEnded;
  };
  for (const texte of [
    'Jugement ouvrant la procédure de liquidation judiciaire',
    'Ouverture d’une liquidation judiciaire simplifiée',
    'Jugement prononçant la liquidation judiciaire',
    'Conversion du redressement en liquidation judiciaire',
  ]) {
    t.ok(isOpening(texte), texte);
  }
  for (const texte of [
    'Liquidation judiciaire',
    'Jugement rejetant la demande d’ouverture d’une liquidation judiciaire',
    'Arrêt réformant le jugement de liquidation judiciaire',
    'Rétractation du jugement ouvrant la liquidation judiciaire',
    'Ordonnance suspendant l’exécution provisoire du jugement prononçant la liquidation judiciaire',
    'Dépôt d’une demande d’ouverture de liquidation judiciaire',
    'Assignation en ouverture de liquidation judiciaire',
    'Jugement disant n’y avoir lieu à ouverture d’une liquidation judiciaire',
  ]) {
    t.notOk(isOpening(texte), texte);
  }
});

t.test('a personal bankruptcy and a ban from managing are alerts of their own', async (t) => {
  for (const texte of [
    'Jugement prononçant la faillite personnelle de M. X',
    'Interdiction de gérer pour une durée de cinq ans',
    'Interdiction de diriger, gérer, administrer ou contrôler toute entreprise',
  ]) {
    t.match(notesToCheck([note(texte)], 'registre'), [{ code: 'interdiction_gerer', niveau: 'critique' }]);
  }
  const ban = note('Interdiction de gérer', '2026-10-01');
  const opening = note('Ouverture de la liquidation judiciaire', '2026-09-01');
  t.match(notesToCheck([ban, opening], 'registre'), [
    { code: 'procedure_collective', message: /01\/09\/2026/ },
    { code: 'interdiction_gerer', message: /01\/10\/2026/ },
  ]);
  const lifted = notesToCheck([note('Relevé de l’interdiction de gérer')], 'registre');
  t.match(lifted, [{ message: /semble parler de sa fin/ }]);
});

t.test('other notes are not alerts', async (t) => {
  const others = [
    'Dissolution anticipée et liquidation amiable',
    'Dissolution anticipée, siège de la liquidation fixé au siège social',
    'Transfert du siège',
    '',
  ];
  t.same(
    notesToCheck(
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
  notesToCheck([note(`${'- é'.repeat(333_333)} sauvegarde`)], 'registre');
  t.ok(performance.now() - startedMs < 5000);
});
