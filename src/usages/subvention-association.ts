import { examine } from './examine.ts';
import { regulariteFiscale } from './regularite-fiscale.ts';
import { regulariteSociale } from './regularite-sociale.ts';
import type { UsageDefinition } from './usage-definition.ts';

/**
 * Subsidies to associations: décret 2016-1971, Cerfa 12156. The sources that know companies only (trade
 * register, officers, VAT, MSA, building funds, turnover) are forbidden.
 */
export const subventionAssociation: UsageDefinition = {
  id: 'subvention_association',
  libelle: 'Subventions aux associations',
  sources: [
    'insee_etablissement',
    'insee_unite_legale',
    'insee_successions',
    'inpi_extrait_rne',
    'djepva_association',
    'conventions_collectives',
    'dgfip_attestation_fiscale',
    'dgfip_liasses_fiscales',
    'dgfip_liens_capitalistiques',
    'banque_de_france_bilans',
    'urssaf_attestation_vigilance',
    'gip_mds_effectifs_annuels',
    'gip_mds_effectifs_mensuels',
    'qualibat_certification',
    'qualifelec_certificats',
    'opqibi_certification',
    'ademe_certification_rge',
    'carif_oref_qualiopi',
    'data_subvention_subventions',
  ],
  examine: (known) => examine(REQUIREMENTS, known),
};

const REQUIREMENTS = [
  { exigence: 'regularite_fiscale', base_legale: 'CRPA L114-8', judge: regulariteFiscale },
  { exigence: 'regularite_sociale', base_legale: 'CRPA L114-8 ; CSS L243-15', judge: regulariteSociale },
];
