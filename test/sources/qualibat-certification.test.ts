import t from 'tap';
import { qualibatCertification as source } from '../../src/sources/qualibat-certification.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const insurance = { nom: 'GROUPAMA', identifiant: '0123456789' };
const certificate = {
  document_url: 'https://storage.example/qualibat.pdf',
  document_url_expires_in: 86_400,
  date_emission: '2026-01-01',
  date_fin_validite: '2026-12-31',
  entity: {
    assurance_responsabilite_travaux: insurance,
    assurance_responsabilite_civile: insurance,
    certifications: [
      { code: '4322', libelle: 'Menuiserie intérieure', rge: true, date_attribution: '2022-03-03' },
    ],
  },
};
const unread = {
  ...certificate,
  date_emission: null,
  date_fin_validite: null,
  entity: {
    assurance_responsabilite_travaux: { nom: null, numero: null },
    assurance_responsabilite_civile: { nom: null, numero: null },
    certifications: [],
  },
};

t.test(
  'a certificate is valid from its issue to its end, and so are the certifications it lists',
  async (t) => {
    const fact = factFor(source, 200, single(certificate));
    t.equal(fact.statut, 'obtenu');
    t.same(fact.validite, { du: '2026-01-01', au: '2026-12-31' });
    t.same(source.unify(fact.donnees).certifications?.qualibat, [
      { code: '4322', libelle: 'Menuiserie intérieure', rge: true, du: '2022-03-03', au: '2026-12-31' },
    ]);
  },
);

t.test('a certificate whose content could not be read exists, and says so', async (t) => {
  const fact = factFor(source, 200, single(unread, { extractor_error: 'amiante_pdf_not_supported' }));
  t.equal(fact.statut, 'obtenu');
  t.match(fact.donnees, { contenu_lu: false, nature: 'amiante', certifications: null });
  t.same(fact.validite, { du: null, au: null });
  t.equal(source.unify(fact.donnees).certifications?.qualibat, null);
});

t.test('an unreadable file has no known nature', async (t) => {
  const fact = factFor(source, 200, single(unread, { extractor_error: 'invalid_file' }));
  t.match(fact.donnees, { contenu_lu: false, nature: null });
});

t.test('the policy number is read under both its names', async (t) => {
  const entity = { ...unread.entity, assurance_responsabilite_civile: { nom: 'MAAF', numero: 42 } };
  const fact = factFor(source, 200, single({ ...unread, entity }, { extractor_error: 'invalid_file' }));
  t.match(fact.donnees, { assurance_responsabilite_civile: { nom: 'MAAF', identifiant: '42' } });
});

t.test('everything but the document may be missing', async (t) => {
  const { document_url } = certificate;
  const nulls = { date_emission: null, date_fin_validite: null, entity: null };
  const fact = factFor(source, 200, { data: { document_url, ...nulls } });
  t.match(fact.donnees, { contenu_lu: true, certifications: null });
  const entity = {
    assurance_responsabilite_travaux: null,
    assurance_responsabilite_civile: { nom: null, identifiant: null },
    certifications: [null, { code: null, libelle: null, rge: null, date_attribution: null }],
  };
  const emptied = factFor(source, 200, single({ document_url, entity }, null));
  t.same(source.unify(emptied.donnees).certifications?.qualibat, [
    { code: null, libelle: null, rge: null, du: null, au: null },
  ]);
});

t.test('without a document there is no certificate to speak of', async (t) => {
  t.equal(outcomeFor(source, 200, single({ ...certificate, document_url: null })).statut, 'indisponible');
});

t.test('the temporary address of the document stays out of the data', async (t) => {
  t.notMatch(JSON.stringify(factFor(source, 200, single(certificate)).donnees), 'storage.example');
});

t.test('an establishment without certificate is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('06003')).statut, 'non_trouve');
});
