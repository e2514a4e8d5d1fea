import { liassesPaths, liassesSchema, liassesWire, readLiasses } from './dgfip-reading.ts';
import { defineSource, LARGE_BYTES } from './source.ts';

/** Whether the company that holds a subsidiary heads its tax group: only the head files for the whole (RNGROUPE). */
export const dgfipLiassesFiscalesMere = defineSource({ wire: liassesWire, donnees: liassesSchema })({
  id: 'dgfip_liasses_fiscales_mere',
  administration: 'DGFiP',
  libelle: 'Liasses fiscales de la société mère',
  perimetre:
    'Société mère d’une entreprise membre d’un groupe fiscal intégré, quand les liens capitalistiques la nomment.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ mere, today }) => liassesPaths(String(mere), today),
  quota: 'json',
  scopes: ['liasse_fiscale', 'liasses_fiscales_dgfip'],
  timeoutMs: 15_000,
  maintenance: { from: '01:00', to: '02:00' },
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  read: readLiasses,
  explications: {
    obtenu:
      'La DGFiP a dit sous quel régime la société mère dépose : seule la tête d’un groupe dépose pour tous.',
    non_trouve:
      'La DGFiP ne trouve pas de liasse fiscale de la société mère : sa place dans le groupe n’est pas connue.',
    non_demande:
      'L’entreprise n’est pas filiale d’un groupe fiscal intégré dont la société mère soit connue ; cette source n’a pas été interrogée.',
  },
});
