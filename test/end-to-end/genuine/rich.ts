import {
  type AskedId,
  type Company,
  collection,
  file,
  JULY_1955,
  MARCH_1901,
  MAY_2026,
  monthBefore,
  single,
  vatNumberOf,
  vigilanceOf,
} from './company.ts';

const NAF = { code: '10.71C', nomenclature: 'NAF2025', libelle: 'Boulangerie et boulangerie-pâtisserie' };
const NAF_REV2 = { ...NAF, nomenclature: 'NAFRev2' };
const APE = { code: '1071C', libelle: 'Boulangerie et boulangerie-pâtisserie' };
const STAFF = {
  code: '21',
  intitule: '50 à 99 salariés',
  date_reference: '2023',
  de: 50,
  a: 99,
};
const POLICY = { nom: 'L’AUXILIAIRE', identifiant: '036 120517' };
const INSURANCE = { nom: 'AXA FRANCE IARD', date_debut: '2026-01-01', date_fin: '2026-12-31' };
const NO_ADDRESS = { complement: null, distribution: null };

const uniteLegale = ({ siren, siret }: Company) => ({
  siren,
  rna: null,
  siret_siege_social: siret,
  type: 'personne_morale',
  personne_morale_attributs: { raison_sociale: 'CŒUR D’ÉRABLE & FILS — Maison Noël', sigle: 'CÉF' },
  personne_physique_attributs: {
    pseudonyme: null,
    prenom_usuel: null,
    prenom_1: null,
    prenom_2: null,
    prenom_3: null,
    prenom_4: null,
    nom_usage: null,
    nom_naissance: null,
    sexe: null,
  },
  categorie_entreprise: 'PME',
  status_diffusion: 'diffusible',
  diffusable_commercialement: true,
  forme_juridique: { code: '5710', libelle: 'SAS, société par actions simplifiée' },
  activite_principale: NAF,
  activite_principale_naf_rev2: NAF_REV2,
  tranche_effectif_salarie: STAFF,
  etat_administratif: 'A',
  economie_sociale_et_solidaire: false,
  date_creation: MARCH_1901,
});

const adresseAssociation = {
  ...NO_ADDRESS,
  numero_voie: '12',
  type_voie: 'RUE',
  libelle_voie: 'DE L’ŒUVRE',
  code_insee: '42218',
  code_postal: '42000',
  commune: 'SAINT-ÉTIENNE',
};

const adresseRne = {
  voie: '12 BIS RUE DE L’ŒUVRE',
  code_postal: '42000',
  commune: 'SAINT-ÉTIENNE',
  pays: 'FRANCE',
  complement: 'Bâtiment Ç',
};

const computed = (valeur: string) => ({ valeur, evolution: -3.25 });

/** What each source answers about a company that all of them know well, in its own shape. */
export const rich: Record<AskedId, (company: Company) => { data: unknown }> = {
  insee_etablissement: (company) =>
    single(
      {
        siret: company.siret,
        siege_social: true,
        etat_administratif: 'A',
        date_fermeture: null,
        enseigne: 'L’ÉPI D’OR, Ô FOURNIL',
        activite_principale: NAF,
        activite_principale_naf_rev2: NAF_REV2,
        tranche_effectif_salarie: STAFF,
        diffusable_commercialement: true,
        status_diffusion: 'diffusible',
        date_creation: JULY_1955,
        adresse: {
          numero_voie: '12',
          indice_repetition_voie: 'bis',
          type_voie: 'RUE',
          libelle_voie: 'DE L’ŒUVRE',
          complement_adresse: 'BÂTIMENT Ç',
          code_commune: '42218',
          libelle_commune: 'SAINT-ÉTIENNE',
          code_postal: '42000',
          distribution_speciale: null,
          code_cedex: null,
          libelle_cedex: null,
          libelle_commune_etranger: null,
          code_pays_etranger: null,
          libelle_pays_etranger: null,
          status_diffusion: 'diffusible',
          acheminement_postal: {
            l1: 'CŒUR D’ÉRABLE & FILS',
            l2: '',
            l3: 'BÂTIMENT Ç',
            l4: '12 BIS RUE DE L’ŒUVRE',
            l5: '',
            l6: '42000 SAINT-ÉTIENNE',
            l7: 'FRANCE',
          },
        },
        unite_legale: uniteLegale(company),
      },
      { date_derniere_mise_a_jour: MAY_2026, redirect_from_siret: null },
      {
        unite_legale: `https://entreprise.api.gouv.fr/v4/insee/sirene/unites_legales/${company.siren}`,
      },
    ),
  insee_unite_legale: (company) =>
    single(
      { ...uniteLegale(company), date_cessation: null },
      { date_derniere_mise_a_jour: MAY_2026, redirect_from_siren: null },
      {
        siege_social: `https://entreprise.api.gouv.fr/v4/insee/sirene/etablissements/${company.siret}`,
        siege_social_adresse: `https://entreprise.api.gouv.fr/v4/insee/sirene/etablissements/${company.siret}/adresse`,
      },
    ),
  insee_successions: ({ siret }) =>
    single({
      predecesseurs: [
        {
          siret: '30613890000010',
          date_succession: '1998-06-30',
          transfert_siege: true,
          continuite_economique: true,
        },
      ],
      successeurs: [
        { siret, date_succession: '1998-06-30', transfert_siege: false, continuite_economique: false },
      ],
    }),
  infogreffe_extrait_rcs: ({ siren, today }) =>
    single({
      siren,
      date_extrait: today,
      date_immatriculation: '1955-07-20',
      date_radiation: null,
      mandataires_sociaux: [
        {
          type: 'personne_physique',
          fonction: 'PRÉSIDENT',
          nom: 'LEFÈVRE-DUBŒUF',
          prenom: 'ANAÏS FRANÇOISE',
          date_naissance: '1955-07',
        },
        {
          type: 'personne_morale',
          fonction: 'COMMISSAIRE AUX COMPTES TITULAIRE',
          numero_identification: '784824153',
          raison_sociale: 'AUDIT & ŒNOLOGIE',
        },
      ],
      observations: [{ numero: '12197', libelle: 'Transfert du siège à Saint-Étienne.', date: '2000-02-23' }],
      nom_commercial: 'L’Épi d’Or',
      etablissement_principal: {
        activite: 'Pâtisserie',
        origine_fonds: 'CREATION',
        mode_exploitation: 'EXPLOITATION DIRECTE',
        code_ape: '1071C',
      },
      capital: { montant: 50123.6, devise: 'EUROS', code_devise: 'EUR' },
      greffe: { valeur: 'SAINT-ÉTIENNE', code: '4202' },
      personne_morale: {
        forme_juridique: { valeur: 'SOCIETE PAR ACTIONS SIMPLIFIEE', code: 'SASh' },
        denomination: "COEUR D'ERABLE ET FILS - MAISON NOEL",
        date_cloture_exercice_comptable: '12-31',
        date_fin_de_vie: '2075-05-18',
      },
      personne_physique: {
        adresse: {
          nom_postal: '',
          numero: '',
          type: '',
          voie: '',
          ligne_1: '',
          ligne_2: '',
          localite: '',
          code_postal: '',
          bureau_distributeur: '',
          pays: '',
        },
        nationalite: { valeur: '', code: '' },
        nom: '',
        prenom: '',
        naissance: { pays: { valeur: '', code: '' }, date: '', lieu: '' },
      },
    }),
  infogreffe_mandataires_sociaux: () =>
    collection(
      [
        {
          type: 'personne_physique',
          fonction: 'PRÉSIDENT',
          nom: 'LEFÈVRE-DUBŒUF',
          prenom: 'ANAÏS FRANÇOISE',
          date_naissance: '1955-07-14',
          date_naissance_timestamp: JULY_1955,
          lieu_naissance: 'ŒUILLY',
          pays_naissance: 'FRANCE',
          code_pays_naissance: 'FR',
          nationalite: 'FRANÇAISE',
          code_nationalite: 'FR',
        },
        {
          type: 'personne_morale',
          fonction: 'COMMISSAIRE AUX COMPTES TITULAIRE',
          numero_identification: '784824153',
          raison_sociale: 'AUDIT & ŒNOLOGIE',
          code_greffe: '9201',
          libelle_greffe: 'NANTERRE',
        },
      ],
      { personnes_physiques_count: 1, personnes_morales_count: 1, count: 2 },
    ),
  inpi_extrait_rne: ({ siren, siret }) =>
    single({
      document_url: 'https://entreprise.api.gouv.fr/proxy/inpi/download/0b0f2c7e-1111-4222-8333-444455556666',
      identite_entreprise: {
        denomination: 'CŒUR D’ÉRABLE ET FILS MAISON NOËL',
        nom: null,
        prenoms: null,
        siren,
        date_immatriculation_rne: '1955-07-20',
        date_debut_activite: '1901-03-05',
        detail_cessation: null,
        dissolution: { date: null, poursuite_activite: null, avec_liquidation: null },
        date_fin_personne: '2075-05-18',
        date_cloture_exercice: '31-12',
        date_premiere_cloture_exercice: null,
        nature_entreprise: 'COMMERCIALE',
        forme_juridique: { code: '5710', libelle: 'SAS, société par actions simplifiée' },
        associe_unique: false,
        activite_principales_objet_social:
          'Fabrication de pâtisseries à l’ancienne ; négoce de sirop d’érable',
        code_APE: APE,
        code_APRM: { code: null, libelle: null },
        capital_social: { montant: 50123.6, devise: 'EUR' },
        adresse_siege_social: adresseRne,
      },
      dirigeants_et_associes: [
        {
          qualite: 'Président',
          nom: 'LEFÈVRE-DUBŒUF',
          prenom: 'ANAÏS',
          date_naissance: '07-1955',
          commune_residence: 'Saint-Étienne',
        },
      ],
      etablissements: [
        {
          type_etablissement: 'Siège et principal',
          siret,
          statut: 'actif',
          date_debut_activite: '1955-07-14',
          code_APE: APE,
          code_APRM: { code: null, libelle: null },
          nature_etablissement: 'COMMERCIALE',
          activite_principale: 'Pâtisserie',
          autre_activite: null,
          adresse: adresseRne,
        },
      ],
      diffusion_commerciale: true,
      diffusion_insee: true,
      etablissements_fermes_total: 3,
      observations: [
        { fournisseur: 'rcs', numero: null, date: '2023-05-20', texte: 'Augmentation de capital' },
      ],
    }),
  djepva_association: ({ siren, siret }) =>
    single(
      {
        rna: 'W751004076',
        ancien_id: '0423012345',
        siren,
        nom: 'CŒUR D’ÉRABLE ET FILS MAISON NOËL',
        active: true,
        sigle: 'CÉF',
        reconnue_utilite_publique: false,
        siret_siege: siret,
        forme_juridique: { code: '9220', libelle: 'Association déclarée' },
        regime: 'Loi 1901',
        groupement: 'Fédération',
        eligibilite_cec: false,
        raison_non_eligibilite_cec: 'L’association n’a pas trois ans',
        impots_commerciaux: true,
        date_creation: '1901-07-02',
        date_dissolution: null,
        date_publication_reconnue_utilite_publique: null,
        date_publication_journal_officiel: '1955-07-30',
        adresse_siege: adresseAssociation,
        adresse_gestion: adresseAssociation,
        alsace_moselle: {
          tribunal_instance: null,
          volume: null,
          folio: null,
          date_publication_registre_association: null,
        },
        composition_reseau: [
          {
            nom: 'Comité local de prévention',
            rna: null,
            siret: null,
            telephone: null,
            courriel: null,
            objet: 'Prévenir',
            adresse: adresseAssociation,
            site_web: null,
          },
        ],
        agrements: [
          {
            numero: '05.11.2018',
            date_attribution: '2018-11-05',
            type: 'Formation',
            niveau: 'local',
            attributeur: 'Ministère de l’Éducation nationale',
            url: null,
          },
        ],
        activites: {
          objet: 'Œuvrer à la transmission du goût',
          objet_social1: { code: '017055', libelle: 'accompagnement, aide aux malades' },
          objet_social2: { code: null, libelle: null },
          champ_action_territorial: 'départemental',
          activite_principale: { code: '88.99B', libelle: 'Action sociale', annee: '2012' },
          tranche_effectif: { code: '21', libelle: '50 à 99 salariés', annee: '2023' },
          economie_sociale_et_solidaire: true,
          date_appartenance_ess: '2019-01-01',
        },
        etablissements: [
          {
            siren,
            siret,
            actif: true,
            siege: true,
            nom: 'Cœur d’Érable',
            telephone: null,
            courriel: null,
            date_debut_activite: '1955-07-14',
            adresse: adresseAssociation,
            activite_principale: { code: '88.99B', libelle: 'Action sociale' },
            tranche_effectif: { code: null, libelle: null },
            rhs: [
              {
                annee: '2025',
                nombre_benevoles: 10,
                nombre_volontaires: 0,
                nombre_salaries: 12,
                nombre_salaries_etpt: 11.5,
                nombre_emplois_aides: 0,
                nombre_personnels_detaches: 0,
                nombre_adherents: { hommes: 16, femmes: 17, total: 33 },
              },
            ],
            comptes: [
              {
                annee: '2025',
                commisaire_aux_comptes: true,
                montant_dons: 1000.5,
                cause_subventions: null,
                montant_subventions: 1200,
                montant_aides_sur_3ans: 1230,
                total_charges: 4234,
                total_resultat: -1034.5,
                total_produits: 3199.5,
              },
            ],
            representants_legaux: [
              {
                civilite: 'Madame',
                nom: 'LEFÈVRE-DUBŒUF',
                prenom: 'Anaïs',
                fonction: 'Présidente',
                valideur_cec: true,
                publication_internet: true,
                telephone: null,
                courriel: null,
              },
            ],
            documents_dac: [],
          },
        ],
        reseaux_affiliation: [
          {
            nom: 'Union des associations de prévention',
            numero: 'IDF0234567',
            rna: null,
            siret: null,
            objet: null,
            adresse: adresseAssociation,
            telephone: null,
            courriel: null,
            attestation_affiliation_url: null,
            nombre_licencies: { hommes: null, femmes: null, total: null },
          },
        ],
        documents_rna: [],
      },
      {
        internal_id: '123456',
        date_derniere_mise_a_jour_sirene: '2026-05-01',
        date_derniere_mise_a_jour_rna: null,
      },
    ),
  commission_europeenne_numero_tva: ({ siren }) => single({ tva_number: vatNumberOf(siren) }),
  douanes_eori: ({ siret }) =>
    single({
      id: `FR${siret}`,
      actif: true,
      code_pays: 'FR',
      code_postal: '42000',
      libelle: 'CŒUR D’ÉRABLE',
      pays: 'FRANCE',
      rue: '12 BIS RUE DE L’ŒUVRE',
      ville: 'SAINT-ÉTIENNE',
    }),
  conventions_collectives: () =>
    collection([
      {
        type: 'convention_collective',
        numero_idcc: 843,
        titre: 'Convention collective nationale de la boulangerie-pâtisserie (entreprises artisanales)',
        titre_court: 'Boulangerie-pâtisserie : entreprises artisanales',
        active: true,
        etat: 'vigueur_etendue',
        synonymes: ['pâtissier'],
        url: 'https://www.legifrance.gouv.fr/affichIDCC.do?idConvention=KALICONT000005635173',
        date_publication: null,
      },
    ]),
  dgfip_attestation_fiscale: ({ today }) =>
    single({
      document_url: file('attestation_fiscale_dgfip.pdf'),
      document_url_expires_in: 86400,
      date_delivrance_attestation: today,
      date_periode_analysee: Temporal.PlainDate.from(today).with({ day: 1 }).subtract({ days: 1 }).toString(),
    }),
  dgfip_chiffres_affaires: ({ today }) =>
    collection(
      [1, 2, 3].map((years) => ({
        chiffre_affaires: 1_234_567.89 - years,
        date_fin_exercice: `${Number(today.slice(0, 4)) - years}-12-31`,
      })),
      { count: 3 },
    ),
  dgfip_liasses_fiscales: () =>
    single(
      {
        obligations_fiscales: [
          {
            id: '100209489259',
            code: 'IS',
            libelle: 'Impôt sur les sociétés',
            reference: '303587',
            regime: 'Réel normal',
          },
        ],
        declarations: [
          {
            numero_imprime: '2050',
            regime: { code: 'RN', libelle: 'Réel normal' },
            date_declaration: '2026-05-04',
            date_fin_exercice: '2025-12-31',
            duree_exercice: 365,
            millesime: '202601',
            donnees: [
              { code_nref: '304651', valeurs: ['1', null], code: 'GR', intitule: 'Déposé néant' },
              { code_nref: '300476', valeurs: [null] },
            ],
          },
        ],
      },
      { internal_id_itip: '100004763104' },
    ),
  dgfip_liens_capitalistiques: () =>
    single({
      capital: {
        actionnaires: [
          {
            type: 'personne_morale',
            pourcentage: 51,
            nombre_parts: 510,
            personne_physique_attributes: {
              civilite: null,
              nom_patronymique_et_prenoms: null,
              nom_marital: null,
              date_naissance: { annee: null, mois: null },
            },
            personne_morale_attributes: {
              siren: '99999999',
              denomination: 'ŒNOTECH HOLDING',
              complement_denomination: null,
              forme_juridique: 'NS',
            },
            adresse: {
              numero: '0057',
              voie: 'RUE DE VARENNE',
              lieu_dit_hameau: null,
              code_postal: '75007',
              ville: 'PARIS',
              pays: 'FR',
            },
          },
        ],
        repartition: {
          personnes_physiques: { total_actions: 490, nombre: 2 },
          personnes_morales: { total_actions: 510, nombre: 1 },
        },
        depose_neant: false,
      },
      participations: { filiales: [], nombre_filiales: 0, depose_neant: true },
    }),
  banque_de_france_bilans: () =>
    collection(
      [
        {
          annee: '2025',
          date_arrete_exercice: '202512',
          declarations: [
            {
              numero_imprime: '2051',
              donnees: [{ code_nref: '304651', valeurs: ['1', null], evolution: null }],
            },
          ],
          valeurs_calculees: [
            {
              disponibilites: computed('9001'),
              total_dettes_stables: { valeur: 0, evolution: null },
              valeur_ajoutee_bdf: computed('9002'),
              besoin_en_fonds_de_roulement: computed('9003'),
              excedent_brut_exploitation: computed('-9004'),
              capacite_autofinancement: computed('0'),
              fonds_roulement_net_global: computed('9005'),
              ratio_fonds_roulement_net_global_sur_besoin_en_fonds_de_roulement: {
                valeur: 23.45,
                evolution: null,
              },
              dettes4_maturite_a_un_an_au_plus: computed('9006'),
            },
          ],
        },
      ],
      { count: 1 },
    ),
  urssaf_attestation_vigilance: ({ today }) => {
    const { du, au } = vigilanceOf(today);
    return single({
      document_url: file('attestation_vigilance_acoss.pdf'),
      document_url_expires_in: 86400,
      date_debut_validite: du,
      date_fin_validite: au,
      code_securite: 'GB1QWERTYJJEX1O',
      entity_status: {
        code: 'ok',
        libelle: "Attestation délivrée par l'Urssaf",
        description: "La délivrance de l'attestation de vigilance a été validée par l'Urssaf.",
      },
    });
  },
  msa_conformite_cotisations: () => single({ status: 'up_to_date' }),
  probtp_conformite_cotisations_retraite: () => single({ eligible: true }),
  probtp_attestation_cotisations_retraite: () =>
    single({ document_url: file('attestation_probtp.pdf'), expires_in: 86400 }),
  cibtp_attestation_conges_payes: () =>
    single({ document_url: file('attestation_cibtp.pdf'), expires_in: 600 }),
  cnetp_attestation_conges_payes: () =>
    single({ document_url: file('attestation_cnetp.pdf'), expires_in: 86400 }),
  gip_mds_effectifs_annuels: ({ siren, today }) =>
    single({
      siren,
      annee: String(Number(today.slice(0, 4)) - 1),
      effectifs_annuel: [
        {
          regime: 'regime_general',
          value: 52.34,
          nature: 'effectif_moyen_annuel',
          date_derniere_mise_a_jour: '2026-02-01',
        },
        {
          regime: 'regime_agricole',
          value: null,
          nature: 'effectif_moyen_annuel',
          date_derniere_mise_a_jour: null,
        },
      ],
    }),
  gip_mds_effectifs_mensuels: ({ siret, today }) =>
    single({
      siret,
      effectifs_mensuels: [
        {
          regime: 'regime_general',
          value: null,
          nature: 'effectif_moyen_mensuel',
          ...monthBefore(today, 2),
          date_derniere_mise_a_jour: null,
        },
        {
          regime: 'regime_agricole',
          value: 12.5,
          nature: 'effectif_moyen_mensuel',
          ...monthBefore(today, 2),
          date_derniere_mise_a_jour: '2026-09-01',
        },
      ],
    }),
  qualibat_certification: () =>
    single({
      document_url: file('certification_qualibat.pdf'),
      document_url_expires_in: 86400,
      date_emission: '2026-01-01',
      date_fin_validite: '2099-02-02',
      entity: {
        assurance_responsabilite_travaux: POLICY,
        assurance_responsabilite_civile: POLICY,
        certifications: [
          {
            code: '4322',
            libelle: 'Fabrication et pose de menuiseries intérieures',
            rge: false,
            date_attribution: '2022-03-03',
          },
          null,
        ],
      },
    }),
  qualifelec_certificats: () =>
    collection([
      {
        document_url: file('certificat_qualifelec.pdf'),
        numero: 5430,
        rge: true,
        date_debut: '2026-01-01',
        date_fin: '2099-12-31',
        qualification: {
          label: 'Installations Électriques Logement',
          date_debut: '2024-01-01',
          date_fin: '2099-12-31',
          indices: [{ code: 'IRVE1', label: 'IRVE – indice 1' }],
          mentions: [{ code: 'PRGE', label: 'Probatoire Reconnu Garant de l’Environnement' }],
          domaines: [{ code: 'SU', label: 'Sûreté' }],
          classification: { code: 1, label: 'Classe 1 - de 1 à 3 exécutants' },
        },
        assurance_decennale: INSURANCE,
        assurance_civile: { nom: 'HISCOX', date_debut: null, date_fin: null },
      },
    ]),
  opqibi_certification: () =>
    single({
      numero_certificat: '86 08 0584',
      url: 'https://www.opqibi.com/fiche/584',
      date_delivrance_certificat: '2026-01-28',
      duree_validite_certificat: 'valable un an',
      assurances: 'ALLIANZ - XL INSURANCE',
      qualifications: [
        {
          nom: 'Étude thermique réglementaire',
          code_qualification: '1331',
          definition: 'Cette qualification…',
          rge: false,
        },
      ],
      date_validite_qualifications: '2029-02-21',
      qualifications_probatoires: [],
      date_validite_qualifications_probatoires: null,
    }),
  fntp_carte_professionnelle: () =>
    single({ document_url: file('carte_professionnelle_fntp.pdf'), expires_in: 86400 }),
  ademe_certification_rge: () =>
    collection([
      {
        url: 'https://www.qualit-enr.org/certificat.pdf',
        nom_certificat: 'Qualisol CESI',
        domaine: 'Chauffe-Eau Thermodynamique',
        meta_domaine: 'anciens domaines avant 2021',
        qualification: { code: '32', nom: 'QualiPV Élec - Pose de générateurs' },
        organisme: 'qualitenr',
        date_attribution: '2020-12-24',
        date_expiration: '2025-08-01',
        meta: { internal_id: 'Q112379-8611M12D10', updated_at: '2021-02-25', archived: false },
      },
    ]),
  carif_oref_qualiopi: ({ siret }) =>
    single({
      siret,
      code_uai: null,
      unite_legale_avec_plusieurs_nda: false,
      declarations_activites_etablissement: [
        {
          numero_de_declaration: '11910843391',
          actif: true,
          date_derniere_declaration: '2026-01-30',
          date_debut_exercice: '2025-01-01',
          date_fin_exercice: '2025-12-31',
          certification_qualiopi: {
            action_formation: true,
            bilan_competences: false,
            validation_acquis_experience: false,
            apprentissage: true,
            obtention_via_unite_legale: null,
          },
          specialites: {
            specialite_1: { code: '313', libelle: 'Finances, banque, assurances' },
            specialite_2: { code: null, libelle: null },
            specialite_3: { code: null, libelle: null },
          },
        },
      ],
      habilitations_france_competence: [
        {
          code: 'RNCP10013',
          actif: true,
          date_actif: null,
          date_fin_enregistrement: '2030-01-30',
          date_decision: null,
          habilitation_pour_former: true,
          habilitation_pour_organiser_l_evaluation: false,
          sirets_organismes_certificateurs: ['12345678901234'],
        },
      ],
    }),
  data_subvention_subventions: () =>
    collection([
      {
        demande_subvention: {
          fournisseur: 'Le Compte Asso',
          date_mise_a_jour_information: '2026-03-02',
          annee_exercice_demande: 2025,
          identifiant_engagement_juridique: null,
          jointure_demandes_et_versements: null,
          subvention_demandee: { dispositif: 'FDVA', sous_dispositif: 'Formation', montant_demande: 5000 },
          description_des_projets: { projet: [{ intitule: 'Transmettre le goût' }] },
          instruction: {
            service_instructeur: 'DRAJES Auvergne-Rhône-Alpes',
            date_commission: null,
            statut_demande: 'Accordé',
            montant_accorde: 4000,
          },
        },
        paiements: [
          {
            fournisseur: 'Chorus',
            date_mise_a_jour_information: '2026-03-02',
            jointure_demandes_et_versements: null,
            montant_verse: 4000,
            date_versement: '2026-02-02',
            centre_financier: '0163-CENT',
            domaine_fonctionnel: '0163-01',
            activitee: 'FDVA',
            numero_bop: '163',
          },
        ],
      },
      { demande_subvention: null, paiements: [] },
    ]),
};
