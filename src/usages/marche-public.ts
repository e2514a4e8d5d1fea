import { capaciteEconomique, capaciteProfessionnelle } from './capacites.ts';
import { distinctionCandidats } from './distinction-candidats.ts';
import { existenceActivite } from './existence-activite.ts';
import { congesPayesBtp, retraiteBtp } from './fonds-btp.ts';
import { absenceRadiation } from './inscription.ts';
import { ETAPES, type Etape, NATURES, type Nature } from './procedure.ts';
import { absenceLiquidationRedressement } from './procedures-collectives.ts';
import { qualifications } from './qualifications.ts';
import { FORM_3666, regulariteFiscale } from './regularite-fiscale.ts';
import { CERTIFICATE, regulariteSociale } from './regularite-sociale.ts';
import { defineUsage, type UsefulSource } from './usage-definition.ts';

/** The buyer obtains by itself what an administration holds. */
const ECHANGE = 'CRPA L114-8 ; CCP R2143-13';
const INSCRIPTION = 'CCP R2143-9';
const EXCLUSION = 'CCP L2141-2 ; CCP annexe 4';
const VIGILANCE = 'CCP L2141-2 ; CCP annexe 4 ; code du travail L8222-1';
/** While the contract is performed, the buyer verifies every six months (contracts of 5,000 € and more). */
const SUIVI = 'Code du travail L8222-1 et D8222-5';
const FINANCES = 'CCP R2142-6 ; CCP annexe 9, article 2';
const PROFESSION = 'CCP R2142-13 ; CCP annexe 9, article 3';
const ENTENTE = 'CCP L2141-9';

const WORKS: readonly Nature[] = ['travaux_batiment', 'travaux_publics'];
const BIDDING: readonly Etape[] = ['candidature', 'instruction', 'attribution'];
/** Where the buyer verifies that nothing excludes the company. */
const CHECKING: readonly Etape[] = ['instruction', 'attribution'];
const CAPACITY: readonly Etape[] = ['candidature', 'attribution'];
const AWARD: readonly Etape[] = ['attribution'];
const PERFORMING: readonly Etape[] = ['suivi'];

/** Sources of the building trades: for works, or for a company of those trades when the nature is unknown. */
function ofBtp(id: UsefulSource['id'], etapes: readonly Etape[], base_legale: string): UsefulSource {
  return { id, etapes, natures: WORKS, btp: true, base_legale };
}

/**
 * Public procurement: CRPA, articles L114-8 and L113-12; CCP, article R2143-13 and annexes 4 and 9.
 * Beneficial owners are forbidden to buyers (CMF, article L561-46) and have no source here.
 */
export const marchePublic = defineUsage({
  id: 'marche_public',
  libelle: 'Marchés publics',
  etapes: ETAPES,
  natures: NATURES,
  defaultEtape: 'attribution',
  // A vigilance certificate is asked for anew every six months (Code du travail, D8222-5).
  documentsDays: 180,
  permitted: [
    { id: 'insee_etablissement', base_legale: ECHANGE },
    { id: 'insee_unite_legale', base_legale: ECHANGE },
    { id: 'insee_successions', etapes: ['suivi'], base_legale: ECHANGE },
    { id: 'infogreffe_extrait_rcs', etapes: BIDDING, base_legale: INSCRIPTION },
    {
      id: 'infogreffe_mandataires_sociaux',
      etapes: CHECKING,
      // A ban from tendering is one of a person, who is told from others by birth.
      whole: true,
      base_legale: 'CCP L2141-1 à L2141-5',
    },
    { id: 'inpi_extrait_rne', etapes: BIDDING, base_legale: INSCRIPTION },
    { id: 'djepva_association', etapes: BIDDING, base_legale: ECHANGE },
    { id: 'commission_europeenne_numero_tva', etapes: CAPACITY, base_legale: ECHANGE },
    { id: 'douanes_eori', etapes: AWARD, natures: ['fournitures'], base_legale: ECHANGE },
    { id: 'conventions_collectives', etapes: CAPACITY, base_legale: 'Code du travail L1224-1' },
    { id: 'dgfip_attestation_fiscale', etapes: CHECKING, base_legale: EXCLUSION },
    { id: 'dgfip_chiffres_affaires', etapes: BIDDING, base_legale: FINANCES },
    { id: 'dgfip_liasses_fiscales', etapes: CHECKING, base_legale: `${EXCLUSION} ; CGI 223 A` },
    {
      id: 'dgfip_liens_capitalistiques',
      etapes: CHECKING,
      base_legale: `${EXCLUSION} ; CGI 223 A ; ${ENTENTE}`,
    },
    { id: 'dgfip_attestation_fiscale_mere', etapes: CHECKING, base_legale: `${EXCLUSION} ; CGI 223 A` },
    { id: 'dgfip_liasses_fiscales_mere', etapes: CHECKING, base_legale: `${EXCLUSION} ; CGI 223 A` },
    { id: 'banque_de_france_bilans', etapes: CHECKING, base_legale: FINANCES },
    {
      id: 'urssaf_attestation_vigilance',
      etapes: [...CHECKING, ...PERFORMING],
      base_legale: `${VIGILANCE} et D8222-5`,
    },
    {
      id: 'msa_conformite_cotisations',
      etapes: [...CHECKING, ...PERFORMING],
      base_legale: `${VIGILANCE} et D8222-5`,
    },
    ofBtp('probtp_conformite_cotisations_retraite', CHECKING, EXCLUSION),
    ofBtp('probtp_attestation_cotisations_retraite', CHECKING, EXCLUSION),
    ofBtp('cibtp_attestation_conges_payes', CHECKING, EXCLUSION),
    ofBtp('cnetp_attestation_conges_payes', CHECKING, EXCLUSION),
    { id: 'gip_mds_effectifs_annuels', etapes: CAPACITY, base_legale: PROFESSION },
    { id: 'gip_mds_effectifs_mensuels', etapes: CAPACITY, base_legale: PROFESSION },
    ofBtp('qualibat_certification', CAPACITY, PROFESSION),
    ofBtp('qualifelec_certificats', CAPACITY, PROFESSION),
    {
      id: 'opqibi_certification',
      etapes: CAPACITY,
      natures: ['services', ...WORKS],
      base_legale: PROFESSION,
    },
    ofBtp('fntp_carte_professionnelle', BIDDING, PROFESSION),
    {
      id: 'ademe_certification_rge',
      etapes: CAPACITY,
      natures: ['services', ...WORKS],
      base_legale: PROFESSION,
    },
    {
      id: 'carif_oref_qualiopi',
      etapes: CHECKING,
      natures: ['services'],
      base_legale: 'Code du travail L6316-1',
    },
    { id: 'data_subvention_subventions', etapes: CHECKING, base_legale: ECHANGE },
  ],
  requirements: [
    { exigence: 'existence_activite', etapes: BIDDING, base_legale: INSCRIPTION, judge: existenceActivite },
    { exigence: 'existence_activite', etapes: PERFORMING, base_legale: SUIVI, judge: existenceActivite },
    { exigence: 'absence_radiation', etapes: BIDDING, base_legale: INSCRIPTION, judge: absenceRadiation },
    {
      exigence: 'absence_liquidation_redressement',
      etapes: BIDDING,
      base_legale: 'CCP L2141-3 ; CCP R2143-9',
      judge: absenceLiquidationRedressement,
    },
    {
      exigence: 'regularite_fiscale',
      etapes: CHECKING,
      base_legale: EXCLUSION,
      judge: regulariteFiscale(FORM_3666),
    },
    {
      exigence: 'regularite_sociale',
      etapes: CHECKING,
      base_legale: VIGILANCE,
      judge: regulariteSociale(CERTIFICATE),
    },
    {
      exigence: 'regularite_sociale',
      etapes: PERFORMING,
      base_legale: SUIVI,
      judge: regulariteSociale(CERTIFICATE),
    },
    {
      exigence: 'retraite_btp',
      etapes: CHECKING,
      natures: WORKS,
      base_legale: EXCLUSION,
      judge: retraiteBtp,
    },
    {
      exigence: 'conges_payes_btp',
      etapes: CHECKING,
      natures: WORKS,
      base_legale: EXCLUSION,
      judge: congesPayesBtp,
    },
    { exigence: 'capacite_economique', etapes: BIDDING, base_legale: FINANCES, judge: capaciteEconomique },
    {
      exigence: 'capacite_professionnelle',
      etapes: CAPACITY,
      base_legale: PROFESSION,
      judge: capaciteProfessionnelle,
    },
    {
      exigence: 'qualifications',
      etapes: CAPACITY,
      natures: ['services', ...WORKS],
      base_legale: PROFESSION,
      judge: qualifications,
    },
    { exigence: 'distinction_candidats', etapes: AWARD, base_legale: ENTENTE, judge: distinctionCandidats },
  ],
});
