import t from 'tap';
import type { Usage } from '../../src/dossier/usage.ts';
import { catalog, type SourceId } from '../../src/sources/catalog.ts';
import { usages } from '../../src/usages/usages.ts';

const OFFICERS: SourceId = 'infogreffe_mandataires_sociaux';
const BUILDING: SourceId[] = [
  'probtp_conformite_cotisations_retraite',
  'probtp_attestation_cotisations_retraite',
  'cibtp_attestation_conges_payes',
  'cnetp_attestation_conges_payes',
];

/** What the use cases of API Entreprise close to each usage, or do not list for it; written by hand. */
const FORBIDDEN: Record<Usage, SourceId[]> = {
  marche_public: [],
  aide_publique: [],
  subvention_association: [
    'infogreffe_extrait_rcs',
    OFFICERS,
    'commission_europeenne_numero_tva',
    'douanes_eori',
    'msa_conformite_cotisations',
    'dgfip_chiffres_affaires',
    'fntp_carte_professionnelle',
    ...BUILDING,
  ],
  socle: [
    'insee_successions',
    OFFICERS,
    'dgfip_attestation_fiscale',
    'dgfip_attestation_fiscale_mere',
    'dgfip_chiffres_affaires',
    'dgfip_liasses_fiscales',
    'dgfip_liasses_fiscales_mere',
    'dgfip_liens_capitalistiques',
    'banque_de_france_bilans',
    'urssaf_attestation_vigilance',
    'msa_conformite_cotisations',
    'gip_mds_effectifs_annuels',
    'gip_mds_effectifs_mensuels',
    'carif_oref_qualiopi',
    ...BUILDING,
  ],
};

/** Of what is open to it, what a usage does without: it has no use for it, or no requirement that needs it. */
const NEEDLESS: Record<Usage, SourceId[]> = {
  marche_public: [],
  aide_publique: ['douanes_eori'],
  subvention_association: [
    'dgfip_attestation_fiscale_mere',
    'dgfip_liasses_fiscales_mere',
    'qualibat_certification',
    'qualifelec_certificats',
    'opqibi_certification',
    'ademe_certification_rge',
  ],
  socle: [],
};

t.test(
  'each usage asks all that is open to it and of use, and nothing that its use case closes',
  async (t) => {
    for (const { id, permitted } of Object.values(usages)) {
      const left = [...FORBIDDEN[id], ...NEEDLESS[id]];
      const wanted = catalog.map((source) => source.id).filter((source) => !left.includes(source));
      t.strictSame(permitted.map((source) => source.id).toSorted(), wanted.toSorted(), id);
    }
  },
);
