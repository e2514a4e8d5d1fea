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
const MSA = 'msa_conformite_cotisations';

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

const sociale = (urssaf: Given, msa: Given = stated('non_trouve'), date = TODAY) =>
  findingOf('regularite_sociale', { given: { [URSSAF]: urssaf, [MSA]: msa }, date });
const vigilance = (du: string | null, au: string | null) => obtained(URSSAF, {}, { validite: { du, au } });

t.test('one refusal contradicts social regularity, whatever the other says', async (t) => {
  const valid = vigilance('2026-11-01', '2027-05-31');
  t.equal(sociale(stated('refuse'), obtained(MSA)).conclusion, 'contredite');
  t.equal(sociale(valid, stated('refuse')).conclusion, 'contredite');
  t.equal(sociale(valid).conclusion, 'etablie');
  t.equal(sociale(stated('non_trouve'), obtained(MSA)).conclusion, 'etablie');
  t.equal(sociale(stale(stated('refuse'))).conclusion, 'impossible_a_conclure', 'a stale one does not');
  t.equal(sociale(stated('refuse'), stated('non_trouve'), '2026-11-10').conclusion, 'impossible_a_conclure');
});

t.test('one proof does not conclude while the other body examines, or is yet to answer', async (t) => {
  const valid = vigilance('2026-11-01', '2027-05-31');
  const examined = stated('en_examen');
  t.match(sociale(examined, obtained(MSA)), {
    conclusion: 'impossible_a_conclure',
    motif: /L'Urssaf examine encore/,
    pieces: [URSSAF, MSA],
    left: [],
  });
  t.match(sociale(valid, examined).motif, /jusqu'au 31\/05\/2027. La MSA examine encore/);
  for (const waiting of [failed, stale(stated('non_trouve')), stale(stated('refuse'))]) {
    t.match(sociale(waiting, obtained(MSA)), {
      conclusion: 'impossible_a_conclure',
      motif: /L'Urssaf/,
      left: [],
    });
    t.match(sociale(valid, waiting), { conclusion: 'impossible_a_conclure', motif: /La MSA/, left: [] });
  }
  t.match(sociale(failed, stated('non_trouve')).motif, /^L'Urssaf n'a pas encore/);
});

t.test('a body that is left out by rule, or not asked, keeps nothing from being concluded', async (t) => {
  const valid = vigilance('2026-11-01', '2027-05-31');
  const leftOut: Given = { outcome: { statut: 'hors_perimetre', regle: 'Hors champ.' }, perime: false };
  t.equal(sociale(valid, leftOut).conclusion, 'etablie');
  t.equal(findingOf('regularite_sociale', { given: { [URSSAF]: valid } }).conclusion, 'etablie');
  t.equal(sociale(valid, obtained(MSA), '2026-11-10').conclusion, 'etablie', 'MSA only speaks of today');
});

t.test('what a body that knows the company states of another day is not passed over', async (t) => {
  const valid = vigilance('2026-11-01', '2027-05-31');
  t.match(sociale(valid, stated('refuse'), '2026-11-10'), {
    conclusion: 'impossible_a_conclure',
    motif: /La MSA connaît l'entreprise.*10\/11\/2026/,
    left: [/vigilance/],
  });
  t.strictSame(sociale(valid, stated('refuse'), '2027-01-10').left, [], 'MSA will say by then');
  t.match(sociale(vigilance('2025-11-10', '2026-05-31'), obtained(MSA)), {
    conclusion: 'impossible_a_conclure',
    motif: /expiré le 31\/05\/2026/,
    left: [/vigilance/],
  });
});

t.test('a vigilance certificate proves for its own dates', async (t) => {
  const valid = vigilance('2026-11-10', '2027-05-31');
  t.equal(sociale(valid, undefined, '2026-11-10').conclusion, 'etablie');
  t.equal(sociale(valid, undefined, '2027-05-31').conclusion, 'etablie', 'a day to come');
  t.match(sociale(valid, undefined, '2026-11-09').left, [/vigilance/]);
  const expired = vigilance('2025-11-10', '2026-05-31');
  t.match(sociale(expired), { conclusion: 'impossible_a_conclure', motif: /expiré le 31\/05\/2026/ });
  t.match(sociale(expired).left, [/vigilance/]);
  t.strictSame(sociale(valid, undefined, '2027-06-01').left, [], 'Urssaf will have renewed it by then');
});

t.test(
  'one whose dates could not be read was delivered all the same, with three months left at least',
  async (t) => {
    const unread = vigilance(null, null);
    t.match(sociale(unread), { conclusion: 'etablie', motif: /à lire sur le document/ });
    t.equal(sociale(unread, undefined, '2027-02-23').conclusion, 'etablie');
    t.equal(sociale(unread, undefined, '2027-02-24').conclusion, 'impossible_a_conclure');
    t.equal(sociale(unread, undefined, '2026-11-22').conclusion, 'impossible_a_conclure');
  },
);

t.test('nothing is asked of the company while a body examines its case, or may still answer', async (t) => {
  for (const waiting of [stated('en_examen'), failed, stale(stated('non_trouve'))]) {
    const { conclusion, left } = sociale(waiting);
    t.equal(conclusion, 'impossible_a_conclure');
    t.strictSame(left, []);
  }
  t.match(sociale(stated('non_trouve')).left, [/vigilance/]);
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
