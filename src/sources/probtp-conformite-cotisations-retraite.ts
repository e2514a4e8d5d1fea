import { z } from 'zod';
import { single } from './envelope.ts';
import { association, overseas } from './exclusions.ts';
import { defineSource } from './source.ts';

const wire = single(z.object({ eligible: z.boolean() }));

const donnees = z
  .object({ caisse: z.literal('ProBTP'), conforme: z.boolean() })
  .meta({ id: 'DonneesProbtpConformiteCotisationsRetraite' });

/**
 * Whether pension contributions of the building trades are paid, checked every evening. The wire word is
 * `eligible`; the source's own title and sandbox read it as conformity. False is a 200.
 */
export const probtpConformiteCotisationsRetraite = defineSource({ wire, donnees })({
  id: 'probtp_conformite_cotisations_retraite',
  administration: 'ProBTP',
  libelle: 'Conformité des cotisations de retraite complémentaire',
  perimetre:
    'Entreprises du bâtiment, des travaux publics et activités connexes affiliées à ProBTP ; hors outre-mer et associations.',
  opening: 'protege',
  identifiant: 'siret',
  exclusions: [association, overseas],
  paths: ({ siret }) => [`/v3/probtp/etablissements/${siret}/conformite_cotisations_retraite`],
  quota: 'json',
  scopes: ['probtp', 'cotisations_probtp'],
  timeoutMs: 15_000,
  freshness: { untilHour: 0 },
  // A situation as of the call: on another day it proves nothing.
  revalidateSeconds: 0,
  staleSeconds: 0,
  read: ({ data: { eligible } }) => ({
    statut: eligible ? 'obtenu' : 'refuse',
    donnees: { caisse: 'ProBTP', conforme: eligible },
  }),
  explications: {
    obtenu: 'ProBTP confirme la conformité des cotisations de retraite complémentaire.',
    refuse:
      'ProBTP connaît l’établissement et ne confirme pas la conformité de ses cotisations de retraite complémentaire.',
    non_trouve:
      'ProBTP ne connaît pas cet établissement : cela ne dit rien de la régularité de l’entreprise.',
  },
  unify: ({ caisse, conforme }) => ({ social: { retraite: { caisse, conforme } } }),
});
