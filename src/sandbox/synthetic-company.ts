import { isSiren, isSiret } from '../dossier/siret.ts';
import type { Answer, Question } from './answer.ts';
import { answerAssociation, answerGrants } from './synthetic/associations.ts';
import * as building from './synthetic/building.ts';
import * as certifications from './synthetic/certifications.ts';
import { companyOf, type SyntheticCompany } from './synthetic/company.ts';
import * as finance from './synthetic/finance.ts';
import { answerEstablishment, answerLegalUnit, answerSuccessions } from './synthetic/insee.ts';
import * as registers from './synthetic/registers.ts';
import * as social from './synthetic/social.ts';

type Tell = (company: SyntheticCompany, question: Question) => Answer | null;

/** Most answers need nothing of the question but the day it is asked. */
const daily =
  (tell: (company: SyntheticCompany, today: string) => Answer | null): Tell =>
  (company, { today }) =>
    tell(company, today);

const TELL: Readonly<Record<string, Tell>> = {
  insee_etablissement: daily(answerEstablishment),
  insee_unite_legale: daily(answerLegalUnit),
  insee_successions: answerSuccessions,
  infogreffe_extrait_rcs: daily(registers.answerExtract),
  infogreffe_mandataires_sociaux: registers.answerOfficers,
  inpi_extrait_rne: registers.answerNationalRegister,
  inpi_actes_bilans: daily(registers.answerDeposits),
  djepva_association: daily(answerAssociation),
  commission_europeenne_numero_tva: registers.answerVatNumber,
  douanes_eori: registers.answerEori,
  dgfip_attestation_fiscale: daily(finance.answerTaxCertificate),
  dgfip_chiffres_affaires: daily(finance.answerTurnovers),
  dgfip_liasses_fiscales: (company, { parameters }) =>
    finance.answerTaxReturns(company, Number(parameters.year)),
  dgfip_liens_capitalistiques: finance.answerShareholders,
  banque_de_france_bilans: daily(finance.answerBalanceSheets),
  urssaf_attestation_vigilance: daily(social.answerVigilance),
  msa_conformite_cotisations: social.answerMsa,
  probtp_conformite_cotisations_retraite: building.answerPension,
  probtp_attestation_cotisations_retraite: building.answerPensionPaper,
  cibtp_attestation_conges_payes: building.answerBuildingFund,
  cnetp_attestation_conges_payes: building.answerPublicWorksFund,
  gip_mds_effectifs_annuels: social.answerYearlyStaff,
  gip_mds_effectifs_mensuels: social.answerMonthlyStaff,
  conventions_collectives: social.answerAgreements,
  qualibat_certification: daily(certifications.answerQualibat),
  qualifelec_certificats: daily(certifications.answerQualifelec),
  opqibi_certification: daily(certifications.answerOpqibi),
  fntp_carte_professionnelle: building.answerProfessionalCard,
  ademe_certification_rge: daily(certifications.answerRge),
  carif_oref_qualiopi: daily(certifications.answerQualiopi),
  data_subvention_subventions: daily(answerGrants),
};

/**
 * The company an identifier stands for: a SIREN, a SIRET, an EORI (`FR` then a SIRET) or the RNA number a made-up
 * association has (`W` then its SIREN). Identifiers that begin with `000` are kept for the personas.
 */
function companyAsked(identifier: string): SyntheticCompany | null {
  const [, prefix = '', digits = ''] = /^(FR|W)?(\d+)$/.exec(identifier) ?? [];
  if (digits.startsWith('000')) return null;
  if (isSiret(digits)) return companyOf(digits.slice(0, 9), digits);
  if (!isSiren(digits) || prefix === 'FR') return null;
  const company = companyOf(digits);
  return prefix === 'W' && company.kind !== 'association' ? null : company;
}

/** Answers for any valid identifier, by a company made up from its digits; null when the endpoint knows it not. */
export function answerBySynthesis(question: Question): Answer | null {
  const company = companyAsked(question.identifier);
  return company && (TELL[question.endpoint]?.(company, question) ?? null);
}
