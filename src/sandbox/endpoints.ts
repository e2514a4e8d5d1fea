import type { Bucket } from './rate-limits.ts';
import type { CacheLife } from './response-cache.ts';

/** What the endpoints of one provider share. */
interface Family {
  /** First two characters of the error codes. */
  prefix: string;
  /** `meta.provider` of the errors. */
  provider: string;
  bucket?: Bucket;
  cache?: CacheLife;
  /** Seconds a document can be downloaded: 24 h unless said. */
  documentLifeSeconds?: number;
}

/** One resource of API Entreprise, as its public catalogue describes it. */
export interface Endpoint extends Required<Family> {
  id: string;
  /** Versions served: another one in the path answers 404 `00402`. */
  versions: readonly number[];
  /** What follows `/v3` or `/v4`, with the parameters in braces. */
  path: string;
  /** Holding any one is enough; none is needed when empty. */
  scopes: readonly string[];
}

/** Versions, path, scopes. */
type Row = [versions: number[], path: string, scopes: string[]];

function family(shared: Family, rows: Record<string, Row>): Endpoint[] {
  const defaults = { bucket: 'json', cache: 'none', documentLifeSeconds: 86_400 } as const;
  return Object.entries(rows).map(([id, [versions, path, scopes]]) => {
    return { ...defaults, ...shared, id, versions, path, scopes };
  });
}

const ETABLISSEMENTS = '/insee/sirene/etablissements';
const UNITES_LEGALES = '/insee/sirene/unites_legales';
const SIRENE = 'unites_legales_etablissements_insee';
const CONGES_PAYES = 'attestation_cotisations_conges_payes_chomage_intemperies';
const FUNDS = ['certificat_cnetp', 'certification_cnetp', `${CONGES_PAYES}_cibtp_cnetp`];
const LIASSES = ['liasse_fiscale', 'liasses_fiscales_dgfip'];

const insee = { prefix: '01', provider: 'INSEE', cache: '1 h' } as const;
const infogreffe = { prefix: '02', provider: 'Infogreffe' };
const dgfip = { prefix: '03', provider: 'DGFIP - Adélie', cache: '1 h' } as const;
const acoss = { prefix: '04', provider: 'ACOSS', bucket: 'urssaf', cache: 'until 08:00 tomorrow' } as const;
const qualibat = { prefix: '06', provider: 'Qualibat', bucket: 'document', cache: 'end of day' } as const;
const cnetp = { prefix: '08', provider: 'CNETP', bucket: 'document' } as const;
const probtp = { prefix: '09', provider: 'ProBTP' };
const fntp = { prefix: '12', provider: 'FNTP', bucket: 'document' } as const;
const socialMinistries = { prefix: '14', provider: 'Fabrique numérique des Ministères Sociaux' };
const banqueDeFrance = { prefix: '17', provider: 'Banque de France', cache: 'end of day' } as const;
const commission = { prefix: '28', provider: 'Commission Européenne', cache: '24 h' } as const;
const djepva = { prefix: '29', provider: 'DJEPVA', cache: '1 h' } as const;
const gipMds = { prefix: '31', provider: 'GIP-MDS', bucket: 'gip_mds', cache: 'end of month' } as const;
const inpi = { prefix: '34', provider: 'INPI - RNE', documentLifeSeconds: 3_600 };
const cibtp = { prefix: '38', provider: 'CIBTP', bucket: 'cibtp', documentLifeSeconds: 600 } as const;

export const endpoints: readonly Endpoint[] = [
  ...family(insee, {
    insee_etablissement: [[3, 4], `${ETABLISSEMENTS}/{siret}`, ['etablissements', SIRENE]],
    insee_etablissement_diffusible: [
      [3, 4],
      `${ETABLISSEMENTS}/diffusibles/{siret}`,
      ['etablissements', 'open_data'],
    ],
    insee_unite_legale: [[3, 4], `${UNITES_LEGALES}/{siren}`, ['entreprises', SIRENE]],
    insee_unite_legale_diffusible: [
      [3, 4],
      `${UNITES_LEGALES}/diffusibles/{siren}`,
      ['entreprises', 'open_data'],
    ],
    insee_siege_social: [[3, 4], `${UNITES_LEGALES}/{siren}/siege_social`, ['etablissements', SIRENE]],
    insee_siege_social_diffusible: [
      [3, 4],
      `${UNITES_LEGALES}/diffusibles/{siren}/siege_social`,
      ['etablissements', 'open_data'],
    ],
    insee_adresse: [[3], `${ETABLISSEMENTS}/{siret}/adresse`, ['etablissements', SIRENE]],
    insee_successions: [[3], `${ETABLISSEMENTS}/{siret}/successions`, ['etablissements', 'open_data']],
  }),
  ...family(infogreffe, {
    infogreffe_extrait_rcs: [
      [3],
      '/infogreffe/rcs/unites_legales/{siren}/extrait_kbis',
      ['extraits_rcs', 'open_data'],
    ],
    infogreffe_mandataires_sociaux: [
      [3],
      '/infogreffe/rcs/unites_legales/{siren}/mandataires_sociaux',
      ['entreprises', 'mandataires_sociaux_infogreffe'],
    ],
  }),
  ...family(
    { ...inpi, bucket: 'extrait_rne', cache: 'until 03:00' },
    { inpi_extrait_rne: [[3], '/inpi/rne/unites_legales/{siren}/extrait_rne', [SIRENE]] },
  ),
  ...family(
    { ...inpi, bucket: 'actes_bilans' },
    { inpi_actes_bilans: [[3], '/inpi/rne/unites_legales/open_data/{siren}/actes_bilans', ['open_data']] },
  ),
  ...family(djepva, {
    djepva_association: [
      [4],
      '/djepva/api-association/associations/{siren_or_rna}',
      ['associations_donnees_protegees', 'associations_djepva'],
    ],
    djepva_association_open_data: [
      [4],
      '/djepva/api-association/associations/open_data/{siren_or_rna}',
      ['associations', 'open_data'],
    ],
  }),
  ...family(commission, {
    commission_europeenne_numero_tva: [[3], '/european_commission/unites_legales/{siren}/numero_tva', []],
  }),
  ...family(
    { prefix: '16', provider: 'DGDDI' },
    {
      douanes_eori: [
        [3],
        '/douanes/etablissements/{siret_or_eori}/immatriculations_eori',
        ['eori_douanes', 'open_data'],
      ],
    },
  ),
  ...family(
    { ...dgfip, bucket: 'attestation_fiscale', cache: 'until 08:00 tomorrow' },
    {
      dgfip_attestation_fiscale: [
        [3, 4],
        '/dgfip/unites_legales/{siren}/attestation_fiscale',
        ['attestations_fiscales', 'attestation_fiscale_dgfip'],
      ],
    },
  ),
  ...family(dgfip, {
    dgfip_chiffres_affaires: [
      [3],
      '/dgfip/etablissements/{siret}/chiffres_affaires',
      ['exercices', 'chiffre_affaires_dgfip'],
    ],
    dgfip_liasses_fiscales: [[3], '/dgfip/unites_legales/{siren}/liasses_fiscales/{year}', LIASSES],
    dgfip_liens_capitalistiques: [
      [3],
      '/dgfip/unites_legales/{siren}/liens_capitalistiques/{year}',
      [...LIASSES, 'liens_capitalistiques_dgfip'],
    ],
  }),
  ...family(banqueDeFrance, {
    banque_de_france_bilans: [
      [3],
      '/banque_de_france/unites_legales/{siren}/bilans',
      ['bilans_entreprise_bdf', 'bilans_bdf'],
    ],
  }),
  ...family(acoss, {
    urssaf_attestation_vigilance: [
      [3, 4],
      '/urssaf/unites_legales/{siren}/attestation_vigilance',
      ['attestations_sociales', 'attestation_sociale_urssaf'],
    ],
  }),
  ...family(
    { prefix: '10', provider: 'MSA' },
    {
      msa_conformite_cotisations: [
        [3],
        '/msa/etablissements/{siret}/conformite_cotisations',
        ['msa_cotisations', 'cotisations_msa'],
      ],
    },
  ),
  ...family(probtp, {
    probtp_conformite_cotisations_retraite: [
      [3],
      '/probtp/etablissements/{siret}/conformite_cotisations_retraite',
      ['probtp', 'cotisations_probtp'],
    ],
  }),
  ...family(
    { ...probtp, bucket: 'document' },
    {
      probtp_attestation_cotisations_retraite: [
        [3],
        '/probtp/etablissements/{siret}/attestation_cotisations_retraite',
        ['probtp', 'cotisations_probtp'],
      ],
    },
  ),
  ...family(cibtp, {
    cibtp_attestation_conges_payes: [[3], `/cibtp/etablissements/{siret}/${CONGES_PAYES}`, FUNDS],
  }),
  ...family(cnetp, {
    cnetp_attestation_conges_payes: [[3], `/cnetp/unites_legales/{siren}/${CONGES_PAYES}`, FUNDS],
  }),
  ...family(gipMds, {
    gip_mds_effectifs_annuels: [
      [3],
      '/gip_mds/unites_legales/{siren}/effectifs_annuels/{year}',
      ['effectifs_urssaf'],
    ],
    gip_mds_effectifs_mensuels: [
      [3],
      '/gip_mds/etablissements/{siret}/effectifs_mensuels/{month}/annee/{year}',
      ['effectifs_urssaf'],
    ],
  }),
  ...family(socialMinistries, {
    conventions_collectives: [
      [3],
      '/fabrique_numerique_ministeres_sociaux/etablissements/{siret}/conventions_collectives',
      ['conventions_collectives', 'open_data'],
    ],
  }),
  ...family(qualibat, {
    qualibat_certification: [
      [3, 4],
      '/qualibat/etablissements/{siret}/certification_batiment',
      ['qualibat', 'open_data'],
    ],
  }),
  ...family(
    { prefix: '32', provider: 'Qualifelec' },
    { qualifelec_certificats: [[3], '/qualifelec/etablissements/{siret}/certificats', ['open_data']] },
  ),
  ...family(
    { prefix: '11', provider: 'OPQIBI' },
    {
      opqibi_certification: [
        [3],
        '/opqibi/unites_legales/{siren}/certification_ingenierie',
        ['certificat_opqibi', 'certification_opqibi', 'open_data'],
      ],
    },
  ),
  ...family(fntp, {
    fntp_carte_professionnelle: [
      [3],
      '/fntp/unites_legales/{siren}/carte_professionnelle_travaux_publics',
      ['fntp_carte_pro', 'open_data'],
    ],
  }),
  ...family(
    { prefix: '19', provider: 'ADEME' },
    {
      ademe_certification_rge: [
        [3],
        '/ademe/etablissements/{siret}/certification_rge',
        ['certificat_rge_ademe', 'open_data'],
      ],
    },
  ),
  ...family(
    { prefix: '33', provider: 'CARIF-OREF' },
    {
      carif_oref_qualiopi: [
        [3],
        '/carif_oref/etablissements/{siret}/certifications_qualiopi_france_competences',
        ['certifications_qualiopi_france_competences'],
      ],
    },
  ),
  ...family(
    { prefix: '52', provider: 'DataSubvention' },
    {
      data_subvention_subventions: [
        [3],
        '/data_subvention/associations/{siren_or_siret_or_rna}/subventions',
        ['data_subvention_subventions'],
      ],
    },
  ),
];

/** Every scope that opens some endpoint. */
export const allScopes: readonly string[] = [...new Set(endpoints.flatMap(({ scopes }) => scopes))].sort();
