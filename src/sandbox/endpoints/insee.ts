import { family } from './endpoint.ts';

const ETABLISSEMENTS = '/insee/sirene/etablissements';
const UNITES_LEGALES = '/insee/sirene/unites_legales';
const SIRENE = 'unites_legales_etablissements_insee';
const sirene = { prefix: '01', provider: 'INSEE', cache: '1 h' } as const;

export const insee = [
  ...family(sirene, {
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
];
