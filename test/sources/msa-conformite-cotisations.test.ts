import t from 'tap';
import { msaConformiteCotisations as source } from '../../src/sources/msa-conformite-cotisations.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

function statementOf(status: string) {
  const fact = factFor(source, 200, single({ status }));
  return { statut: fact.statut, situation: source.unify(fact.donnees).social?.msa?.situation };
}

t.test('contributions that are paid are paid', async (t) => {
  t.same(statementOf('up_to_date'), { statut: 'obtenu', situation: 'a_jour' });
});

t.test('contributions that are not paid are a refusal, given as a 200', async (t) => {
  t.same(statementOf('outdated'), { statut: 'refuse', situation: 'non_a_jour' });
});

t.test('a case under investigation is neither a refusal nor an outage', async (t) => {
  t.same(statementOf('under_investigation'), { statut: 'en_examen', situation: 'en_examen' });
});

t.test('a status that is unknown, null or absent accuses nobody', async (t) => {
  for (const data of [{ status: 'OUTDATED' }, { status: 'late' }, { status: null }, {}]) {
    t.match(outcomeFor(source, 200, { data }), {
      statut: 'indisponible',
      erreur: { code: 'reponse_inattendue' },
    });
  }
});

t.test('an establishment outside the agricultural regime is not accused', async (t) => {
  t.equal(outcomeFor(source, 404, errors('10003')).statut, 'non_trouve');
});
