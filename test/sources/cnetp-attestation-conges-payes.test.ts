import t from 'tap';
import { cnetpAttestationCongesPayes as source } from '../../src/sources/cnetp-attestation-conges-payes.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

t.test('a delivered certificate tells contributions paid, for a period it alone knows', async (t) => {
  const body = single({ document_url: 'https://storage.example/cnetp.pdf', expires_in: null });
  const fact = factFor(source, 200, body);
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: null, au: null });
  t.same(source.unify(fact.donnees).social?.conges_payes, { caisse: 'CNETP', a_jour: true, au: null });
});

t.test('a success without a document certifies nothing', async (t) => {
  for (const data of [{ document_url: null }, { document_url: '' }, {}]) {
    t.equal(outcomeFor(source, 200, single(data)).statut, 'indisponible');
  }
});

t.test('a certificate that was not found accuses nobody', async (t) => {
  t.equal(outcomeFor(source, 404, errors('08003')).statut, 'non_trouve');
});

t.test('the code by which another fund accuses means nothing here', async (t) => {
  t.match(outcomeFor(source, 404, errors('08422')), { statut: 'indisponible', erreur: { code: '08422' } });
});

t.test('the legal unit is asked, among the documents', async (t) => {
  t.match(source.paths(subjectOf())[0], /^\/v3\/cnetp\/unites_legales\/552032534\//);
  t.equal(source.quota, 'document');
});
