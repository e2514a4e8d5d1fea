import t from 'tap';
import type { Sections } from '../../src/dossier/unified.ts';
import { hasHadToFile } from '../../src/usages/tax-group.ts';
import { findingOf, type Given, obtained, stale, stated, TODAY, type World } from '../helpers/examined.ts';

const ATTESTATION = 'dgfip_attestation_fiscale';
const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
const MERE = 'dgfip_attestation_fiscale_mere';
const LIASSES_MERE = 'dgfip_liasses_fiscales_mere';
const URSSAF = 'urssaf_attestation_vigilance';

const failed: Given = {
  outcome: { statut: 'indisponible', erreur: null, nouvel_essai_le: null },
  perime: false,
};
const closed: Given = {
  outcome: { statut: 'non_autorise', erreur: null, nouvel_essai_le: null },
  perime: false,
};
/** A tax certificate that speaks of a last day of a month. */
const certificate = (du: string) => obtained(ATTESTATION, {}, { validite: { du, au: null } });
const returns = (regime: string, id: typeof LIASSES | typeof LIASSES_MERE = LIASSES) =>
  obtained(id, { obligations_fiscales: [], declarations: [{ regime }] });
type Holder = NonNullable<Sections['fiscal']['actionnaires_personnes_morales']>[number];
const heldBy = (...holders: Partial<Holder>[]) =>
  obtained(LIENS, {
    actionnaires_personnes_morales: holders.map((one) => ({ siren: null, denomination: null, ...one })),
    actionnaires_personnes_physiques: [],
    formulaire_2059f_neant: false,
  });
const fiscale = (given: World['given'], date = TODAY) => findingOf('regularite_fiscale', { given, date });
const OCTOBER = certificate('2026-10-31');

t.test('the tax certificate establishes, where membership of a tax group is excluded', async (t) => {
  const conclusion = (given: World['given']) => fiscale({ [ATTESTATION]: OCTOBER, ...given }).conclusion;
  t.equal(conclusion({ [LIASSES]: returns('RN') }), 'etablie');
  t.equal(conclusion({ [LIASSES]: returns('RNGROUPE') }), 'etablie', 'the mother pays for all');
  t.equal(conclusion({ [LIASSES]: returns('RNMEMBRE') }), 'impossible_a_conclure');
  t.equal(conclusion({ [LIENS]: heldBy({ pourcentage: 94.9 }) }), 'etablie');
  t.equal(conclusion({ [LIENS]: heldBy({ pourcentage: 95 }) }), 'impossible_a_conclure');
  t.equal(conclusion({ [LIENS]: heldBy({ pourcentage: null }) }), 'impossible_a_conclure');
});

t.test('links that do not name the holders exclude no tax group', async (t) => {
  const unnamed = obtained(LIENS, {
    actionnaires_personnes_morales: [],
    actionnaires_personnes_physiques: [],
    formulaire_2059f_neant: false,
    filiales: [{ siren: '000835009', denomination: null, pourcentage: 100 }],
  });
  for (const returns of [failed, stated('non_trouve')]) {
    t.match(fiscale({ [ATTESTATION]: OCTOBER, [LIENS]: unnamed, [LIASSES]: returns }), {
      conclusion: 'impossible_a_conclure',
      motif: /n'a pas pu être exclue/,
    });
  }
  const named = heldBy({ pourcentage: 10 });
  t.equal(fiscale({ [ATTESTATION]: OCTOBER, [LIENS]: named, [LIASSES]: failed }).conclusion, 'etablie');
});

t.test('a company has filed nothing only once it has had to file', async (t) => {
  const of = (date_creation: string | null, more: World['given'] = {}) =>
    fiscale({
      insee_unite_legale: obtained('insee_unite_legale', { date_creation }),
      [ATTESTATION]: OCTOBER,
      [LIASSES]: stated('non_trouve'),
      [LIENS]: stated('non_trouve'),
      ...more,
    }).conclusion;
  t.equal(of('2024-12-31'), 'etablie', 'its first exercise ended in 2025 at the latest');
  t.equal(of('2025-01-01'), 'impossible_a_conclure', 'its first exercise may end in 2026');
  t.equal(of(null), 'impossible_a_conclure');
  t.equal(of('2024-12-31', { [LIASSES]: failed }), 'impossible_a_conclure');
  t.equal(of('2024-12-31', { [LIENS]: stale(stated('non_trouve')) }), 'impossible_a_conclure');
});

t.test('the returns of last year are there from mid-May', async (t) => {
  t.equal(hasHadToFile('2024-12-31', '2026-05-16'), true);
  t.equal(hasHadToFile('2024-12-31', '2026-05-15'), false);
  t.equal(hasHadToFile('2023-12-31', '2026-01-01'), true);
});

t.test('a group that may be is asked about only once DGFiP has answered', async (t) => {
  const held = { [ATTESTATION]: OCTOBER, [LIENS]: heldBy({ pourcentage: 100 }) };
  t.match(fiscale({ ...held, [LIASSES]: stated('non_trouve') }).left, [/société mère, ou déclaration/]);
  t.strictSame(fiscale({ ...held, [LIASSES]: failed }).left, []);
});

t.test(
  'of a subsidiary, the certificate of the company that heads the group concludes, and only that',
  async (t) => {
    const member = { [ATTESTATION]: OCTOBER, [LIASSES]: returns('RNMEMBRE') };
    const ofMother = obtained(MERE, {}, { validite: { du: '2026-10-31', au: null } });
    const head = returns('RNGROUPE', LIASSES_MERE);
    const joined = fiscale({ ...member, [MERE]: ofMother, [LIASSES_MERE]: head });
    t.equal(joined.conclusion, 'etablie');
    t.ok(joined.pieces?.includes(MERE), 'it is cited');
    const held = returns('RNMEMBRE', LIASSES_MERE);
    t.match(fiscale({ ...member, [MERE]: ofMother, [LIASSES_MERE]: held }), {
      conclusion: 'impossible_a_conclure',
      left: [/société mère/],
    });
    t.match(fiscale({ ...member, [MERE]: stated('non_trouve'), [LIASSES_MERE]: head }).left, [
      /société mère/,
    ]);
    t.strictSame(fiscale({ ...member, [MERE]: failed, [LIASSES_MERE]: head }).left, [], 'it may still come');
    t.match(fiscale(member).left, [/société mère/], 'nobody knows whom to ask about');
  },
);

t.test('the tax certificate holds for the month after the one that it speaks of', async (t) => {
  const on = (date: string) => fiscale({ [ATTESTATION]: OCTOBER, [LIASSES]: returns('RN') }, date);
  t.equal(on('2026-11-01').conclusion, 'etablie');
  t.equal(on('2026-11-30').conclusion, 'etablie');
  t.equal(on('2026-12-01').conclusion, 'etablie', 'the next one comes in the morning of the first');
  t.strictSame(on('2026-12-02').left, [], 'a later call will bring the next one');
  t.equal(on('2026-12-02').conclusion, 'impossible_a_conclure');
  t.match(on('2026-10-30'), { conclusion: 'impossible_a_conclure', left: [/au 30\/10\/2026/] });
});

t.test('no certificate accuses nobody: form 3666 is asked for, once the source has answered', async (t) => {
  t.match(fiscale({ [ATTESTATION]: stated('non_trouve') }), {
    conclusion: 'impossible_a_conclure',
    motif: /ne permet pas de le savoir/,
    left: ['Attestation de régularité fiscale'],
  });
  t.match(fiscale({ [ATTESTATION]: failed }), { motif: /un prochain appel pourra la donner/, left: [] });
  t.equal(
    fiscale({ [ATTESTATION]: closed }).left.length,
    1,
    'no later call will bring what rights do not cover',
  );
});

t.test('nothing is concluded of a company that stands in the place of the one asked', async (t) => {
  const redirected = obtained('insee_etablissement', { redirige_depuis: '55203253400646' });
  const world = { given: { insee_etablissement: redirected, [URSSAF]: stated('refuse') } };
  t.match(findingOf('regularite_sociale', world), {
    conclusion: 'impossible_a_conclure',
    motif: /à la place/,
    left: [],
  });
});
