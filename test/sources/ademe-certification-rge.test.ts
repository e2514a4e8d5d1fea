import t from 'tap';
import { ademeCertificationRge as source } from '../../src/sources/ademe-certification-rge.ts';
import { collection, errors, factFor, outcomeFor, subjectOf } from '../helpers/answer.ts';

const line = {
  url: 'https://rge.example/certificat.pdf',
  nom_certificat: 'QualiPV',
  domaine: 'Panneaux solaires photovoltaïques',
  meta_domaine: 'Installations d’énergies renouvelables',
  qualification: { code: '32', nom: 'QualiPV Elec' },
  organisme: 'qualitenr',
  date_attribution: '2024-12-24',
  date_expiration: '2028-08-01',
  meta: { internal_id: 'Q1', updated_at: '2026-02-25', archived: false },
};

const rgeOf = (lines: unknown[]) =>
  source.unify(factFor(source, 200, collection(lines)).donnees).certifications?.rge;

t.test('as many lines as the hub gives are asked for', async (t) => {
  t.same(source.paths(subjectOf()), ['/v3/ademe/etablissements/55203253400646/certification_rge?limit=1000']);
});

t.test('a line is a RGE qualification with its dates', async (t) => {
  t.same(rgeOf([line]), [
    { code: '32', libelle: 'QualiPV Elec', rge: true, du: '2024-12-24', au: '2028-08-01' },
  ]);
});

t.test('an expired line is kept, with the day it expired', async (t) => {
  t.match(rgeOf([{ ...line, date_expiration: '2021-08-01' }]), [{ au: '2021-08-01' }]);
});

t.test('an archived line is void', async (t) => {
  t.equal(rgeOf([line, { ...line, meta: { ...line.meta, archived: true } }])?.length, 1);
});

t.test('a list has no validity of its own', async (t) => {
  t.same(factFor(source, 200, collection([line])).validite, { du: null, au: null });
});

t.test('everything may be missing', async (t) => {
  const nulls = Object.fromEntries(Object.keys(line).map((key) => [key, null]));
  const partial = { ...nulls, qualification: { code: 32, nom: null }, meta: { archived: null } };
  t.same(rgeOf([nulls, {}, partial]), [
    { code: null, libelle: null, rge: true, du: null, au: null },
    { code: null, libelle: null, rge: true, du: null, au: null },
    { code: '32', libelle: null, rge: true, du: null, au: null },
  ]);
});

t.test('an establishment without certificate is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('19003')).statut, 'non_trouve');
});
