import t from 'tap';
import { inpiExtraitRne as source } from '../../src/sources/inpi-extrait-rne.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const company = {
  denomination: 'DANONE',
  nom: null,
  prenoms: null,
  siren: '552032534',
  date_immatriculation_rne: '2018-03-15',
  date_debut_activite: '2018-04-01',
  detail_cessation: null,
  dissolution: { date: null, poursuite_activite: null, avec_liquidation: null },
  date_fin_personne: '2117-03-14',
  date_cloture_exercice: '31-12',
  date_premiere_cloture_exercice: null,
  nature_entreprise: 'COMMERCIALE',
  forme_juridique: { code: '5599', libelle: 'SA' },
  associe_unique: false,
  activite_principales_objet_social: 'Fabrication de fromages',
  code_APE: { code: '1051C', libelle: 'Fabrication de fromage' },
  code_APRM: { code: null, libelle: null },
  capital_social: { montant: 50000.0, devise: 'EUR' },
  adresse_siege_social: {
    voie: '17 BD HAUSSMANN',
    code_postal: '75009',
    commune: 'PARIS',
    pays: 'FRANCE',
    complement: null,
  },
};
const establishment = {
  type_etablissement: 'Secondaire',
  siret: '55203253400653',
  statut: 'actif',
  date_debut_activite: '2018-04-01',
  code_APE: { code: '1051C', libelle: 'Fabrication de fromage' },
  activite_principale: 'Fromages',
};
const headOffice = { ...establishment, type_etablissement: 'Siège et principal', siret: '55203253400646' };

const extract = {
  document_url: 'https://storage.example/rne.pdf',
  identite_entreprise: company,
  dirigeants_et_associes: [
    {
      qualite: 'Président',
      nom: 'MARTIN',
      prenom: 'SOPHIE',
      date_naissance: '07-1985',
      commune_residence: 'Lyon',
    },
  ],
  etablissements: [
    headOffice,
    establishment,
    { ...establishment, siret: '55203253400001', statut: 'fermé'.normalize('NFD') },
  ],
  diffusion_commerciale: true,
  diffusion_insee: true,
  etablissements_fermes_total: 12,
  observations: [{ fournisseur: 'rcs', numero: '1', date: '2023-05-20', texte: 'Augmentation de capital' }],
};
const withCompany = (change: object) => ({ ...extract, identite_entreprise: { ...company, ...change } });

t.test('an extract gives the registration, the purpose, the capital and the leaders', async (t) => {
  const { donnees } = factFor(source, 200, single(extract));
  t.match(source.unify(donnees).identite, {
    denomination: 'DANONE',
    type: 'personne_morale',
    immatriculation_rne: { nature: 'COMMERCIALE', date_immatriculation: '2018-03-15' },
    objet_social: 'Fabrication de fromages',
    capital: { montant: 50000, devise: 'EUR' },
    dirigeants: [{ fonction: 'Président', nom: 'MARTIN' }],
    siege: { siret: '55203253400646' },
    diffusion: null,
  });
  t.same(source.alertes(donnees), []);
});

t.test('establishments are counted, and only the one asked about is kept', async (t) => {
  const { donnees } = factFor(source, 200, single(extract));
  t.match(donnees, {
    nombre_etablissements_ouverts: 2,
    nombre_etablissements_fermes: 12,
    etablissement_demande: { siret: '55203253400646', type: 'Siège et principal', etat: 'ouvert' },
  });
  t.notMatch(JSON.stringify(donnees), /55203253400653/);
});

t.test('no birth data and no home leave the register', async (t) => {
  const { donnees } = factFor(source, 200, single(extract));
  t.notMatch(JSON.stringify(donnees), /naissance|1985|Lyon/);
});

t.test('a sole trader is named by first name and surname', async (t) => {
  const trader = withCompany({ denomination: null, nom: 'AUBRAC', prenoms: ['SACHA', 'LOU'] });
  const { donnees } = factFor(source, 200, single(trader));
  t.match(source.unify(donnees).identite, { type: 'personne_physique', denomination: 'SACHA AUBRAC' });
});

t.test('a dissolution is a critical alert, which says when the activity goes on', async (t) => {
  const alertesWith = (poursuite_activite: boolean | null) => {
    const dissolved = withCompany({ dissolution: { date: '2023-05-20', poursuite_activite } });
    return source.alertes(factFor(source, 200, single(dissolved)).donnees);
  };
  t.match(alertesWith(true), [
    { code: 'dissolution', niveau: 'critique', message: /20\/05\/2023, avec poursuite/ },
  ]);
  t.match(alertesWith(null), [{ code: 'dissolution', message: /20\/05\/2023\.$/ }]);
});

t.test('a note about collective proceedings is a critical alert', async (t) => {
  const observations = [
    { fournisseur: 'rnm', numero: null, date: '2026-01-02', texte: 'Redressement judiciaire' },
  ];
  const { donnees } = factFor(source, 200, single({ ...extract, observations }));
  t.match(source.alertes(donnees), [{ code: 'procedure_collective', niveau: 'critique' }]);
});

t.test('who keeps name and address from the public is warned of', async (t) => {
  const { donnees } = factFor(source, 200, single({ ...extract, diffusion_insee: false }));
  t.equal(source.unify(donnees).identite?.diffusion, 'partiellement_diffusible');
  t.match(source.alertes(donnees), [{ code: 'diffusion_partielle', niveau: 'attention' }]);
});

t.test('an answer about another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single(extract), subjectOf('55204944776279'));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('an association is normally absent from the register; a quota of INPI is an outage', async (t) => {
  t.equal(outcomeFor(source, 404, errors('34003')).statut, 'non_trouve');
  t.equal(outcomeFor(source, 502, errors('34008')).statut, 'indisponible');
});

t.test('whatever may be unknown is null', async (t) => {
  const unknown = Object.fromEntries(Object.keys(company).map((key) => [key, null]));
  const nulls = { ...unknown, siren: '552032534' };
  const bare = { identite_entreprise: nulls };
  const inner = {
    ...bare,
    identite_entreprise: {
      ...nulls,
      dissolution: { date: null, poursuite_activite: null },
      capital_social: { montant: null, devise: null },
      adresse_siege_social: { voie: null, code_postal: null, commune: null, pays: null, complement: null },
      prenoms: [],
    },
    dirigeants_et_associes: [{}],
    etablissements: [{}],
    observations: [{}],
  };
  for (const data of [bare, inner]) {
    const { donnees } = factFor(source, 200, { data });
    t.match(source.unify(donnees).identite, { denomination: null, type: null, capital: null, siege: null });
    t.match(donnees, { etablissement_demande: null, adresse_siege: null, dissolution: null });
    t.same(source.alertes(donnees), []);
  }
});
