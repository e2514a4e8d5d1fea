import t from 'tap';
import { commissionEuropeenneNumeroTva as source } from '../../src/sources/commission-europeenne-numero-tva.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

t.test('a valid VAT number enters the identity', async (t) => {
  const { donnees } = factFor(source, 200, { data: { tva_number: 'FR 27 552032534' } });
  t.same(source.unify(donnees).identite, { numero_tva: 'FR27552032534' });
});

t.test('the number of another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single({ tva_number: 'FR48672039971' }));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('a number that VIES does not hold valid never means that there is none', async (t) => {
  t.equal(outcomeFor(source, 404, errors('28003')).statut, 'non_trouve');
  t.match(source.explications.non_trouve, /peut en avoir un autre/);
  t.equal(outcomeFor(source, 502, errors('28008')).statut, 'indisponible');
});

t.test('an answer without a number is not understood', async (t) => {
  for (const tva_number of [null, ' ']) {
    t.match(outcomeFor(source, 200, single({ tva_number })), { erreur: { code: 'reponse_inattendue' } });
  }
});
