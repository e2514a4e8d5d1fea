import { examine } from './examine.ts';
import { regulariteFiscale } from './regularite-fiscale.ts';
import { regulariteSociale } from './regularite-sociale.ts';
import type { UsageDefinition } from './usage-definition.ts';

/**
 * Public procurement: CRPA, articles L114-8 and L113-12; CCP, article R2143-13 and annexes 4 and 9.
 * Beneficial owners are forbidden to buyers (CMF, article L561-46) and have no source here.
 */
export const marchePublic: UsageDefinition = {
  id: 'marche_public',
  libelle: 'Marchés publics',
  sources: [
    'insee_etablissement',
    'insee_unite_legale',
    'insee_successions',
    'infogreffe_extrait_rcs',
    'infogreffe_mandataires_sociaux',
    'inpi_extrait_rne',
    'djepva_association',
    'commission_europeenne_numero_tva',
    'douanes_eori',
    'conventions_collectives',
    'dgfip_attestation_fiscale',
    'dgfip_chiffres_affaires',
    'dgfip_liasses_fiscales',
    'dgfip_liens_capitalistiques',
    'banque_de_france_bilans',
    'urssaf_attestation_vigilance',
    'msa_conformite_cotisations',
    'probtp_conformite_cotisations_retraite',
    'probtp_attestation_cotisations_retraite',
    'cibtp_attestation_conges_payes',
    'cnetp_attestation_conges_payes',
    'gip_mds_effectifs_annuels',
    'gip_mds_effectifs_mensuels',
    'qualibat_certification',
    'qualifelec_certificats',
    'opqibi_certification',
    'fntp_carte_professionnelle',
    'ademe_certification_rge',
    'carif_oref_qualiopi',
    'data_subvention_subventions',
  ],
  examine: (known) => examine(REQUIREMENTS, known),
};

const REQUIREMENTS = [
  { exigence: 'regularite_fiscale', base_legale: 'CCP L2141-2 ; CCP annexe 4', judge: regulariteFiscale },
  {
    exigence: 'regularite_sociale',
    base_legale: 'CCP L2141-2 ; CCP annexe 4 ; code du travail L8222-1',
    judge: regulariteSociale,
  },
];
