import { family } from './endpoint.ts';

const djepva = { prefix: '29', provider: 'DJEPVA', cache: '1 h' } as const;

export const associations = [
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
