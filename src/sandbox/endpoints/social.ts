import { family } from './endpoint.ts';

const acoss = { prefix: '04', provider: 'ACOSS', bucket: 'urssaf', cache: 'until 08:00 tomorrow' } as const;
const socialMinistries = { prefix: '14', provider: 'Fabrique numérique des Ministères Sociaux' };
const gipMds = { prefix: '31', provider: 'GIP-MDS', bucket: 'gip_mds', cache: 'end of month' } as const;

export const social = [
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
];
