import { family } from './endpoint.ts';

const SIRENE = 'unites_legales_etablissements_insee';
const infogreffe = { prefix: '02', provider: 'Infogreffe' };
const commission = { prefix: '28', provider: 'Commission Européenne', cache: '24 h' } as const;
const inpi = { prefix: '34', provider: 'INPI - RNE', documentLifeSeconds: 3_600 };

export const registers = [
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
];
