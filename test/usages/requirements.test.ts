import t from 'tap';
import { examined, findingOf, type Given, obtained, stale, stated, type World } from '../helpers/examined.ts';

const ETABLISSEMENT = 'insee_etablissement';
const UNITE = 'insee_unite_legale';
const RCS = 'infogreffe_extrait_rcs';
const RNE = 'inpi_extrait_rne';

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
  t.equal(on(closed('2026-06-01'), active, '2026-05-31'), 'etablie');
  t.equal(on(closed(null), active, '2026-05-31'), unsure, 'closed since an unknown day');
  const both = (cessation: string | null) => on(closed('2026-06-01'), ceased(cessation));
  t.equal(both('2026-06-01'), 'contredite');
  const given = { [ETABLISSEMENT]: closed('2026-06-01'), [UNITE]: ceased('2026-06-01') };
  t.equal(
    findingOf('existence_activite', { given }).motif,
    "L'entreprise a cessé son activité le 01/06/2026.",
  );
  t.equal(both(null), 'contredite');
  t.equal(on(closed('2026-06-01'), ceased('2026-06-01'), '2026-05-31'), 'etablie');
  t.equal(on(closed('2026-06-01'), stale(ceased('2026-06-01'))), unsure, 'a stale answer accuses nobody');
});

t.test('a closed shop of a living company sends to its head office, and contradicts nothing', async (t) => {
  const siege = '55203253400646';
  const of = (date_fermeture: string | null, siret_siege: string | null = siege) =>
    findingOf('existence_activite', {
      given: {
        [ETABLISSEMENT]: obtained(ETABLISSEMENT, {
          siret: '55203253400653',
          etat_administratif: 'ferme',
          date_fermeture,
        }),
        [UNITE]: obtained(UNITE, { etat_administratif: 'actif', date_cessation: null, siret_siege }),
      },
    });
  const sent = {
    conclusion: unsure,
    motif: /en activité : demandez le dossier du siège, 55203253400646/,
    left: [],
  };
  t.match(of('2026-06-01'), sent);
  t.match(of(null), sent);
  t.match(of('2026-06-01', '55203253400653'), { conclusion: unsure, motif: /siège est à vérifier/ });
  t.match(of('2026-06-01', null), { conclusion: unsure, motif: /siège est à vérifier/ });
});

t.test('a company that ceased with an open establishment is an error of Insee', async (t) => {
  const of = (unite: Given, date?: string) =>
    findingOf('existence_activite', {
      given: { [ETABLISSEMENT]: open, [UNITE]: unite },
      ...(date && { date }),
    });
  t.match(of(ceased('2026-06-01')), { conclusion: unsure, motif: /erreur du répertoire Sirene/, left: [] });
  t.match(of(ceased(null)), { conclusion: unsure, motif: /erreur du répertoire Sirene/ });
  t.equal(of(ceased('2026-06-01'), '2026-05-31').conclusion, 'etablie', 'both lived that day');
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

t.test('no dossier alone tells a company from the other bidders', async (t) => {
  const LIENS = 'dgfip_liens_capitalistiques';
  const of = (data: object) =>
    findingOf('distinction_candidats', { given: { [LIENS]: obtained(LIENS, data) } });
  const alone = { actionnaires_personnes_morales: [], filiales: [], formulaire_2059g_neant: true };
  t.match(of({ ...alone, actionnaires_personnes_physiques: [{ pourcentage: 100 }] }), {
    conclusion: unsure,
    motif: /même personne physique/,
    left: [],
  });
  const filiales = [{ siren: '000835009', denomination: null, pourcentage: 100 }];
  t.match(of({ ...alone, filiales }), { conclusion: unsure, motif: /000835009/ });
});

t.test('while a contract is performed, what is verified rests on the labour code', async (t) => {
  const of = (etape: 'attribution' | 'suivi') => {
    const { constats } = examined({ given: { [UNITE]: active }, procedure: { etape } });
    return constats.map(({ exigence, base_legale }) => `${exigence} ${base_legale}`);
  };
  const basis = 'Code du travail L8222-1 et D8222-5';
  t.strictSame(of('suivi'), [`existence_activite ${basis}`, `regularite_sociale ${basis}`]);
  t.ok(of('attribution').includes('existence_activite CCP R2143-9'));
});

t.test('a document that serves several requirements names each article once', async (t) => {
  const { a_demander } = examined({
    usage: 'subvention_association',
    given: {
      dgfip_attestation_fiscale: stated('non_trouve'),
      urssaf_attestation_vigilance: stated('non_trouve'),
    },
  });
  const asked = a_demander.find(({ piece }) => piece.startsWith("Attestation sur l'honneur"));
  t.equal(asked?.base_legale, 'CRPA L114-8 ; décret n° 2016-1971');
});
