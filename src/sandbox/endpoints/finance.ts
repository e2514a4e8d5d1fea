import { family } from './endpoint.ts';

const LIASSES = ['liasse_fiscale', 'liasses_fiscales_dgfip'];
const dgfip = { prefix: '03', provider: 'DGFIP - Adélie', cache: '1 h' } as const;
const banqueDeFrance = { prefix: '17', provider: 'Banque de France', cache: 'end of day' } as const;

export const finance = [
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
];
