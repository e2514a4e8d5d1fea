import { family } from './endpoint.ts';

const CONGES_PAYES = 'attestation_cotisations_conges_payes_chomage_intemperies';
const FUNDS = ['certificat_cnetp', 'certification_cnetp', `${CONGES_PAYES}_cibtp_cnetp`];
const cnetp = { prefix: '08', provider: 'CNETP', bucket: 'document' } as const;
const probtp = { prefix: '09', provider: 'ProBTP' };
const fntp = { prefix: '12', provider: 'FNTP', bucket: 'document' } as const;
const cibtp = { prefix: '38', provider: 'CIBTP', bucket: 'cibtp', documentLifeSeconds: 600 } as const;

export const building = [
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
  ...family(fntp, {
    fntp_carte_professionnelle: [
      [3],
      '/fntp/unites_legales/{siren}/carte_professionnelle_travaux_publics',
      ['fntp_carte_pro', 'open_data'],
    ],
  }),
];
