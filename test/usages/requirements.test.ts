import t from 'tap';
import { findingOf, type Given, obtained, stale, stated, type World } from '../helpers/examined.ts';

const ETABLISSEMENT = 'insee_etablissement';
const UNITE = 'insee_unite_legale';
const RCS = 'infogreffe_extrait_rcs';
const RNE = 'inpi_extrait_rne';
const LIENS = 'dgfip_liens_capitalistiques';

const open = obtained(ETABLISSEMENT, {
  etat_administratif: 'ouvert',
  date_creation: '2010-01-01',
  date_fermeture: null,
});
const active = obtained(UNITE, { etat_administratif: 'actif', date_cessation: null });
const ceased = (date_cessation: string | null) =>
  obtained(UNITE, { etat_administratif: 'cesse', date_cessation });
const closed = (date_fermeture: string | null) =>
  obtained(ETABLISSEMENT, { etat_administratif: 'ferme', date_creation: '2010-01-01', date_fermeture });
const rcs = (data: object = {}) =>
  obtained(RCS, { date_immatriculation: '2010-01-01', date_radiation: null, observations: [], ...data });
const rne = (data: object = {}) =>
  obtained(RNE, { date_immatriculation: '2010-01-01', observations: [], ...data });
const note = (texte: string, date: string | null = '2026-09-01') => ({ numero: null, date, texte });

const conclusionOf = (exigence: string, given: World['given'], date?: string) =>
  findingOf(exigence, { given, ...(date && { date }) }).conclusion;
const unsure = 'impossible_a_conclure';

t.test('an establishment exists while it is open and its company active', async (t) => {
  const on = (etablissement: Given, unite: Given, date?: string) =>
    conclusionOf('existence_activite', { [ETABLISSEMENT]: etablissement, [UNITE]: unite }, date);
  t.equal(on(open, active), 'etablie');
  t.equal(on(open, active, '2026-01-05'), 'etablie', 'a register tells the past');
  t.equal(on(open, active, '2027-01-05'), unsure, 'and nothing of a day to come');
  t.equal(on(open, active, '2009-12-31'), unsure);
  t.equal(on(closed('2026-06-01'), active), 'contredite');
  t.equal(on(closed('2026-06-01'), active, '2026-05-31'), 'etablie');
  t.equal(on(closed(null), active), 'contredite');
  t.equal(on(closed(null), active, '2026-05-31'), unsure, 'closed since an unknown day');
  t.equal(on(stale(closed('2026-06-01')), active), unsure, 'a stale answer accuses nobody');
  t.equal(on(open, ceased('2026-06-01')), 'contredite');
  t.equal(on(open, stale(ceased('2026-06-01'))), unsure);
});

t.test(
  'registration is shown by one register and by Insee, and contradicted by a striking off',
  async (t) => {
    const on = (given: World['given'], date?: string) =>
      conclusionOf('absence_radiation', { [UNITE]: active, ...given }, date);
    const absent = stated('non_trouve');
    t.equal(on({ [RCS]: rcs() }), 'etablie');
    t.equal(on({ [RCS]: absent, [RNE]: rne() }), 'etablie', 'an artisan');
    t.equal(on({ [RCS]: rcs({ date_radiation: '2026-06-01' }) }), 'contredite');
    t.equal(on({ [RCS]: rcs({ date_radiation: '2026-06-01' }) }, '2026-05-31'), 'etablie');
    t.equal(on({ [RCS]: stale(rcs({ date_radiation: '2026-06-01' })) }), unsure);
    t.equal(on({ [RNE]: rne(), [UNITE]: ceased('2026-06-01') }), unsure, 'no register says it');
    const { left } = findingOf('absence_radiation', {
      given: { [UNITE]: active, [RCS]: absent, [RNE]: absent },
    });
    t.match(left, [/inscription à un registre/]);
  },
);

t.test('a sole trader struck off the commercial register may go on under another status', async (t) => {
  const sole = obtained(UNITE, { type: 'personne_physique', etat_administratif: 'actif' });
  t.equal(
    conclusionOf('absence_radiation', { [UNITE]: sole, [RCS]: rcs({ date_radiation: '2026-06-01' }) }),
    unsure,
  );
});

t.test('associations and public bodies need not be registered', async (t) => {
  for (const code of ['9220', '7210']) {
    const unite = obtained(UNITE, { forme_juridique: { code, libelle: null } });
    t.equal(conclusionOf('absence_radiation', { [UNITE]: unite }), 'sans_objet', code);
  }
});

t.test('only an opened liquidation that nothing seems to end contradicts', async (t) => {
  const on = (...observations: ReturnType<typeof note>[]) =>
    findingOf('absence_procedure_collective', { given: { [RCS]: rcs({ observations }) } });
  t.equal(on().conclusion, 'etablie');
  t.equal(on(note('Transfert du siège')).conclusion, 'etablie');
  t.equal(on(note('Ouverture de la liquidation judiciaire')).conclusion, 'contredite');
  t.equal(on(note('Plan de sauvegarde')).conclusion, 'etablie', 'it excludes nobody');
  t.match(on(note('Redressement judiciaire')), { conclusion: unsure, left: [/jugements/] });
  const later = note('Clôture de la procédure', '2026-10-01');
  t.equal(on(note('Ouverture de la liquidation judiciaire'), later).conclusion, unsure);
  t.equal(on(note('Liquidation judiciaire')).conclusion, unsure, 'it announces no opening');
  t.equal(on(note('Rejet de la demande d’ouverture d’une liquidation judiciaire')).conclusion, unsure);
  t.equal(on(note('Résolution du plan et liquidation')).conclusion, unsure);
  t.equal(on(note('Clôture de la liquidation judiciaire')).conclusion, unsure);
});

t.test('a plan of recovery is said as such, and its judgment is asked for', async (t) => {
  const observations = [
    note('Ouverture du redressement judiciaire', '2025-09-01'),
    note('Jugement arrêtant le plan de redressement'),
  ];
  t.match(findingOf('absence_procedure_collective', { given: { [RCS]: rcs({ observations }) } }), {
    conclusion: unsure,
    motif: /un plan de redressement judiciaire, le 01\/09\/2026/,
    left: [/arrête le plan/],
  });
});

t.test('a ban from managing makes exclusion uncertain, whatever else is noted', async (t) => {
  const ban = note('Interdiction de gérer prononcée contre le gérant');
  const on = (given: World['given'], date?: string) =>
    findingOf('absence_procedure_collective', { given, ...(date && { date }) });
  t.match(on({ [RCS]: rcs({ observations: [ban] }) }), {
    conclusion: unsure,
    motif: /interdiction de gérer, le 01\/09\/2026/,
    left: [/interdiction de gérer/],
  });
  t.equal(
    on({ [RNE]: rne({ observations: [note('Faillite personnelle')] }), [RCS]: rcs() }).conclusion,
    unsure,
  );
  t.equal(on({ [RCS]: rcs({ observations: [ban] }) }, '2026-08-31').conclusion, 'etablie', 'not yet');
  const safeguarded = rcs({ observations: [ban, note('Ouverture de la sauvegarde', '2026-10-01')] });
  t.equal(on({ [RCS]: safeguarded }).conclusion, unsure);
  const liquidated = rcs({
    observations: [ban, note('Ouverture de la liquidation judiciaire', '2026-01-01')],
  });
  t.equal(on({ [RCS]: liquidated }).conclusion, 'contredite');
});

t.test('a liquidation is of its day, and of an answer that is not stale', async (t) => {
  const liquidated = rcs({ observations: [note('Ouverture de la liquidation judiciaire')] });
  const on = (given: World['given'], date?: string) =>
    conclusionOf('absence_procedure_collective', given, date);
  t.equal(on({ [RCS]: liquidated }, '2026-08-31'), 'etablie');
  t.equal(on({ [RCS]: stale(liquidated) }), unsure);
  const undated = rcs({ observations: [note('Ouverture de la liquidation judiciaire', null)] });
  t.equal(on({ [RCS]: undated }), 'contredite');
  t.equal(on({ [RCS]: undated }, '2026-08-31'), unsure, 'opened on an unknown day');
  t.equal(on({ [RCS]: rcs({ observations: null }) }), unsure, 'notes that were not given');
});

t.test('funds are required of works, or of builders when the nature is unknown', async (t) => {
  const baker = obtained(UNITE);
  const builder = obtained(UNITE, {
    activite_principale: { code: '43.99A', libelle: null, nomenclature: null },
  });
  const of = (unite: Given, nature: 'services' | 'travaux_batiment' | null, more: World['given'] = {}) =>
    findingOf('conges_payes_btp', { given: { [UNITE]: unite, ...more }, procedure: { nature } });
  t.equal(of(baker, null).conclusion, 'sans_objet');
  t.equal(of(baker, 'services').conclusion, undefined, 'no requirement at all');
  t.equal(of(baker, 'travaux_batiment').conclusion, unsure);
  const absent = {
    cibtp_attestation_conges_payes: stated('non_trouve'),
    cnetp_attestation_conges_payes: stated('non_trouve'),
  };
  t.match(of(builder, null, absent), { conclusion: unsure, left: [/congés payés/] });
  const paid = { ...absent, cnetp_attestation_conges_payes: obtained('cnetp_attestation_conges_payes') };
  t.equal(of(builder, null, paid).conclusion, 'etablie', 'a company belongs to one fund');
  const unpaid = { ...paid, cibtp_attestation_conges_payes: stated('refuse') };
  t.equal(of(builder, null, unpaid).conclusion, 'contredite');
});

t.test('three exercises, or those that the age of the company allows, establish the turnover', async (t) => {
  const exercise = (year: number) => ({ date_fin_exercice: `${year}-12-31`, montant_euros: 1_000_000 });
  const of = (created: string, years: number[], date?: string) =>
    findingOf('capacite_economique', {
      given: {
        [UNITE]: obtained(UNITE, { date_creation: created }),
        dgfip_chiffres_affaires: obtained('dgfip_chiffres_affaires', { exercices: years.map(exercise) }),
      },
      ...(date && { date }),
    });
  t.match(of('2000-01-01', [2025, 2024, 2023]), {
    conclusion: 'etablie',
    motif: /1 000 000 € sur 3 exercices/,
  });
  t.match(of('2000-01-01', [2025, 2024]), { conclusion: unsure, left: [/chiffre d'affaires/] });
  t.equal(of('2024-03-01', [2025, 2024]).conclusion, 'etablie');
  t.match(of('2026-03-01', []), { left: [/banque/] });
  t.equal(
    of('2000-01-01', [2025, 2024, 2023], '2025-12-30').conclusion,
    unsure,
    'not yet closed on that day',
  );
});

t.test('a secondary establishment unknown by its number sends to its head office', async (t) => {
  const shop = obtained(ETABLISSEMENT, { siege: false });
  const given = { [ETABLISSEMENT]: shop, dgfip_chiffres_affaires: stated('non_trouve') };
  t.match(findingOf('capacite_economique', { given }), { conclusion: unsure, motif: /siège/, left: [] });
});

t.test('only qualifications in force count', async (t) => {
  const given = (au: string) => ({
    ademe_certification_rge: obtained('ademe_certification_rge', {
      certificats: [],
    }),
    qualibat_certification: obtained('qualibat_certification', {
      contenu_lu: true,
      date_fin_validite: au,
      certifications: [{ code: '1', libelle: null, rge: false, date_attribution: '2020-01-01' }],
    }),
  });
  const of = (au: string) =>
    findingOf('qualifications', { given: given(au), procedure: { nature: 'travaux_batiment' } });
  t.equal(of('2026-11-23').conclusion, 'etablie');
  t.match(of('2026-11-22'), { conclusion: unsure, left: [/qualification/] });
});

t.test('a size is known of who declares to be linked to nobody', async (t) => {
  const of = (links: object, headcount = 49) =>
    findingOf('categorie_taille', {
      usage: 'aide_publique',
      given: {
        [LIENS]: obtained(LIENS, links),
        gip_mds_effectifs_annuels: obtained('gip_mds_effectifs_annuels', {
          annee: '2025',
          effectif_total: headcount,
        }),
        dgfip_chiffres_affaires: obtained('dgfip_chiffres_affaires', {
          exercices: [{ date_fin_exercice: '2025-12-31', montant_euros: 9_000_000 }],
        }),
      },
    });
  const alone = {
    actionnaires_personnes_morales: [],
    actionnaires_personnes_physiques: [{ pourcentage: 100 }],
    filiales: [],
    formulaire_2059g_neant: true,
  };
  t.match(of(alone), {
    conclusion: 'etablie',
    motif: /petite entreprise à l'exercice clos le 31\/12\/2025 : 49 personnes en 2025/,
  });
  t.match(of(alone, 50), { motif: /entreprise moyenne/ });
  t.match(of(alone, 250), { conclusion: unsure, left: [/taille/] });
  t.match(
    of({ ...alone, formulaire_2059g_neant: false }),
    { conclusion: unsure },
    'an empty list proves nothing',
  );
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
        gip_mds_effectifs_annuels: stated('non_trouve'),
        dgfip_chiffres_affaires: stated('non_trouve'),
      },
    }).motif;
  t.match(
    told({}),
    "PME d'après les effectifs de 2024, au Sirene mis à jour le 06/11/2026, ne la prouve pas",
  );
  t.match(told({ effectif: null, mis_a_jour_le: null }), "PME d'une année que l'Insee ne précise pas, ne la");
  t.match(told({ categorie_entreprise: null }), "L'Insee ne donne pas de catégorie.");
});

t.test('above 153,000 € of subsidies in a year, audited accounts are required', async (t) => {
  const of = (montant_subventions_euros: number, commissaire_aux_comptes = false) =>
    findingOf('comptes_annuels', {
      usage: 'subvention_association',
      given: {
        djepva_association: obtained('djepva_association', {
          comptes: [{ annee: '2025', montant_subventions_euros, commissaire_aux_comptes }],
        }),
      },
    });
  t.equal(of(153_000).conclusion, 'sans_objet');
  t.match(of(153_001), { conclusion: unsure, left: [/commissaire aux comptes/] });
  t.equal(of(153_001, true).conclusion, 'etablie');
});
