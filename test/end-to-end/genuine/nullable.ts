import type { AskedId } from './company.ts';

const ADDRESS = [
  ...['complement', 'numero_voie', 'type_voie', 'libelle_voie', 'distribution', 'code_insee', 'code_postal'],
  'commune',
];
const SIRENE = [
  ...['date_fermeture', 'enseigne', 'date_creation', 'date_cessation', 'rna', 'raison_sociale', 'sigle'],
  ...['categorie_entreprise', 'economie_sociale_et_solidaire', 'intitule', 'date_reference', 'de', 'a'],
  ...['indice_repetition_voie', 'type_voie', 'complement_adresse', 'code_commune', 'code_postal'],
  ...['libelle_commune', 'numero_voie', 'l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7'],
  ...['redirect_from_siret', 'redirect_from_siren'],
];

/** Keys under which the documented format allows null, wherever they stand in an answer of the source. */
export const nullable: Record<AskedId, string[]> = {
  insee_etablissement: SIRENE,
  insee_unite_legale: SIRENE,
  insee_successions: [],
  infogreffe_extrait_rcs: [
    ...['date_radiation', 'date_extrait', 'date_immatriculation', 'numero_identification', 'fonction'],
    ...['nom', 'prenom', 'date_naissance', 'raison_sociale', 'nom_commercial', 'activite', 'origine_fonds'],
    ...['mode_exploitation', 'montant', 'devise', 'code_devise', 'denomination', 'date_fin_de_vie'],
    ...['date_cloture_exercice_comptable', 'localite', 'lieu', 'date_naissance', 'nom_postal', 'pays'],
  ],
  infogreffe_mandataires_sociaux: [
    ...['fonction', 'nom', 'prenom', 'date_naissance', 'date_naissance_timestamp', 'lieu_naissance'],
    ...['pays_naissance', 'code_pays_naissance', 'nationalite', 'code_nationalite', 'raison_sociale'],
    ...['code_greffe', 'libelle_greffe'],
  ],
  inpi_extrait_rne: [
    ...['denomination', 'date_debut_activite', 'date_fin_personne', 'date_cloture_exercice', 'montant'],
    ...['activite_principales_objet_social', 'complement', 'numero'],
  ],
  djepva_association: [
    ...ADDRESS,
    ...[
      'rna',
      'ancien_id',
      'siren',
      'sigle',
      'siret_siege',
      'code',
      'libelle',
      'groupement',
      'date_creation',
    ],
    ...['raison_non_eligibilite_cec', 'date_publication_journal_officiel', 'objet', 'annee', 'url'],
    ...['champ_action_territorial', 'economie_sociale_et_solidaire', 'date_appartenance_ess'],
    ...['date_debut_activite', 'date_derniere_mise_a_jour_sirene'],
  ],
  commission_europeenne_numero_tva: [],
  douanes_eori: [],
  conventions_collectives: ['date_publication'],
  dgfip_attestation_fiscale: [],
  dgfip_chiffres_affaires: [],
  dgfip_liasses_fiscales: [],
  dgfip_liens_capitalistiques: [
    ...['pourcentage', 'nombre_parts', 'siren', 'denomination', 'forme_juridique', 'numero', 'voie', 'ville'],
    ...['code_postal', 'pays', 'total_actions', 'nombre', 'depose_neant'],
  ],
  banque_de_france_bilans: ['evolution'],
  urssaf_attestation_vigilance: [
    ...['document_url', 'document_url_expires_in', 'date_debut_validite', 'date_fin_validite'],
    'code_securite',
  ],
  msa_conformite_cotisations: [],
  probtp_conformite_cotisations_retraite: [],
  probtp_attestation_cotisations_retraite: [],
  cibtp_attestation_conges_payes: [],
  cnetp_attestation_conges_payes: [],
  gip_mds_effectifs_annuels: ['value', 'date_derniere_mise_a_jour'],
  gip_mds_effectifs_mensuels: ['value', 'date_derniere_mise_a_jour'],
  qualibat_certification: ['date_emission', 'date_fin_validite', 'nom', 'identifiant'],
  qualifelec_certificats: ['classification'],
  opqibi_certification: ['date_validite_qualifications', 'date_validite_qualifications_probatoires'],
  fntp_carte_professionnelle: [],
  ademe_certification_rge: [],
  carif_oref_qualiopi: [...['code_uai', 'obtention_via_unite_legale', 'date_fin_enregistrement']],
  data_subvention_subventions: [
    ...['identifiant_engagement_juridique', 'date_commission', 'demande_subvention'],
  ],
};
