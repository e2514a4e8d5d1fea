import t from 'tap';
import type { Unified } from '../../src/dossier/unified.ts';
import { emptySections } from '../../src/dossier/unified.ts';
import { unify } from '../../src/dossier/unify.ts';

const contribution = (piece: string, values: Unified) => ({ piece, values });
const named = (...names: (string | null)[]) =>
  unify(names.map((denomination, i) => contribution(`source_${i}`, { identite: { denomination } })));

t.test('without contribution every value is there, and unknown', async (t) => {
  const { sections, provenance, divergences } = unify([]);
  t.strictSame(sections, emptySections());
  for (const section of Object.values(sections)) {
    t.ok(Object.keys(section).length > 0);
    t.ok(Object.values(section).every((value) => value === null));
  }
  t.strictSame(provenance, {});
  t.strictSame(divergences, []);
});

t.test('the first piece that knows a value gives it', async (t) => {
  const { sections } = unify([
    contribution('rcs', { identite: { nom_commercial: 'Chez Paul', sigle: null } }),
    contribution('rne', { identite: { nom_commercial: 'Paul', sigle: 'CP' } }),
  ]);
  t.match(sections.identite, { nom_commercial: 'Chez Paul', sigle: 'CP' });
});

t.test('provenance names the piece each value comes from, and no other', async (t) => {
  const { provenance } = unify([
    contribution('rcs', { identite: { sigle: null }, social: { msa: null } }),
    contribution('rne', { identite: { sigle: 'CP' } }),
    contribution('msa', { identite: { sigle: 'XX' }, social: { msa: { situation: 'a_jour' } } }),
  ]);
  t.strictSame(provenance, { '/identite/sigle': 'rne', '/social/msa': 'msa' });
});

t.test('a value is taken whole: another piece never fills its holes', async (t) => {
  const { sections } = unify([
    contribution('a', { fiscal: { groupe_fiscal: { membre: true, role: null } } }),
    contribution('b', { fiscal: { groupe_fiscal: { membre: true, role: 'filiale' } } }),
  ]);
  t.strictSame(sections.fiscal.groupe_fiscal, { membre: true, role: null });
});

t.test('false, zero, and an empty list are known', async (t) => {
  const { sections } = unify([
    contribution('a', { identite: { economie_sociale_et_solidaire: false }, certifications: { rge: [] } }),
    contribution('b', {
      identite: { economie_sociale_et_solidaire: true },
      certifications: { rge: [{ code: '32', libelle: null, rge: true, du: null, au: null }] },
    }),
  ]);
  t.equal(sections.identite.economie_sociale_et_solidaire, false);
  t.strictSame(sections.certifications.rge, []);
});

t.test('two names for a company are a divergence, and the first prevails', async (t) => {
  const { sections, divergences } = named('Boulangerie Paul', 'Garage Martin');
  t.equal(sections.identite.denomination, 'Boulangerie Paul');
  t.match(divergences, [
    { code: 'sources_divergentes', niveau: 'attention', pieces: ['source_0', 'source_1'] },
  ]);
});

t.test('accents, case and the punctuation of a legal form make no divergence', async (t) => {
  const same = [
    'Boulangerie Gérard-Noël S.A.R.L.',
    'BOULANGERIE GERARD NOEL SARL',
    'boulangerie gerard noel s a r l',
  ];
  t.strictSame(named(...same).divergences, []);
});

t.test('each piece is compared with the value that prevails, unknown ones with nothing', async (t) => {
  t.strictSame(named(null, 'Paul', null, 'PAUL').divergences, []);
  t.strictSame(
    named(null, 'Paul', 'Martin', 'Durand').divergences.map(({ pieces }) => pieces),
    [
      ['source_1', 'source_2'],
      ['source_1', 'source_3'],
    ],
  );
});

t.test('values that are not meant to be equal are not compared', async (t) => {
  const { divergences } = unify([
    contribution('rcs', {
      identite: { nom_commercial: 'Chez Paul', capital: { montant: 1, devise: 'EUR' } },
    }),
    contribution('rne', { identite: { nom_commercial: 'Martin', capital: { montant: 2, devise: 'EUR' } } }),
  ]);
  t.strictSame(divergences, []);
});
