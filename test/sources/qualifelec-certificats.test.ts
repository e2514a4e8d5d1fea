import t from 'tap';
import { qualifelecCertificats as source } from '../../src/sources/qualifelec-certificats.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const certificate = {
  document_url: 'https://qualifelec.example/2840.pdf',
  numero: 2840,
  rge: true,
  date_debut: '2026-02-01',
  date_fin: '2027-01-31',
  qualification: {
    label: 'Logement Commerce Petit Tertiaire',
    date_debut: '2024-02-01',
    date_fin: '2028-01-31',
    indices: [{ code: 'LCPT1', label: 'Indice 1' }],
    mentions: [{ code: 'MA', label: 'Maintenance' }],
    domaines: [],
    classification: { code: 1, label: 'Classe 1' },
  },
  assurance_decennale: { nom: 'AXA', date_debut: '2026-02-01', date_fin: '2027-01-31' },
  assurance_civile: { nom: 'AXA', date_debut: '2026-02-01', date_fin: '2027-01-31' },
};
const longer = { ...certificate, numero: '2841', date_fin: '2027-07-31' };

t.test('a certificate is valid for its own dates, not for those of its qualification', async (t) => {
  const fact = factFor(source, 200, collection([certificate]));
  t.same(fact.validite, { du: '2026-02-01', au: '2027-01-31' });
  t.same(source.unify(fact.donnees).certifications?.qualifelec, [
    {
      code: null,
      libelle: 'Logement Commerce Petit Tertiaire',
      rge: true,
      du: '2026-02-01',
      au: '2027-01-31',
    },
  ]);
  t.match(fact.donnees, {
    certificats: [
      { numero: '2840', qualification: { date_fin: '2028-01-31', classification: { code: '1' } } },
    ],
  });
});

t.test('certificates with the same dates share their validity', async (t) => {
  const fact = factFor(source, 200, collection([certificate, { ...certificate, numero: 2841 }]));
  t.same(fact.validite, { du: '2026-02-01', au: '2027-01-31' });
});

t.test('certificates with other dates have no common validity, and each keeps its own', async (t) => {
  const fact = factFor(source, 200, collection([certificate, longer]));
  t.same(fact.validite, { du: null, au: null });
  t.match(source.unify(fact.donnees).certifications?.qualifelec, [
    { au: '2027-01-31' },
    { au: '2027-07-31' },
  ]);
});

t.test('everything may be missing', async (t) => {
  const nulls = { nom: null, date_debut: null, date_fin: null };
  const emptied = {
    numero: null,
    rge: null,
    date_debut: null,
    date_fin: null,
    qualification: {
      label: null,
      indices: null,
      mentions: [],
      domaines: [{ code: null, label: null }],
      classification: { code: null, label: null },
    },
    assurance_decennale: nulls,
    assurance_civile: null,
  };
  const fact = factFor(source, 200, collection([emptied, {}, { ...emptied, qualification: null }]));
  t.equal(source.unify(fact.donnees).certifications?.qualifelec?.length, 3);
  t.same(fact.validite, { du: null, au: null });
});

t.test('an empty list is an empty list', async (t) => {
  const fact = factFor(source, 200, collection([]));
  t.same(source.unify(fact.donnees).certifications?.qualifelec, []);
  t.same(fact.validite, { du: null, au: null });
});

t.test('an establishment without certificate is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('32003')).statut, 'non_trouve');
});
