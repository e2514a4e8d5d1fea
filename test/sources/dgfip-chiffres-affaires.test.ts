import t from 'tap';
import { dgfipChiffresAffaires as source } from '../../src/sources/dgfip-chiffres-affaires.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const exercice = (date_fin_exercice: unknown, chiffre_affaires: unknown) => ({
  chiffre_affaires,
  date_fin_exercice,
});

function turnovers(...items: unknown[]) {
  return source.unify(factFor(source, 200, collection(items)).donnees).fiscal?.chiffres_affaires;
}

t.test('turnovers are given by exercise, the last one first', async (t) => {
  t.same(turnovers(exercice('2024-12-31', 900_001), exercice('2025-12-31', 1_000_000.5)), [
    { date_fin_exercice: '2025-12-31', montant_euros: 1_000_000.5 },
    { date_fin_exercice: '2024-12-31', montant_euros: 900_001 },
  ]);
});

t.test('no more than three exercises are kept', async (t) => {
  const years = ['2025', '2024', '2023', '2022'];
  t.equal(turnovers(...years.map((year) => exercice(`${year}-12-31`, 1)))?.length, 3);
});

t.test('a turnover of zero or below is a turnover, an absent one is not', async (t) => {
  t.same(
    turnovers(exercice('2025-12-31', 0), exercice('2024-12-31', -12), exercice('2023-12-31', null))?.map(
      ({ montant_euros }) => montant_euros,
    ),
    [0, -12],
  );
});

t.test('an amount written as text is an amount', async (t) => {
  t.match(turnovers(exercice('2025-12-31', '900001')), [{ montant_euros: 900_001 }]);
  t.equal(outcomeFor(source, 200, collection([exercice('2025-12-31', 'NC')])).statut, 'indisponible');
});

t.test('an answer where everything is null leaves the turnover unknown', async (t) => {
  const body = { data: [{ data: exercice(null, null) }] };
  const fact = factFor(source, 200, body);
  t.equal(fact.statut, 'obtenu');
  t.equal(source.unify(fact.donnees).fiscal?.chiffres_affaires, null);
  t.equal(turnovers(), null);
});

t.test('no exercise known is no statement about the turnover', async (t) => {
  t.equal(outcomeFor(source, 404, errors('03003')).statut, 'non_trouve');
});
