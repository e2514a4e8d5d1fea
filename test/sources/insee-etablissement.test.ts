import t from 'tap';
import { inseeEtablissement as source } from '../../src/sources/insee-etablissement.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const activity = { code: '10.51C', nomenclature: 'NAF2025', libelle: 'Fabrication de fromage' };
const unreferenced = { code: null, nomenclature: 'NAF2025', libelle: 'non référencé' };
const headcount = {
  code: '53',
  intitule: '10 000 salariés et plus',
  date_reference: '2023',
  de: 10000,
  a: null,
};

const uniteLegale = {
  siren: '552032534',
  rna: null,
  siret_siege_social: '55203253400646',
  type: 'personne_morale',
  personne_morale_attributs: { raison_sociale: 'DANONE', sigle: null },
  personne_physique_attributs: { prenom_usuel: null, prenom_1: null, nom_usage: null, nom_naissance: null },
  categorie_entreprise: 'GE',
  status_diffusion: 'diffusible',
  diffusable_commercialement: true,
  forme_juridique: { code: '5599', libelle: "SA à conseil d'administration (s.a.i.)" },
  activite_principale: unreferenced,
  activite_principale_naf_rev2: { code: '70.10Z', nomenclature: 'NAFRev2', libelle: 'Sièges sociaux' },
  tranche_effectif_salarie: headcount,
  etat_administratif: 'A',
  economie_sociale_et_solidaire: false,
  date_creation: -473389200,
};

const adresse = {
  numero_voie: 17,
  indice_repetition_voie: 'bis',
  type_voie: 'BOULEVARD',
  libelle_voie: 'HAUSSMANN',
  complement_adresse: null,
  code_commune: '75109',
  code_postal: '75009',
  distribution_speciale: null,
  libelle_commune: 'PARIS 9',
  libelle_commune_etranger: null,
  libelle_pays_etranger: null,
  acheminement_postal: {
    l1: 'DANONE',
    l2: '',
    l3: '',
    l4: '17 B BD HAUSSMANN',
    l5: '',
    l6: '75009 PARIS',
    l7: 'FRANCE',
  },
};

const etablissement = {
  siret: '55203253400646',
  siege_social: true,
  etat_administratif: 'A',
  date_fermeture: null,
  enseigne: null,
  activite_principale: activity,
  activite_principale_naf_rev2: activity,
  tranche_effectif_salarie: headcount,
  diffusable_commercialement: true,
  status_diffusion: 'diffusible',
  date_creation: 1634162400,
  adresse,
  unite_legale: uniteLegale,
};

const meta = { date_derniere_mise_a_jour: 1618396818, redirect_from_siret: null };
const codesOf = (donnees: unknown) => source.alertes(donnees).map(({ code }) => code);

t.test('an establishment gives by itself the identity of its company', async (t) => {
  const fact = factFor(source, 200, single(etablissement, meta));
  t.match(source.unify(fact.donnees).identite, {
    denomination: 'DANONE',
    type: 'personne_morale',
    forme_juridique: { code: '5599' },
    etat_administratif: 'actif',
    effectif: { code: '53', de: 10000, a: null, annee: '2023' },
    siege: { siret: '55203253400646' },
    etablissement: { siret: '55203253400646', siege: true, etat_administratif: 'ouvert' },
    diffusion: 'diffusible',
  });
  t.same(source.alertes(fact.donnees), []);
});

t.test('days are those of Paris, even before 1970', async (t) => {
  const { donnees } = factFor(source, 200, single(etablissement, meta));
  t.match(donnees, { date_creation: '2021-10-14', unite_legale: { date_creation: '1955-01-01' } });
});

t.test('an address keeps its parts and its postal lines', async (t) => {
  const { donnees } = factFor(source, 200, single(etablissement, meta));
  t.match(source.unify(donnees).identite?.adresse, {
    lignes: ['DANONE', '17 B BD HAUSSMANN', '75009 PARIS', 'FRANCE'],
    numero_voie: '17 bis',
    voie: 'BOULEVARD HAUSSMANN',
    code_postal: '75009',
    commune: 'PARIS 9',
    pays: 'FRANCE',
  });
});

t.test(
  'an activity without a code is unknown, and the company keeps the one of the former nomenclature',
  async (t) => {
    const identite = source.unify(factFor(source, 200, single(etablissement, meta)).donnees).identite;
    t.equal(identite?.activite_principale, null);
    t.match(identite?.activite_principale_naf_rev2, { code: '70.10Z', nomenclature: 'NAFRev2' });
  },
);

t.test('a sole trader is named by their usual first name and surname', async (t) => {
  const trader = {
    ...uniteLegale,
    type: 'personne_physique',
    personne_morale_attributs: { raison_sociale: null, sigle: null },
    personne_physique_attributs: {
      prenom_usuel: 'Jeanne',
      prenom_1: 'Marie',
      nom_usage: 'Dupont',
      nom_naissance: 'Martin',
    },
  };
  const { donnees } = factFor(source, 200, single({ ...etablissement, unite_legale: trader }, meta));
  t.equal(source.unify(donnees).identite?.denomination, 'Jeanne Dupont');
});

t.test('a redirected SIRET is a critical alert that names the new one, and gives no identity', async (t) => {
  const redirected = { ...meta, redirect_from_siret: '55204944776279' };
  const fact = factFor(source, 200, single(etablissement, redirected), subjectOf('55204944776279'));
  t.same(source.unify(fact.donnees), {});
  t.match(fact.donnees, { siret: '55203253400646', redirige_depuis: '55204944776279' });
  t.match(source.alertes(fact.donnees), [
    { code: 'siret_redirige', niveau: 'critique', message: /55203253400646/ },
  ]);
});

t.test('an unannounced answer about another establishment of the company is a redirection too', async (t) => {
  const other = { ...etablissement, siret: '55203253400653' };
  const { donnees } = factFor(source, 200, single(other, meta));
  t.same(source.unify(donnees), {});
  t.same(codesOf(donnees), ['siret_redirige']);
});

t.test('an unannounced answer about another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single(etablissement, meta), subjectOf('55204944776279'));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('a closed establishment is told apart from a company that ceased', async (t) => {
  const closed = { ...etablissement, etat_administratif: 'F', date_fermeture: 1634162400 };
  const living = factFor(source, 200, single(closed, meta)).donnees;
  t.match(source.alertes(living), [
    { code: 'etablissement_ferme', niveau: 'critique', message: /14\/10\/2021.*en activité/ },
  ]);
  const ceased = { ...closed, unite_legale: { ...uniteLegale, etat_administratif: 'C' } };
  const { donnees } = factFor(source, 200, single(ceased, meta));
  t.same(codesOf(donnees), ['etablissement_ferme', 'entreprise_cessee']);
  t.notMatch(source.alertes(donnees)[0]?.message, /en activité/);
});

t.test('an open establishment of a company that ceased is told as an error of Insee', async (t) => {
  const ceased = { ...uniteLegale, etat_administratif: 'C' };
  const { donnees } = factFor(source, 200, single({ ...etablissement, unite_legale: ceased }, meta));
  t.match(source.alertes(donnees), [
    { code: 'sources_divergentes', niveau: 'attention', message: /cessée et son établissement.*erreur/ },
  ]);
});

t.test('the strictest diffusion of the establishment and its company is kept, and warned of', async (t) => {
  const partial = { ...uniteLegale, status_diffusion: 'partiellement_diffusible' };
  const { donnees } = factFor(source, 200, single({ ...etablissement, unite_legale: partial }, meta));
  t.equal(source.unify(donnees).identite?.diffusion, 'partiellement_diffusible');
  t.match(source.alertes(donnees), [{ code: 'diffusion_partielle', niveau: 'attention' }]);
});

t.test('an unknown state or diffusion is not understood', async (t) => {
  for (const change of [{ etat_administratif: 'X' }, { status_diffusion: 'secret' }]) {
    const outcome = outcomeFor(source, 200, single({ ...etablissement, ...change }, meta));
    t.match(outcome, { statut: 'indisponible', erreur: { code: 'reponse_inattendue' } });
  }
});

t.test('whatever may be unknown is null, meta included', async (t) => {
  const bare = {
    siret: 55203253400646,
    siege_social: false,
    etat_administratif: 'A',
    date_creation: null,
    date_fermeture: null,
    enseigne: null,
    activite_principale: unreferenced,
    activite_principale_naf_rev2: { code: null, nomenclature: null, libelle: null },
    tranche_effectif_salarie: { code: null, intitule: null, date_reference: null, de: null, a: null },
    status_diffusion: 'diffusible',
    adresse: {
      ...Object.fromEntries(Object.keys(adresse).map((key) => [key, null])),
      acheminement_postal: { l1: null, l2: null, l3: null, l4: null, l5: null, l6: null, l7: null },
    },
    unite_legale: {
      ...Object.fromEntries(Object.keys(uniteLegale).map((key) => [key, null])),
      siren: 552032534,
      status_diffusion: 'diffusible',
      etat_administratif: 'A',
    },
  };
  for (const answer of [{ data: bare }, single(bare), single(bare, null)]) {
    const { donnees } = factFor(source, 200, answer);
    const { identite } = source.unify(donnees);
    t.match(identite, { denomination: null, adresse: null, effectif: null, siege: null });
    t.same(source.alertes(donnees), []);
  }
});

t.test('a date out of any calendar is unknown rather than a crash', async (t) => {
  const { donnees } = factFor(source, 200, single({ ...etablissement, date_creation: 8.64e15 }, meta));
  t.match(donnees, { date_creation: null });
});

t.test('an unknown SIRET is a critical alert, a silent source an incomplete identity', async (t) => {
  t.equal(outcomeFor(source, 404, errors('01003')).statut, 'non_trouve');
  t.match(source.alertesByStatut.non_trouve, { code: 'siret_inconnu_insee', niveau: 'critique' });
  t.match(source.alertesByStatut.indisponible, { code: 'identite_incomplete', niveau: 'attention' });
  t.match(source.alertesByStatut.differe, { code: 'identite_incomplete', niveau: 'attention' });
});

t.test('an establishment that the law hides is not accessible, and is not unknown', async (t) => {
  t.equal(outcomeFor(source, 451, errors('01005')).statut, 'non_autorise');
});
