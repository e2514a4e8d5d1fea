import { defineUsage } from './usage-definition.ts';

const ECHANGE = 'CRPA L114-8';

/**
 * What any administration may know of a company: mostly open data, no certificate, no account, no headcount; of an
 * association, the subsidies that other administrations gave it.
 * Nothing is required of anybody, so nothing is examined.
 */
export const socle = defineUsage({
  id: 'socle',
  libelle: 'Socle de données « Dites-le-nous une fois »',
  etapes: [],
  natures: [],
  defaultEtape: null,
  documentsDays: 30,
  permitted: (
    [
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
      'data_subvention_subventions',
    ] as const
  ).map((id) => ({ id, base_legale: ECHANGE })),
  requirements: [],
});
