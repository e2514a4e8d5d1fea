import { family } from './endpoint.ts';

const qualibat = { prefix: '06', provider: 'Qualibat', bucket: 'document', cache: 'end of day' } as const;

export const certifications = [
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
];
