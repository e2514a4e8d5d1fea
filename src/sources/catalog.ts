import { ademeCertificationRge } from './ademe-certification-rge.ts';
import { banqueDeFranceBilans } from './banque-de-france-bilans.ts';
import { carifOrefQualiopi } from './carif-oref-qualiopi.ts';
import { cibtpAttestationCongesPayes } from './cibtp-attestation-conges-payes.ts';
import { cnetpAttestationCongesPayes } from './cnetp-attestation-conges-payes.ts';
import { commissionEuropeenneNumeroTva } from './commission-europeenne-numero-tva.ts';
import { conventionsCollectives } from './conventions-collectives.ts';
import { dataSubventionSubventions } from './data-subvention-subventions.ts';
import { dgfipAttestationFiscale } from './dgfip-attestation-fiscale.ts';
import { dgfipAttestationFiscaleMere } from './dgfip-attestation-fiscale-mere.ts';
import { dgfipChiffresAffaires } from './dgfip-chiffres-affaires.ts';
import { dgfipLiassesFiscales } from './dgfip-liasses-fiscales.ts';
import { dgfipLiassesFiscalesMere } from './dgfip-liasses-fiscales-mere.ts';
import { dgfipLiensCapitalistiques } from './dgfip-liens-capitalistiques.ts';
import { djepvaAssociation } from './djepva-association.ts';
import { douanesEori } from './douanes-eori.ts';
import { fntpCarteProfessionnelle } from './fntp-carte-professionnelle.ts';
import { gipMdsEffectifsAnnuels } from './gip-mds-effectifs-annuels.ts';
import { gipMdsEffectifsMensuels } from './gip-mds-effectifs-mensuels.ts';
import { infogreffeExtraitRcs } from './infogreffe-extrait-rcs.ts';
import { infogreffeMandatairesSociaux } from './infogreffe-mandataires-sociaux.ts';
import { inpiExtraitRne } from './inpi-extrait-rne.ts';
import { inseeEtablissement } from './insee-etablissement.ts';
import { inseeSuccessions } from './insee-successions.ts';
import { inseeUniteLegale } from './insee-unite-legale.ts';
import { msaConformiteCotisations } from './msa-conformite-cotisations.ts';
import { opqibiCertification } from './opqibi-certification.ts';
import { probtpAttestationCotisationsRetraite } from './probtp-attestation-cotisations-retraite.ts';
import { probtpConformiteCotisationsRetraite } from './probtp-conformite-cotisations-retraite.ts';
import { qualibatCertification } from './qualibat-certification.ts';
import { qualifelecCertificats } from './qualifelec-certificats.ts';
import type { Source } from './source.ts';
import { urssafAttestationVigilance } from './urssaf-attestation-vigilance.ts';

const sources = [
  inseeEtablissement,
  inseeUniteLegale,
  inseeSuccessions,
  infogreffeExtraitRcs,
  infogreffeMandatairesSociaux,
  inpiExtraitRne,
  djepvaAssociation,
  commissionEuropeenneNumeroTva,
  douanesEori,
  conventionsCollectives,
  dgfipAttestationFiscale,
  dgfipChiffresAffaires,
  dgfipLiassesFiscales,
  dgfipLiensCapitalistiques,
  dgfipAttestationFiscaleMere,
  dgfipLiassesFiscalesMere,
  banqueDeFranceBilans,
  urssafAttestationVigilance,
  msaConformiteCotisations,
  probtpConformiteCotisationsRetraite,
  probtpAttestationCotisationsRetraite,
  cibtpAttestationCongesPayes,
  cnetpAttestationCongesPayes,
  gipMdsEffectifsAnnuels,
  gipMdsEffectifsMensuels,
  qualibatCertification,
  qualifelecCertificats,
  opqibiCertification,
  fntpCarteProfessionnelle,
  ademeCertificationRge,
  carifOrefQualiopi,
  dataSubventionSubventions,
] as const;

export type SourceId = (typeof sources)[number]['id'];

/** Every source, in order of precedence: the first that knows a value gives it to the dossier. */
export const catalog: readonly (Source & { id: SourceId })[] = sources as never;
