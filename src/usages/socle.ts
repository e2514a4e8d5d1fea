import type { UsageDefinition } from './usage-definition.ts';

/** What any administration may know of a company: mostly open data, no certificate, no account, no headcount. */
export const socle: UsageDefinition = {
  id: 'socle',
  libelle: 'Socle de données « Dites-le-nous une fois »',
  sources: [
    'insee_etablissement',
    'insee_unite_legale',
    'infogreffe_extrait_rcs',
    'inpi_extrait_rne',
    'djepva_association',
    'commission_europeenne_numero_tva',
    'douanes_eori',
    'conventions_collectives',
    'qualibat_certification',
    'qualifelec_certificats',
    'opqibi_certification',
    'fntp_carte_professionnelle',
    'ademe_certification_rge',
  ],
  examine: () => ({ constats: [], a_demander: [] }),
};
