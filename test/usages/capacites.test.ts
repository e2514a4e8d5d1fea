import t from 'tap';
import { findingOf, type Given, obtained, stated, type World } from '../helpers/examined.ts';

const UNITE = 'insee_unite_legale';
const CHIFFRES = 'dgfip_chiffres_affaires';
const ANNUELS = 'gip_mds_effectifs_annuels';
const MENSUELS = 'gip_mds_effectifs_mensuels';
const unsure = 'impossible_a_conclure';

const turnover = (created: string, days: (string | null)[], date?: string) =>
  findingOf('capacite_economique', {
    given: {
      [UNITE]: obtained(UNITE, { date_creation: created }),
      [CHIFFRES]: obtained(CHIFFRES, {
        exercices: days.map((date_fin_exercice) => ({ date_fin_exercice, montant_euros: 1_000_000 })),
      }),
    },
    ...(date && { date }),
  });
const ends = (...years: number[]) => years.map((year) => `${year}-12-31`);
const all = "Déclaration du chiffre d'affaires des trois derniers exercices disponibles";
const those = (years: string) => `Déclaration du chiffre d'affaires des exercices clos en ${years}`;

t.test(
  'three recent exercises, or those that the age of the company allows, make the turnover known',
  async (t) => {
    t.match(turnover('2000-01-01', ends(2025, 2024, 2023)), {
      conclusion: 'etablie',
      motif: /connu, à comparer au niveau exigé : moyenne de 1 000 000 € sur 3 exercices/,
    });
    t.equal(turnover('2024-03-01', ends(2025, 2024)).conclusion, 'etablie');
    t.equal(turnover('2024-09-01', ends(2025)).conclusion, 'etablie', 'a first exercise of sixteen months');
    const moved = ['2025-12-31', '2025-06-30', '2024-06-30'];
    t.equal(turnover('2000-01-01', moved).conclusion, 'etablie', 'two closed in a year');
  },
);

t.test('only the exercises that are missing are asked for', async (t) => {
  t.match(turnover('2000-01-01', ends(2025, 2024)), { conclusion: unsure, left: [those('2023')] });
  t.match(turnover('2000-01-01', ends(2025)), {
    conclusion: unsure,
    motif: /exercices clos en 2023 et 2024/,
    left: [those('2023 et 2024')],
  });
  t.match(turnover('2000-01-01', ends(2025, 2023)), { conclusion: unsure, left: [those('2024')] });
  t.match(turnover('2000-01-01', ends(2025, 2024, 2023), '2025-12-30'), {
    conclusion: unsure,
    left: [those('2022')],
  });
});

t.test('old exercises make nothing known, and undated ones neither', async (t) => {
  t.match(turnover('2000-01-01', ends(2019, 2018, 2017)), {
    conclusion: unsure,
    left: [those('2023, 2024 et 2025')],
  });
  t.match(turnover('2000-01-01', ends(2024, 2023, 2022)), { conclusion: unsure, left: [those('2025')] });
  t.equal(
    turnover('2000-01-01', ends(2024, 2023, 2022), '2026-05-02').conclusion,
    'etablie',
    'the accounts of 2025 are filed in May',
  );
  t.match(turnover('2000-01-01', [null, null, null]), { conclusion: unsure, left: [all] });
  t.match(turnover('2026-03-01', []), { conclusion: unsure, left: [/banque/] });
});

const headcount = (given: World['given'], date?: string) =>
  findingOf('capacite_professionnelle', { given, ...(date && { date }) });
const year = (annee: string, effectif_total = 34.25): Given => obtained(ANNUELS, { annee, effectif_total });
const month = obtained(MENSUELS, { annee: '2026', mois: '09', effectif_total: 12 });

t.test('a recent headcount of the company is known, whatever level is required', async (t) => {
  t.match(headcount({ [ANNUELS]: year('2025') }), {
    conclusion: 'etablie',
    motif: /connu, à comparer au niveau exigé : 34,3 personnes en 2025/,
  });
  t.equal(headcount({ [ANNUELS]: year('2024') }, '2026-01-15').conclusion, 'etablie', 'before January ends');
  t.equal(headcount({ [ANNUELS]: year('2022') }).conclusion, unsure);
  t.equal(
    headcount({ [ANNUELS]: year('2025') }, '2025-11-01').conclusion,
    unsure,
    'a year that had not ended',
  );
});

t.test('the headcount of one establishment is not that of the company', async (t) => {
  t.match(headcount({ [ANNUELS]: stated('non_trouve'), [MENSUELS]: month }), {
    conclusion: unsure,
    motif: /cet établissement.*pas celui de l'entreprise : 12 personnes, en 09\/2026/,
    left: [/effectifs moyens annuels/],
  });
});
