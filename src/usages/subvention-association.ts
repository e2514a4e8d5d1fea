import { associationDeclaree, comptesAnnuels } from './aide-association.ts';
import type { Left } from './examine.ts';
import { existenceActivite } from './existence-activite.ts';
import { regulariteFiscale } from './regularite-fiscale.ts';
import { regulariteSociale } from './regularite-sociale.ts';
import { defineUsage } from './usage-definition.ts';

const FORMULAIRE = 'Décret n° 2016-1971 ; Cerfa 12156';
const ECHANGE = 'CRPA L114-8';
const REGULARITE = 'CRPA L114-8 ; décret n° 2016-1971';
const COMPTES = 'Code de commerce L612-4 et D612-5';

/** The form has the association declare what no administration attests. */
const HONOUR: Left = {
  piece: "Attestation sur l'honneur d'être à jour de ses obligations sociales et fiscales",
  recours: "Le représentant de l'association la signe dans le formulaire Cerfa 12156.",
};

/**
 * Subsidies to associations: décret 2016-1971, Cerfa 12156. The sources that know companies only (trade
 * register, officers, VAT, MSA, building funds, turnover) are forbidden.
 */
export const subventionAssociation = defineUsage({
  id: 'subvention_association',
  libelle: 'Subventions aux associations',
  etapes: [],
  natures: [],
  defaultEtape: null,
  // A subsidy is accounted for by the year (décret n° 2016-1971).
  documentsDays: 365,
  permitted: [
    { id: 'insee_etablissement', base_legale: FORMULAIRE },
    { id: 'insee_unite_legale', base_legale: FORMULAIRE },
    { id: 'insee_successions', base_legale: ECHANGE },
    { id: 'inpi_extrait_rne', base_legale: ECHANGE },
    { id: 'djepva_association', base_legale: FORMULAIRE },
    { id: 'conventions_collectives', base_legale: ECHANGE },
    { id: 'dgfip_attestation_fiscale', base_legale: REGULARITE },
    { id: 'dgfip_liasses_fiscales', base_legale: REGULARITE },
    { id: 'dgfip_liens_capitalistiques', base_legale: REGULARITE },
    { id: 'banque_de_france_bilans', base_legale: ECHANGE },
    { id: 'urssaf_attestation_vigilance', base_legale: REGULARITE },
    { id: 'gip_mds_effectifs_annuels', base_legale: FORMULAIRE },
    { id: 'gip_mds_effectifs_mensuels', base_legale: FORMULAIRE },
    { id: 'carif_oref_qualiopi', base_legale: 'Code du travail L6316-1' },
    { id: 'data_subvention_subventions', base_legale: COMPTES },
  ],
  requirements: [
    { exigence: 'existence_activite', base_legale: FORMULAIRE, judge: existenceActivite },
    { exigence: 'association_declaree', base_legale: FORMULAIRE, judge: associationDeclaree },
    { exigence: 'regularite_fiscale', base_legale: REGULARITE, judge: regulariteFiscale(HONOUR) },
    { exigence: 'regularite_sociale', base_legale: REGULARITE, judge: regulariteSociale(HONOUR) },
    { exigence: 'comptes_annuels', base_legale: COMPTES, judge: comptesAnnuels },
  ],
});
