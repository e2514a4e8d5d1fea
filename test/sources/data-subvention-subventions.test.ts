import t from 'tap';
import { dataSubventionSubventions as source } from '../../src/sources/data-subvention-subventions.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const request = {
  fournisseur: 'OSIRIS',
  date_mise_a_jour_information: '2025-01-01T00:00:00.000Z',
  annee_exercice_demande: 2025,
  identifiant_engagement_juridique: '25/0003456',
  jointure_demandes_et_versements: '25/0003456',
  subvention_demandee: { dispositif: 'FDVA', sous_dispositif: 'Aides', montant_demande: 15_000 },
  description_des_projets: {
    estimation_cout_total: 25_000,
    projet: [{ rang: 1, intitule: 'Numérique associatif' }],
  },
  instruction: {
    service_instructeur: 'DRAJES',
    date_commission: '2025-06-15T00:00:00.000Z',
    statut_demande: 'Accordé',
    montant_accorde: 10_000,
  },
};
const payment = {
  fournisseur: 'Chorus',
  date_mise_a_jour_information: '2025-07-21T00:00:00.000Z',
  montant_verse: 10_000,
  date_versement: '2025-07-15T00:00:00.000Z',
  centre_financier: 'UO Région',
  domaine_fonctionnel: 'vie associative',
  activitee: 'formation',
  numero_bop: '163',
  programme: { numero: '163', libelle: 'Jeunesse et vie associative' },
};
const paidOn = (day: string) => ({ ...payment, date_versement: `${day}T00:00:00.000Z` });

const versementsOf = (items: unknown[]) =>
  source.unify(factFor(source, 200, collection(items)).donnees).fiscal?.subventions_versees;

t.test('a subsidy gives what was asked, what was granted and what was paid', async (t) => {
  const items = collection([{ demande_subvention: request, paiements: [payment] }]);
  const { donnees } = factFor(source, 200, items);
  t.match(donnees, {
    subventions: [
      {
        demande: {
          annee_exercice: '2025',
          montant_demande_euros: 15_000,
          cout_total_estime_euros: 25_000,
          projets: ['Numérique associatif'],
          date_commission: '2025-06-15',
          statut: 'Accordé',
          montant_accorde_euros: 10_000,
        },
        paiements: [{ date_versement: '2025-07-15', montant_verse_euros: 10_000, activite: 'formation' }],
      },
    ],
  });
  t.same(source.unify(donnees).fiscal?.subventions_versees, [
    { date_versement: '2025-07-15', montant_euros: 10_000, programme: 'Jeunesse et vie associative' },
  ]);
});

t.test('payments without a request and a request without payments are both subsidies', async (t) => {
  const items = [
    { demande_subvention: null, paiements: [payment] },
    { demande_subvention: request, paiements: [] },
  ];
  t.match(factFor(source, 200, collection(items)).donnees, {
    subventions: [
      { demande: null, paiements: [{}] },
      { demande: {}, paiements: [] },
    ],
  });
  t.equal(versementsOf(items)?.length, 1);
});

t.test('the most recent come first, and those without a date last', async (t) => {
  const items = [
    { demande_subvention: null, paiements: [] },
    { demande_subvention: { ...request, annee_exercice_demande: '2024' }, paiements: [] },
    { paiements: [paidOn('2023-01-10'), paidOn('2025-02-01')] },
    { paiements: [{ ...payment, date_versement: null }, paidOn('2024-05-01')] },
  ];
  const days = ['2025-02-01', '2024-05-01', '2023-01-10', null];
  t.same(
    versementsOf(items)?.map((one) => one.date_versement),
    days,
  );
  t.match(factFor(source, 200, collection(items)).donnees, {
    subventions: [
      { paiements: [{ date_versement: '2025-02-01' }, { date_versement: '2023-01-10' }] },
      { paiements: [{ date_versement: '2024-05-01' }, { date_versement: null }] },
      { demande: { annee_exercice: '2024' } },
      { demande: null },
    ],
  });
});

t.test('an amount in a text is an amount, and an unknown one is not zero', async (t) => {
  const amounts = ['1250.5', '', null, 'inconnu'].map((montant_verse) => ({ ...payment, montant_verse }));
  t.same(
    versementsOf([{ paiements: amounts }])?.map((one) => one.montant_euros),
    [1250.5],
  );
  const { donnees } = factFor(source, 200, collection([{ paiements: amounts }]));
  t.equal((donnees as { subventions: { paiements: unknown[] }[] }).subventions[0]?.paiements.length, 4);
});

t.test('a status in other words is passed on as it is', async (t) => {
  const instruction = { ...request.instruction, statut_demande: 'Prévisionnel' };
  const items = collection([{ demande_subvention: { ...request, instruction } }]);
  t.match(factFor(source, 200, items).donnees, { subventions: [{ demande: { statut: 'Prévisionnel' } }] });
});

t.test('everything may be missing', async (t) => {
  const nulls = (value: object) => Object.fromEntries(Object.keys(value).map((key) => [key, null]));
  const halfEmpty = {
    ...request,
    subvention_demandee: {},
    description_des_projets: { projet: [{ intitule: null }, {}] },
    instruction: nulls(request.instruction),
  };
  const items = [
    {},
    { demande_subvention: null, paiements: null },
    { demande_subvention: nulls(request), paiements: [nulls(payment), {}] },
    { demande_subvention: halfEmpty, paiements: [{ ...payment, programme: undefined }] },
  ];
  t.same(versementsOf(items), [{ date_versement: '2025-07-15', montant_euros: 10_000, programme: null }]);
});

t.test('what is not an association, or received nothing, is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('52003')).statut, 'non_trouve');
});
