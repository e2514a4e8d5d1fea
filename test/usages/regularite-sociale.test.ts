import t from 'tap';
import { findingOf, type Given, obtained, stale, stated, TODAY } from '../helpers/examined.ts';

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const failed: Given = {
  outcome: { statut: 'indisponible', erreur: null, nouvel_essai_le: null },
  perime: false,
};

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

t.test('only those who answered that they do not know the company are said not to', async (t) => {
  const leftOut: Given = { outcome: { statut: 'hors_perimetre', regle: 'Hors champ.' }, perime: false };
  const unknown = stated('non_trouve');
  t.match(sociale(unknown, leftOut).motif, /^L'Urssaf ne connaît pas cette entreprise/);
  t.match(sociale(leftOut, unknown).motif, /^La MSA ne connaît pas/);
  t.match(sociale(unknown, unknown).motif, /^Les organismes sociaux ne connaissent pas/);
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
