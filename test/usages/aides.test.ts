import t from 'tap';
import { examined, findingOf, type Given, obtained, stated, TODAY, type World } from '../helpers/examined.ts';

const UNITE = 'insee_unite_legale';
const RCS = 'infogreffe_extrait_rcs';
const LIENS = 'dgfip_liens_capitalistiques';
const CHIFFRES = 'dgfip_chiffres_affaires';
const EFFECTIFS = 'gip_mds_effectifs_annuels';
const unsure = 'impossible_a_conclure';

const alone = obtained(LIENS, {
  actionnaires_personnes_morales: [],
  actionnaires_personnes_physiques: [{ pourcentage: 100 }],
  filiales: [],
  formulaire_2059g_neant: true,
});
const staff = (effectif_total: number, annee = '2025') => obtained(EFFECTIFS, { annee, effectif_total });
const turnovers = (...exercices: [day: string, euros: number][]) =>
  obtained(CHIFFRES, {
    exercices: exercices.map(([date_fin_exercice, montant_euros]) => ({ date_fin_exercice, montant_euros })),
  });
const size = (given: World['given'], date = TODAY) =>
  findingOf('categorie_taille', { usage: 'aide_publique', given: { [LIENS]: alone, ...given }, date });

t.test('the figures of a company bound its size, that it alone declares', async (t) => {
  const of = (persons: number, last: number, before: number) =>
    size({
      [EFFECTIFS]: staff(persons),
      [CHIFFRES]: turnovers(['2025-12-31', last], ['2024-12-31', before]),
    });
  t.match(of(49, 9_000_000, 8_000_000), {
    conclusion: unsure,
    motif:
      /au plus ceux d'une petite entreprise : 49 personnes en 2025, 9 000 000 €.*31\/12\/2025 et 8 000 000 € au précédent/,
    left: [/taille/],
  });
  t.match(of(8, 5_000_000, 1_500_000), {
    conclusion: unsure,
    motif: /au plus ceux d'une petite entreprise, et au moins ceux d'une microentreprise/,
  });
  t.match(of(8, 1_500_000, 5_000_000).motif, /au plus ceux d'une petite/, 'two exercises change a size');
  t.match(of(50, 9_000_000, 8_000_000).motif, /au plus ceux d'une entreprise moyenne/);
  t.match(of(50, 60_000_000, 60_000_000).motif, /au moins ceux d'une entreprise moyenne/);
  t.match(of(7412.75, 9_000_000, 8_000_000).motif, /dépassent ceux d'une PME : 7 412,8 personnes/);
});

t.test('no figure of another time bounds a size', async (t) => {
  const exercises = turnovers(['2025-12-31', 1_000_000], ['2024-12-31', 1_000_000]);
  const unbounded = /ne suffisent pas à situer la taille/;
  t.match(size({ [EFFECTIFS]: staff(8), [CHIFFRES]: exercises }, '2024-02-01').motif, unbounded);
  t.match(size({ [EFFECTIFS]: staff(8, '2022'), [CHIFFRES]: exercises }).motif, unbounded);
  const old = turnovers(['2019-12-31', 1_000_000], ['2018-12-31', 1_000_000]);
  t.match(size({ [EFFECTIFS]: staff(8), [CHIFFRES]: old }).motif, unbounded);
  const one = turnovers(['2025-12-31', 1_000_000]);
  t.match(size({ [EFFECTIFS]: staff(8), [CHIFFRES]: one }).motif, unbounded);
  const gap = turnovers(['2025-12-31', 1_000_000], ['2024-06-30', 1_000_000]);
  t.match(size({ [EFFECTIFS]: staff(8), [CHIFFRES]: gap }).motif, unbounded);
});

t.test('a link is not excluded by an empty list', async (t) => {
  t.match(size({}).motif, /ne déclare de lien avec aucune personne morale/);
  const empty = obtained(LIENS, { filiales: [], formulaire_2059g_neant: false });
  t.notMatch(size({ [LIENS]: empty }).motif, /ne déclare de lien/);
});

t.test("Insee's category is not told without its year, nor without the day of the register", async (t) => {
  const told = (more: object) =>
    findingOf('categorie_taille', {
      usage: 'aide_publique',
      given: {
        [UNITE]: obtained(UNITE, {
          categorie_entreprise: 'PME',
          effectif: { code: '12', libelle: null, de: 20, a: 49, annee: '2024' },
          mis_a_jour_le: '2026-11-06',
          ...more,
        }),
        [LIENS]: stated('non_trouve'),
        [EFFECTIFS]: stated('non_trouve'),
        [CHIFFRES]: stated('non_trouve'),
      },
    }).motif;
  t.match(
    told({}),
    "PME d'après les effectifs de 2024, au Sirene mis à jour le 06/11/2026, ne la prouve pas",
  );
  t.match(told({ effectif: null, mis_a_jour_le: null }), "PME d'une année que l'Insee ne précise pas, ne la");
  t.match(told({ categorie_entreprise: null }), "L'Insee ne donne pas de catégorie.");
});

const note = (texte: string) => ({ numero: null, date: '2026-09-01', texte });
const rcs = (...texts: string[]) =>
  obtained(RCS, { date_immatriculation: '2010-01-01', date_radiation: null, observations: texts.map(note) });
const difficulty = (register: Given, date_creation = '2010-01-01') =>
  findingOf('absence_difficulte', {
    usage: 'aide_publique',
    given: { [UNITE]: obtained(UNITE, { date_creation }), [RCS]: register },
  });

t.test('nothing known here establishes that a company is in no difficulty, its age neither', async (t) => {
  const left = ['Déclaration de ne pas être une entreprise en difficulté'];
  t.match(difficulty(rcs()), { conclusion: unsure, motif: /conditions de l'insolvabilité/, left });
  t.match(difficulty(rcs(), '2025-06-01'), { conclusion: unsure, motif: /si elle est une PME/, left });
  t.notMatch(difficulty(rcs(), '2023-11-23').motif, /moins de trois ans/);
});

t.test('proceedings that are open are those of a company in difficulty', async (t) => {
  t.equal(difficulty(rcs('Jugement ouvrant la liquidation judiciaire')).conclusion, 'contredite');
  for (const age of ['2010-01-01', '2025-06-01']) {
    const found = difficulty(rcs('Jugement ouvrant la procédure de sauvegarde'), age);
    t.match(found, { conclusion: unsure, motif: /sauvegarde.*en difficulté/, left: [/difficulté/] });
    t.notMatch(found.motif, /n'exclut pas|Aucune procédure/);
  }
});

t.test('no aid rests on the article that founds the vigilance of a buyer', async (t) => {
  for (const usage of ['aide_publique', 'subvention_association'] as const) {
    const { constats } = examined({ usage, given: { [RCS]: stated('non_trouve') } });
    t.notMatch(constats.find(({ exigence }) => exigence === 'regularite_sociale')?.base_legale, /L243-15/);
  }
});
