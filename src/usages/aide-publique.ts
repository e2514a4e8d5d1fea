import { absenceDifficulte } from './absence-difficulte.ts';
import { categorieTaille } from './categorie-taille.ts';
import { existenceActivite } from './existence-activite.ts';
import { absenceRadiation } from './inscription.ts';
import { FORM_3666, regulariteFiscale } from './regularite-fiscale.ts';
import { CERTIFICATE, regulariteSociale } from './regularite-sociale.ts';
import { defineUsage } from './usage-definition.ts';

/** Beside it, each aid has a legal basis of its own, which the body that gives it must be able to name. */
const ECHANGE = 'CRPA L114-8';
const FISCALE = 'CRPA L114-8 ; BOI-DJC-ARF §70';
const COMPTES = 'CRPA L114-8 ; code de commerce L232-25';
const TAILLE = 'Règlement (UE) n° 651/2014, annexe I';
const DIFFICULTE = 'Règlement (UE) n° 651/2014, article 2, point 18';

/**
 * Public aid to companies: CRPA, article L114-8, beside the legal basis of each aid; BOI-DJC-ARF §70 for the
 * tax certificate; code de commerce, article L232-25, for whole accounts.
 */
export const aidePublique = defineUsage({
  id: 'aide_publique',
  libelle: 'Aides publiques',
  etapes: [],
  natures: [],
  defaultEtape: null,
  // An aid is examined, paid and justified within a year, as a rule.
  documentsDays: 365,
  permitted: [
    { id: 'insee_etablissement', base_legale: ECHANGE },
    { id: 'insee_unite_legale', base_legale: ECHANGE },
    { id: 'insee_successions', base_legale: ECHANGE },
    { id: 'infogreffe_extrait_rcs', base_legale: ECHANGE },
    { id: 'infogreffe_mandataires_sociaux', base_legale: ECHANGE },
    { id: 'inpi_extrait_rne', base_legale: ECHANGE },
    { id: 'djepva_association', base_legale: ECHANGE },
    { id: 'commission_europeenne_numero_tva', base_legale: ECHANGE },
    { id: 'conventions_collectives', base_legale: ECHANGE },
    { id: 'dgfip_attestation_fiscale', base_legale: FISCALE },
    { id: 'dgfip_chiffres_affaires', base_legale: TAILLE },
    { id: 'dgfip_liasses_fiscales', base_legale: COMPTES },
    { id: 'dgfip_liens_capitalistiques', base_legale: TAILLE },
    { id: 'dgfip_attestation_fiscale_mere', base_legale: `${FISCALE} ; CGI 223 A` },
    { id: 'dgfip_liasses_fiscales_mere', base_legale: `${FISCALE} ; CGI 223 A` },
    { id: 'banque_de_france_bilans', base_legale: DIFFICULTE },
    { id: 'urssaf_attestation_vigilance', base_legale: ECHANGE },
    { id: 'msa_conformite_cotisations', base_legale: ECHANGE },
    { id: 'probtp_conformite_cotisations_retraite', btp: true, base_legale: ECHANGE },
    { id: 'probtp_attestation_cotisations_retraite', btp: true, base_legale: ECHANGE },
    { id: 'cibtp_attestation_conges_payes', btp: true, base_legale: ECHANGE },
    { id: 'cnetp_attestation_conges_payes', btp: true, base_legale: ECHANGE },
    { id: 'gip_mds_effectifs_annuels', base_legale: TAILLE },
    { id: 'gip_mds_effectifs_mensuels', base_legale: TAILLE },
    { id: 'qualibat_certification', btp: true, base_legale: ECHANGE },
    { id: 'qualifelec_certificats', btp: true, base_legale: ECHANGE },
    { id: 'opqibi_certification', base_legale: ECHANGE },
    { id: 'fntp_carte_professionnelle', btp: true, base_legale: ECHANGE },
    { id: 'ademe_certification_rge', base_legale: ECHANGE },
    { id: 'carif_oref_qualiopi', base_legale: 'Code du travail L6316-1' },
    { id: 'data_subvention_subventions', base_legale: ECHANGE },
  ],
  requirements: [
    { exigence: 'existence_activite', base_legale: ECHANGE, judge: existenceActivite },
    { exigence: 'absence_radiation', base_legale: ECHANGE, judge: absenceRadiation },
    { exigence: 'regularite_fiscale', base_legale: FISCALE, judge: regulariteFiscale(FORM_3666) },
    { exigence: 'regularite_sociale', base_legale: ECHANGE, judge: regulariteSociale(CERTIFICATE) },
    { exigence: 'categorie_taille', base_legale: TAILLE, judge: categorieTaille },
    { exigence: 'absence_difficulte', base_legale: DIFFICULTE, judge: absenceDifficulte },
  ],
});
