import t from 'tap';
import { findingOf, type Given, obtained, stale, stated, type World } from '../helpers/examined.ts';

const UNITE = 'insee_unite_legale';
const DJEPVA = 'djepva_association';
const SUBVENTIONS = 'data_subvention_subventions';
const unsure = 'impossible_a_conclure';
const failed: Given = {
  outcome: { statut: 'indisponible', erreur: null, nouvel_essai_le: null },
  perime: false,
};
const finding = (exigence: string, given: World['given'], date?: string) =>
  findingOf(exigence, { usage: 'subvention_association', given, ...(date && { date }) });
const accounts = (annee: string, montant_subventions_euros: number, commissaire_aux_comptes = false) =>
  obtained(DJEPVA, { comptes: [{ annee, montant_subventions_euros, commissaire_aux_comptes }] });

t.test('above 153,000 € of subsidies in a year, audited accounts are required', async (t) => {
  const of = (euros: number, isAudited = false) =>
    finding('comptes_annuels', { [DJEPVA]: accounts('2025', euros, isAudited) });
  t.equal(of(153_000).conclusion, 'sans_objet');
  t.match(of(153_001), { conclusion: unsure, left: [/commissaire aux comptes/] });
  t.match(of(153_001, true), { conclusion: 'etablie', motif: /un commissaire aux comptes est déclaré/ });
});

t.test('under it, only the accounts of the last year conclude, once payments are known', async (t) => {
  const of = (given: World['given'], date?: string) => finding('comptes_annuels', given, date);
  t.match(of({ [DJEPVA]: accounts('2024', 1_000) }), { conclusion: unsure, left: [/Comptes du dernier/] });
  t.equal(
    of({ [DJEPVA]: accounts('2024', 1_000) }, '2026-06-29').conclusion,
    'sans_objet',
    'approved in June',
  );
  const last = { [DJEPVA]: accounts('2025', 1_000) };
  t.match(of({ ...last, [SUBVENTIONS]: failed }), { conclusion: unsure, left: [] });
  t.match(of({ ...last, [SUBVENTIONS]: stale(stated('non_trouve')) }), { conclusion: unsure, left: [] });
  t.equal(of({ ...last, [SUBVENTIONS]: stated('non_trouve') }).conclusion, 'sans_objet');
});

t.test('an association that nobody says active is not established', async (t) => {
  const of = (active: boolean | null) =>
    finding('association_declaree', { [DJEPVA]: obtained(DJEPVA, { active, date_dissolution: null }) });
  t.equal(of(true).conclusion, 'etablie');
  t.match(of(null), { conclusion: unsure, motif: /ne dit pas si/, left: [/Récépissé/] });
  t.match(of(false), { conclusion: unsure, motif: /inactive/, left: [/Récépissé/] });
});

t.test('the reasons why DGFiP gives no certificate are those that the company may have', async (t) => {
  const of = (data: object) =>
    finding('regularite_fiscale', {
      [UNITE]: obtained(UNITE, { numero_rna: null, date_creation: '2010-01-01', ...data }),
      dgfip_attestation_fiscale: stated('non_trouve'),
    }).motif;
  const form = (code: string) => ({ forme_juridique: { code, libelle: null } });
  t.match(of(form('9220')), /cette association : non soumise à l'impôt sur les sociétés/);
  t.notMatch(of(form('9220')), /revenu|entreprise|créée/);
  t.match(of({ ...form('9900'), numero_rna: 'W000012340' }), /cette association/);
  t.match(of(form('5710')), /imposée à l'impôt sur le revenu, en plan/);
  t.match(of({ ...form('5710'), date_creation: null }), /revenu, créée cette année, en plan/);
});
