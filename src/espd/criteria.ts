import type { SourceId } from '../sources/catalog.ts';

/** A source whose answer is evidence, and how its time is judged: a certificate runs, a register tells the past. */
export interface EvidenceSource {
  source: SourceId;
  kind: 'certificate' | 'register';
  /** Whether anybody may read it, or only who may read the dossier. */
  access: 'PUBLIC' | 'RESTRICTED';
}

/** What is answered under a criterion, from which facts. */
export type Nature = 'exclusion' | 'trade' | 'profession' | 'turnover' | 'average' | 'headcount';

export interface CriterionRule {
  /** Of the taxonomy of ESPD-EDM: the same in every request. */
  uuid: string;
  /** In the criterion list of the Publications Office. */
  code: string;
  /** What the identifiers of its properties begin with in ESPD-EDM. */
  prefix: string;
  /** Of an exclusion ground, the question whether evidence is on line, in ESPD-EDM: the only one ever answered. */
  gate?: string;
  nature: Nature;
  /** In order of precedence. */
  evidence: readonly EvidenceSource[];
  /** Without a request from the buyer it is part of the answer, under this name. */
  generic: { nom: string; description: string } | null;
}

function certificate(source: SourceId): EvidenceSource {
  return { source, kind: 'certificate', access: 'RESTRICTED' };
}

function register(source: SourceId): EvidenceSource {
  return { source, kind: 'register', access: 'PUBLIC' };
}

function declared(source: SourceId): EvidenceSource {
  return { source, kind: 'register', access: 'RESTRICTED' };
}

const RCS = register('infogreffe_extrait_rcs');
const RNE = register('inpi_extrait_rne');
const TAX = [certificate('dgfip_attestation_fiscale'), certificate('dgfip_attestation_fiscale_mere')];
const SOCIAL = [
  certificate('urssaf_attestation_vigilance'),
  certificate('msa_conformite_cotisations'),
  certificate('probtp_attestation_cotisations_retraite'),
  certificate('cibtp_attestation_conges_payes'),
  certificate('cnetp_attestation_conges_payes'),
];
const TURNOVER = [declared('dgfip_chiffres_affaires')];
const HEADCOUNT = [declared('gip_mds_effectifs_annuels')];

/** A state of the company that registers tell of (directive 2014/24/EU, article 57, paragraph 4, b). */
function insolvency(uuid: string, prefix: string, generic: CriterionRule['generic'] = null): CriterionRule {
  const code = prefix.replace(/^C\d+_EG_/, '');
  const gate = `${prefix}/QG2/Q1`;
  return { uuid, code, prefix, gate, nature: 'exclusion', evidence: [RCS, RNE], generic };
}

/**
 * The criteria of ESPD-EDM 4.1.0 of which an administration holds something: the one place to change when the
 * taxonomy does. Others are copied from the request, and left as they are.
 */
export const CRITERIA: readonly CriterionRule[] = [
  {
    uuid: 'b61bbeb7-690e-4a40-bc68-d6d4ecfaa3d4',
    code: 'tax-pay',
    prefix: 'C7_EG_tax-pay',
    gate: 'C7_EG_tax-pay/QG1/Q1',
    nature: 'exclusion',
    evidence: TAX,
    generic: {
      nom: 'Paiement des impôts',
      description: "L'opérateur a-t-il manqué à ses obligations de paiement des impôts et taxes ?",
    },
  },
  {
    uuid: '7d85e333-bbab-49c0-be8d-c36d71a72f5e',
    code: 'socsec-pay',
    prefix: 'C8_EG_socsec-pay',
    gate: 'C8_EG_socsec-pay/QG1/Q1',
    nature: 'exclusion',
    evidence: SOCIAL,
    generic: {
      nom: 'Paiement des cotisations de sécurité sociale',
      description: "L'opérateur a-t-il manqué à ses obligations de paiement des cotisations sociales ?",
    },
  },
  insolvency('d3732c09-7d62-4edc-a172-241da6636e7c', 'C12_EG_bankruptcy', {
    nom: 'Faillite',
    description: "L'opérateur est-il en liquidation judiciaire ?",
  }),
  insolvency('396f288a-e267-4c20-851a-ed4f7498f137', 'C13_EG_insolvency', {
    nom: 'Insolvabilité',
    // Of the proceedings, those that exclude (CCP, article L2141-3): safeguard does not.
    description: "L'opérateur est-il en redressement judiciaire ?",
  }),
  insolvency('68918c7a-f5bc-4a1a-a62f-ad8983600d48', 'C14_EG_cred-arran'),
  insolvency('daffa2a9-9f8f-4568-8be8-7b8bf306d096', 'C15_EG_bankr-nat'),
  insolvency('8fda202a-0c37-41bb-9d7d-de3f49edbfcb', 'C16_EG_liq-admin'),
  insolvency('166536e2-77f7-455c-b018-70582474e4f6', 'C17_EG_susp-act'),
  {
    uuid: '6ee55a59-6adb-4c3a-b89f-e62a7ad7be7f',
    code: 'prof-regist',
    prefix: 'C25_SC_prof-regist',
    nature: 'profession',
    evidence: [RNE],
    generic: {
      nom: 'Inscription à un registre professionnel',
      description: "L'opérateur est-il inscrit au registre professionnel de son État d'établissement ?",
    },
  },
  {
    uuid: '87b3fa26-3549-4f92-b8e0-3fd8f04bf5c7',
    code: 'trade-regist',
    prefix: 'C26_SC_trade-regist',
    nature: 'trade',
    evidence: [RCS],
    generic: {
      nom: 'Inscription à un registre du commerce',
      description: "L'opérateur est-il inscrit au registre du commerce de son État d'établissement ?",
    },
  },
  {
    uuid: '499efc97-2ac1-4af2-9e84-323c2ca67747',
    code: 'gen-year-to',
    prefix: 'C29_SC_gen-year-to',
    nature: 'turnover',
    evidence: TURNOVER,
    generic: {
      nom: "Chiffre d'affaires annuel général",
      description: "Quel est le chiffre d'affaires de l'opérateur pour chacun des derniers exercices ?",
    },
  },
  {
    uuid: 'b16cb9fc-6cb7-4585-9302-9533b415cf48',
    code: 'aver-year-to',
    prefix: 'C30_SC_aver-year-to',
    nature: 'average',
    evidence: TURNOVER,
    generic: null,
  },
  {
    uuid: '1f49b3f0-d50f-43f6-8b30-4bafab108b9b',
    code: 'year-manpower',
    prefix: 'C50_SC_year-manpower',
    nature: 'headcount',
    evidence: HEADCOUNT,
    generic: {
      nom: 'Effectif moyen annuel',
      description: "Quel est l'effectif moyen annuel de l'opérateur ?",
    },
  },
];

const byUuid = new Map(CRITERIA.map((rule) => [rule.uuid, rule]));

export function ruleOf(uuid: string): CriterionRule | undefined {
  return byUuid.get(uuid.trim().toLowerCase());
}
