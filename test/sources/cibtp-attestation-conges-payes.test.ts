import t from 'tap';
import { cibtpAttestationCongesPayes as source } from '../../src/sources/cibtp-attestation-conges-payes.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const delivered = single({ document_url: 'https://storage.example/cibtp.pdf', expires_in: null });

t.test('a certificate attests the day of the answer, and that day only', async (t) => {
  const fact = factFor(source, 200, delivered, subjectOf(undefined, '2026-03-01'));
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: '2026-03-01', au: '2026-03-01' });
  t.same(source.unify(fact.donnees).social?.conges_payes, {
    caisse: 'CIBTP',
    a_jour: true,
    au: '2026-03-01',
  });
});

t.test('one of its two 404s states that contributions are not paid', async (t) => {
  t.match(outcomeFor(source, 404, errors('38422', 'Attestation non disponible')), {
    statut: 'refuse',
    donnees: null,
    erreur: { code: '38422' },
  });
});

t.test('the other one says that the company is not a member', async (t) => {
  t.equal(outcomeFor(source, 404, errors('38003')).statut, 'non_trouve');
});

t.test('both 404s at once say nothing', async (t) => {
  const both = { errors: [...errors('38003').errors, ...errors('38422').errors] };
  t.equal(outcomeFor(source, 404, both).statut, 'indisponible');
});

t.test('a bad parameter is not taken for unpaid contributions', async (t) => {
  t.equal(outcomeFor(source, 422, errors('00422')).statut, 'indisponible');
  t.equal(outcomeFor(source, 422, errors('00302')).statut, 'indisponible');
});

t.test('a success without a document certifies nothing', async (t) => {
  for (const data of [{ document_url: null }, { document_url: '' }, {}]) {
    t.equal(outcomeFor(source, 200, single(data)).statut, 'indisponible');
  }
});
