import t from 'tap';
import { djepvaAssociation as source } from '../../src/sources/djepva-association.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const SIRET = '77567227221138';
const HEAD_OFFICE = '77567227234214';

const account = {
  annee: '2025',
  commisaire_aux_comptes: true,
  montant_dons: 1000,
  cause_subventions: null,
  montant_subventions: 96500,
  montant_aides_sur_3ans: 268000,
  total_charges: 141300,
  total_resultat: -3550,
  total_produits: 137750,
};
const president = {
  civilite: 'Madame',
  nom: 'FERRANDIS',
  prenom: 'MAUD',
  fonction: 'Présidente',
  telephone: '0600000000',
  courriel: 'maud@association.fr',
};
const staff = {
  annee: '2025',
  nombre_benevoles: 64,
  nombre_volontaires: 1,
  nombre_salaries: 4,
  nombre_salaries_etpt: 3.2,
  nombre_emplois_aides: 1,
  nombre_personnels_detaches: 2,
  nombre_adherents: { hommes: 118, femmes: 201, total: 319 },
};
const establishment = (siret: string, siege: boolean) => ({
  siren: '775672272',
  siret,
  siege,
  actif: true,
  comptes: [account],
  rhs: [staff],
  representants_legaux: [president],
});

const adresse = {
  complement: '',
  numero_voie: '31',
  type_voie: 'rue',
  libelle_voie: 'DES ORTEAUX',
  distribution: null,
  code_insee: '75120',
  code_postal: '75020',
  commune: 'PARIS',
};

const association = {
  rna: 'W751004076',
  ancien_id: null,
  siren: '775672272',
  nom: 'Les Jardins Partagés',
  active: true,
  sigle: 'LJP',
  reconnue_utilite_publique: true,
  siret_siege: HEAD_OFFICE,
  forme_juridique: { code: '9220', libelle: 'Association déclarée' },
  regime: 'Loi 1901',
  groupement: 'Simple',
  impots_commerciaux: false,
  date_creation: '2010-01-01',
  date_dissolution: null,
  date_publication_journal_officiel: '2010-02-01',
  date_publication_reconnue_utilite_publique: null,
  adresse_siege: adresse,
  adresse_gestion: adresse,
  composition_reseau: [],
  reseaux_affiliation: [],
  alsace_moselle: { tribunal_instance: null, volume: null, folio: null },
  agrements: [
    {
      numero: '75-JEP',
      date_attribution: '2020-05-05',
      type: 'Jeunesse',
      niveau: 'local',
      attributeur: 'DRAJES',
      url: null,
    },
  ],
  activites: {
    objet: 'Animer des jardins',
    objet_social1: { code: '024000', libelle: 'Environnement' },
    champ_action_territorial: 'local',
    economie_sociale_et_solidaire: true,
  },
  etablissements: [
    establishment(HEAD_OFFICE, true),
    establishment(SIRET, false),
    establishment('77567227299999', false),
  ],
};
const meta = { date_derniere_mise_a_jour_sirene: '2026-11-01', date_derniere_mise_a_jour_rna: null };
const subject = subjectOf(SIRET);

t.test('an association gives its identity, its regime and its purpose', async (t) => {
  const { donnees } = factFor(source, 200, single(association, meta), subject);
  t.match(source.unify(donnees).identite, {
    denomination: 'Les Jardins Partagés',
    numero_rna: 'W751004076',
    siege: { siret: HEAD_OFFICE },
    association: { regime: 'Loi 1901', reconnue_utilite_publique: true, objet: 'Animer des jardins' },
  });
  t.match(donnees, { adresse_siege: { lignes: ['31 rue DES ORTEAUX', '75020 PARIS'] } });
  t.same(source.alertes(donnees), []);
});

t.test('of its establishments, only the head office and the one asked about are read', async (t) => {
  const donnees = factFor(source, 200, single(association, meta), subject).donnees as {
    comptes: { siret: string }[];
  };
  t.same(
    donnees.comptes.map(({ siret }) => siret),
    [HEAD_OFFICE, SIRET],
  );
  t.match(donnees, {
    comptes: [
      {
        annee: '2025',
        montant_subventions_euros: 96500,
        resultat_euros: -3550,
        commissaire_aux_comptes: true,
      },
    ],
    moyens_humains: [
      {
        annee: '2025',
        nombre_salaries_etpt: 3.2,
        nombre_emplois_aides: 1,
        nombre_personnels_detaches: 2,
        nombre_adherents: 319,
      },
    ],
    agrements: [{ numero: '75-JEP', date_attribution: '2020-05-05' }],
  });
});

t.test('the head office comes first, and of each the latest year', async (t) => {
  const ofYears = (siret: string, siege: boolean) => ({
    ...establishment(siret, siege),
    comptes: ['2023', '2025', '2024'].map((annee) => ({ ...account, annee })),
    rhs: [null, '2024', '2025'].map((annee) => ({ ...staff, annee })),
    representants_legaux: [{ ...president, nom: siege ? 'DU SIÈGE' : "DE L'ANTENNE" }],
  });
  const etablissements = [ofYears(SIRET, false), ofYears(HEAD_OFFICE, true)];
  const { donnees } = factFor(source, 200, single({ ...association, etablissements }, meta), subject);
  const { comptes, moyens_humains, representants } = donnees as Record<string, Record<string, string>[]>;
  const yearsOf = (all: Record<string, string>[] = []) => all.map(({ siret, annee }) => [siret, annee]);
  t.same(
    yearsOf(comptes),
    [HEAD_OFFICE, SIRET].flatMap((siret) => ['2025', '2024', '2023'].map((annee) => [siret, annee])),
  );
  t.same(yearsOf(moyens_humains?.slice(0, 3)), [
    [HEAD_OFFICE, '2025'],
    [HEAD_OFFICE, '2024'],
    [HEAD_OFFICE, null],
  ]);
  t.equal(representants?.[0]?.nom, 'DU SIÈGE');
});

t.test('it says where its offices are, when they are not at the head office', async (t) => {
  const officeWith = (adresse_gestion: object | null) =>
    factFor(source, 200, single({ ...association, adresse_gestion }, meta), subject).donnees;
  t.match(officeWith(adresse), { adresse_gestion: null });
  t.match(officeWith(null), { adresse_gestion: null });
  t.match(officeWith({ ...adresse, numero_voie: '33' }), {
    adresse_gestion: { lignes: ['33 rue DES ORTEAUX', '75020 PARIS'] },
  });
});

t.test('of its networks and of its members, name and numbers are read, and nothing of persons', async (t) => {
  const network = {
    nom: 'Fédération des jardins',
    numero: 'IDF-1',
    rna: 'W751004077',
    siret: null,
    objet: 'Relier',
    telephone: '0600000000',
    courriel: 'maud@association.fr',
  };
  const known = { reseaux_affiliation: [network, { ...network, nom: '' }], composition_reseau: [network] };
  const { donnees } = factFor(source, 200, single({ ...association, ...known }, meta), subject);
  const read = [{ denomination: 'Fédération des jardins', numero_rna: 'W751004077', siret: null }];
  t.match(donnees, { reseaux_affiliation: read, composition_reseau: read });
  t.notMatch(JSON.stringify(donnees), /0600000000|association\.fr/);
  const alone = factFor(source, 200, single(association, meta), subject).donnees;
  t.match(alone, { reseaux_affiliation: null, composition_reseau: null }, 'nothing said is not none');
});

t.test('of who leads it, only name and role are kept, once', async (t) => {
  const { donnees } = factFor(source, 200, single(association, meta), subject);
  t.same(source.unify(donnees).identite?.dirigeants, [
    {
      type: 'personne_physique',
      nom: 'FERRANDIS',
      prenoms: 'MAUD',
      fonction: 'Présidente',
      denomination: null,
      siren: null,
    },
  ]);
  t.notMatch(JSON.stringify(donnees), /Madame|0600000000|association\.fr/);
});

t.test('a dissolution is a critical alert, an inactive association one to look at', async (t) => {
  const alertesWith = (change: object) =>
    source.alertes(factFor(source, 200, single({ ...association, ...change }, meta), subject).donnees);
  t.match(alertesWith({ active: false, date_dissolution: '2024-03-02' }), [
    { code: 'dissolution', niveau: 'critique', message: /02\/03\/2024/ },
  ]);
  t.match(alertesWith({ active: false }), [{ code: 'association_inactive', niveau: 'attention' }]);
});

t.test('an association of Alsace-Moselle is known without an RNA number', async (t) => {
  const alsace_moselle = {
    tribunal_instance: "Tribunal d'instance de Strasbourg",
    volume: '122',
    folio: '082',
    date_publication_registre_association: '1998-04-02',
  };
  const local = { ...association, rna: null, regime: 'Alsace-Moselle', alsace_moselle };
  const { donnees } = factFor(source, 200, single(local, meta), subject);
  t.match(donnees, {
    numero_rna: null,
    inscription_alsace_moselle: { volume: '122', folio: '082', date_publication: '1998-04-02' },
  });
});

t.test(
  'a company is not found among associations, and an answer about another one is set aside',
  async (t) => {
    t.equal(outcomeFor(source, 404, errors('29003'), subject).statut, 'non_trouve');
    const outcome = outcomeFor(source, 200, single(association, meta));
    t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
  },
);

t.test('whatever may be unknown is null, the SIREN and meta included', async (t) => {
  const nulls = Object.fromEntries(Object.keys(association).map((key) => [key, null]));
  const bare = { ...nulls, reconnue_utilite_publique: false };
  const inner = {
    ...bare,
    adresse_siege: Object.fromEntries(Object.keys(adresse).map((key) => [key, null])),
    reseaux_affiliation: [{}],
    composition_reseau: [{ nom: null, rna: null, siret: null }],
    alsace_moselle: { tribunal_instance: null, volume: null, folio: null },
    agrements: [{}],
    activites: { objet: null, objet_social1: { code: null, libelle: null } },
    etablissements: [{ siege: true, comptes: [{}], rhs: [{}], representants_legaux: [{}] }],
  };
  for (const data of [bare, inner]) {
    const { donnees } = factFor(source, 200, { data }, subject);
    t.match(donnees, {
      siren: null,
      denomination: null,
      adresse_siege: null,
      adresse_gestion: null,
      reseaux_affiliation: null,
      composition_reseau: null,
      inscription_alsace_moselle: null,
    });
    t.same(source.alertes(donnees), []);
  }
});
