import t from 'tap';
import { probtpConformiteCotisationsRetraite as source } from '../../src/sources/probtp-conformite-cotisations-retraite.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

t.test('contributions that ProBTP finds in order are in order', async (t) => {
  const fact = factFor(source, 200, single({ eligible: true }));
  t.equal(fact.statut, 'obtenu');
  t.same(source.unify(fact.donnees).social?.retraite, { caisse: 'ProBTP', conforme: true });
});

t.test('false is a 200, and it is a refusal', async (t) => {
  const fact = factFor(source, 200, { data: { eligible: false } });
  t.equal(fact.statut, 'refuse');
  t.same(source.unify(fact.donnees).social?.retraite, { caisse: 'ProBTP', conforme: false });
});

t.test('an answer that is neither true nor false accuses nobody', async (t) => {
  for (const data of [{ eligible: null }, {}, { eligible: 'false' }, { eligible: 0 }]) {
    t.match(outcomeFor(source, 200, single(data)), {
      statut: 'indisponible',
      erreur: { code: 'reponse_inattendue' },
    });
  }
});

t.test('an establishment that is no member is not accused', async (t) => {
  t.equal(outcomeFor(source, 404, errors('09003')).statut, 'non_trouve');
});
