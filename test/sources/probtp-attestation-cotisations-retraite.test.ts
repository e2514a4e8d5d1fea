import t from 'tap';
import { probtpAttestationCotisationsRetraite as source } from '../../src/sources/probtp-attestation-cotisations-retraite.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

t.test('a certificate is a document: nothing is concluded from its mere delivery', async (t) => {
  const body = single({ document_url: 'https://storage.example/probtp.pdf', expires_in: null });
  const fact = factFor(source, 200, body);
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: null, au: null });
  t.same(source.unify(fact.donnees), {});
});

t.test('a success without a document is not understood', async (t) => {
  for (const data of [{ document_url: null }, { document_url: '' }, {}]) {
    t.equal(outcomeFor(source, 200, single(data)).statut, 'indisponible');
  }
});

t.test('an establishment that is no member is not accused', async (t) => {
  t.equal(outcomeFor(source, 404, errors('09003')).statut, 'non_trouve');
});

t.test('it counts among the documents, and the conformity does not', async (t) => {
  t.equal(source.quota, 'document');
});
