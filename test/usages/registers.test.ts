import t from 'tap';
import { findingOf, type Given, obtained, stale, stated, type World } from '../helpers/examined.ts';

const UNITE = 'insee_unite_legale';
const RCS = 'infogreffe_extrait_rcs';
const RNE = 'inpi_extrait_rne';

const active = obtained(UNITE, { etat_administratif: 'actif', date_cessation: null });
const rcs = (data: object = {}) =>
  obtained(RCS, { date_immatriculation: '2010-01-01', date_radiation: null, observations: [], ...data });
const rne = (data: object = {}) =>
  obtained(RNE, { date_immatriculation: '2010-01-01', observations: [], ...data });
const note = (texte: string, date: string | null = '2026-09-01') => ({ numero: null, date, texte });
const failure = (statut: 'indisponible' | 'differe' | 'non_autorise'): Given => ({
  outcome: { statut, erreur: null, nouvel_essai_le: null },
  perime: false,
});
const unsure = 'impossible_a_conclure';
const proceedings = (given: World['given'], date?: string) =>
  findingOf('absence_liquidation_redressement', { given, ...(date && { date }) });

t.test('only an opened liquidation that nothing seems to end contradicts', async (t) => {
  const on = (...observations: ReturnType<typeof note>[]) => proceedings({ [RCS]: rcs({ observations }) });
  t.equal(on().conclusion, 'etablie');
  t.equal(on(note('Transfert du siège')).conclusion, 'etablie');
  t.equal(on(note('Ouverture de la liquidation judiciaire')).conclusion, 'contredite');
  t.match(on(note('Redressement judiciaire')), { conclusion: unsure, left: [/jugements/] });
  const later = note('Clôture de la procédure', '2026-10-01');
  t.equal(on(note('Ouverture de la liquidation judiciaire'), later).conclusion, unsure);
  t.equal(on(note('Clôture de la liquidation judiciaire')).conclusion, unsure);
  t.equal(on(note('Liquidation judiciaire')).conclusion, unsure, 'it announces no opening');
  t.equal(on(note('Rejet de la demande d’ouverture d’une liquidation judiciaire')).conclusion, unsure);
  t.equal(on(note('Résolution du plan et liquidation')).conclusion, unsure);
});

t.test('a plan of recovery is said as such, and its judgment is asked for', async (t) => {
  const observations = [
    note('Ouverture du redressement judiciaire', '2025-09-01'),
    note('Jugement arrêtant le plan de redressement'),
  ];
  t.match(proceedings({ [RCS]: rcs({ observations }) }), {
    conclusion: unsure,
    motif: /un plan de redressement judiciaire, le 01\/09\/2026/,
    left: [/arrête le plan/],
  });
});

t.test('a ban from managing makes exclusion uncertain, whatever else is noted', async (t) => {
  const ban = note('Interdiction de gérer prononcée contre le gérant');
  const on = (observations: object[], date?: string) => proceedings({ [RCS]: rcs({ observations }) }, date);
  t.match(on([ban]), {
    conclusion: unsure,
    motif: /interdiction de gérer, le 01\/09\/2026/,
    left: [/interdiction de gérer/],
    pieces: [RCS],
  });
  const bankrupt = { [RNE]: rne({ observations: [note('Faillite personnelle')] }), [RCS]: rcs() };
  t.match(proceedings(bankrupt), { conclusion: unsure, pieces: [RNE] });
  t.equal(on([ban], '2026-08-31').conclusion, 'etablie', 'not yet');
  t.equal(on([ban, note('Ouverture de la sauvegarde', '2026-10-01')]).conclusion, unsure);
  t.equal(on([ban, note('Ouverture de la liquidation judiciaire', '2026-01-01')]).conclusion, 'contredite');
});

t.test('safeguard is no ground of exclusion, and the finding says that it is open', async (t) => {
  const opened = note('Jugement ouvrant la procédure de sauvegarde');
  const on = (observations: object[], given: World['given'] = {}) =>
    proceedings({ [RCS]: rcs({ observations }), ...given });
  const plan = note('Jugement arrêtant le plan de sauvegarde', '2026-10-01');
  for (const observations of [
    [opened],
    [opened, plan],
    [opened, note('Fin de la sauvegarde', '2026-10-02')],
  ]) {
    t.match(on(observations), {
      conclusion: 'etablie',
      motif: /sauvegarde, le .*n'exclut pas l'entreprise/,
      left: [],
      pieces: [RCS],
    });
  }
  const late = on([opened], { [RNE]: failure('indisponible') });
  t.match(late, { conclusion: unsure, motif: /sauvegarde.*registre national/, left: [] });
  t.match(on([opened], { [RNE]: failure('non_autorise') }), { conclusion: unsure, left: [/l'honneur/] });
  const found = proceedings(
    { [RCS]: rcs({ observations: [opened, note('Liquidation judiciaire', '2026-11-01')] }) },
    '2026-10-15',
  );
  t.match(found, { conclusion: 'etablie', motif: /sauvegarde.*mention postérieure/ });
});

t.test('a safeguard that may have turned into something else clears nobody', async (t) => {
  const opened = note('Jugement ouvrant la procédure de sauvegarde', '2026-01-01');
  for (const others of [
    [note('Conversion de la sauvegarde')],
    [note('Résolution du plan de sauvegarde')],
    [note('Résolution du plan de sauvegarde et cessation des paiements')],
    [note('Liquidation judiciaire'), note('Modification du plan de sauvegarde')],
    [note('Redressement judiciaire', null), note('Plan de sauvegarde')],
  ]) {
    const found = proceedings({ [RCS]: rcs({ observations: [opened, ...others] }) });
    t.match(
      found,
      { conclusion: unsure, motif: /sauvegarde.*suites/, left: [/jugements/] },
      `${others[0]?.texte}`,
    );
  }
  const elsewhere = rne({ observations: [note('Redressement judiciaire', '2025-01-01')] });
  t.equal(proceedings({ [RCS]: rcs({ observations: [opened] }), [RNE]: elsewhere }).conclusion, unsure);
});

t.test('a liquidation is of its day, and of an answer that is not stale', async (t) => {
  const liquidated = rcs({ observations: [note('Jugement ouvrant la liquidation judiciaire')] });
  t.equal(proceedings({ [RCS]: liquidated }, '2026-08-31').conclusion, 'etablie');
  t.equal(proceedings({ [RCS]: stale(liquidated) }).conclusion, unsure);
  const undated = rcs({ observations: [note('Jugement ouvrant la liquidation judiciaire', null)] });
  t.equal(proceedings({ [RCS]: undated }).conclusion, 'contredite');
  t.equal(proceedings({ [RCS]: undated }, '2026-08-31').conclusion, unsure, 'opened on an unknown day');
  t.equal(proceedings({ [RCS]: rcs({ observations: null }) }).conclusion, unsure, 'notes not given');
});

t.test('no register clears a company while another that may know it says nothing', async (t) => {
  for (const [speaking, answer, silent, name] of [
    [RNE, rne(), RCS, /registre du commerce/],
    [RCS, rcs(), RNE, /registre national/],
  ] as const) {
    for (const late of [failure('indisponible'), failure('differe'), stale(stated('non_trouve'))]) {
      const given = { [UNITE]: active, [speaking]: answer, [silent]: late };
      t.match(proceedings(given), { conclusion: unsure, motif: name, left: [] });
      t.match(findingOf('absence_radiation', { given }), { conclusion: unsure, motif: name, left: [] });
    }
    const shut = { [UNITE]: active, [speaking]: answer, [silent]: failure('non_autorise') };
    t.match(proceedings(shut), { conclusion: unsure, motif: /droits/, left: [/l'honneur/] });
    t.match(findingOf('absence_radiation', { given: shut }), { conclusion: unsure, left: [] });
  }
});

t.test('what is cited is what spoke', async (t) => {
  const absent = { [RCS]: stated('non_trouve'), [RNE]: rne() };
  t.strictSame(proceedings(absent).pieces, [RNE]);
  t.strictSame(proceedings({ [RCS]: rcs(), [RNE]: rne({ observations: null }) }).pieces, [RCS]);
  const liquidated = rne({ observations: [note('Jugement ouvrant la liquidation judiciaire')] });
  t.match(proceedings({ [RCS]: failure('indisponible'), [RNE]: liquidated }), {
    conclusion: 'contredite',
    pieces: [RNE],
  });
});

t.test(
  'a register that is shut and one that does not know the company leave the statement to sign',
  async (t) => {
    const given = { [RCS]: failure('non_autorise'), [RNE]: stated('non_trouve') };
    t.match(proceedings(given), { conclusion: unsure, left: [/l'honneur/] });
    t.strictSame(proceedings({ ...given, [RCS]: failure('differe') }).left, []);
  },
);

t.test('collective proceedings do not concern public bodies, and do concern associations', async (t) => {
  const absent = { [RCS]: stated('non_trouve'), [RNE]: stated('non_trouve') };
  const of = (code: string) =>
    proceedings({ ...absent, [UNITE]: obtained(UNITE, { forme_juridique: { code, libelle: null } }) });
  t.match(of('7210'), { conclusion: 'sans_objet', left: [] });
  t.match(of('9220'), { conclusion: unsure, left: [/l'honneur/] });
});
