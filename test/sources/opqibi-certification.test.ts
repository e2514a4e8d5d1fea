import t from 'tap';
import { opqibiCertification as source } from '../../src/sources/opqibi-certification.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const qualification = {
  nom: 'Étude thermique',
  code_qualification: '1331',
  definition: 'Calculs thermiques réglementaires',
  rge: false,
};
const certificate = {
  numero_certificat: '12 34 5678',
  url: 'https://www.opqibi.com/fiche/1777',
  date_delivrance_certificat: '2026-01-28',
  duree_validite_certificat: 'valable un an',
  assurances: 'ALLIANZ - XL INSURANCE',
  qualifications: [qualification],
  date_validite_qualifications: '2029-02-21',
  qualifications_probatoires: [{ ...qualification, code_qualification: 2003, rge: null }],
  date_validite_qualifications_probatoires: '2027-02-21',
};

const validityOf = (changes: object) => factFor(source, 200, single({ ...certificate, ...changes })).validite;

t.test(
  'the proof is valid for the year of the certificate, not for the years of its qualifications',
  async (t) => {
    t.same(validityOf({}), { du: '2026-01-28', au: '2027-01-28' });
    t.same(validityOf({ date_delivrance_certificat: '2024-02-29' }).au, '2025-02-28');
  },
);

t.test('a duration in other words leaves the end unknown', async (t) => {
  for (const duree_validite_certificat of ['valable deux ans', 'valable 21 ans', '', null]) {
    t.same(validityOf({ duree_validite_certificat }), { du: '2026-01-28', au: null });
  }
});

t.test('both orders of a day are read, and anything else is an unknown day', async (t) => {
  t.equal(validityOf({ date_delivrance_certificat: '28/01/2026' }).du, '2026-01-28');
  t.equal(validityOf({ date_delivrance_certificat: '28-01-2026' }).du, '2026-01-28');
  t.equal(validityOf({ date_delivrance_certificat: '2026-01-28T00:00:00+01:00' }).du, '2026-01-28');
  for (const date_delivrance_certificat of ['janvier 2026', '31/02/2026', '2026', '', null]) {
    t.same(validityOf({ date_delivrance_certificat }), { du: null, au: null });
  }
});

t.test('qualifications, probationary ones included, end on their own days', async (t) => {
  const { donnees } = factFor(source, 200, single(certificate));
  t.same(source.unify(donnees).certifications?.opqibi, [
    { code: '1331', libelle: 'Étude thermique', rge: false, du: null, au: '2029-02-21' },
    { code: '2003', libelle: 'Étude thermique', rge: null, du: null, au: '2027-02-21' },
  ]);
});

t.test('everything but the number may be missing', async (t) => {
  const nulls = Object.fromEntries(Object.keys(certificate).map((key) => [key, null]));
  for (const data of [{ ...nulls, numero_certificat: '1' }, { numero_certificat: '1' }]) {
    const fact = factFor(source, 200, single(data));
    t.same(fact.validite, { du: null, au: null });
    t.equal(source.unify(fact.donnees).certifications?.opqibi, null);
  }
});

t.test('a company without certificate is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('11003')).statut, 'non_trouve');
});
