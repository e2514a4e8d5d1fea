import { z } from 'zod';
import { single } from './envelope.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

const wire = single(z.object({ document_url: z.string().min(1) }));

const donnees = z
  .object({ carte_professionnelle: z.literal(true) })
  .meta({ id: 'DonneesFntpCarteProfessionnelle' });

/**
 * Professional card of public works, delivered to companies whose holiday-fund contributions are paid.
 * Without a card a company may be out of the trade as well as not up to date: its absence accuses nobody.
 */
export const fntpCarteProfessionnelle = defineSource({ wire, donnees })({
  id: 'fntp_carte_professionnelle',
  administration: 'FNTP',
  libelle: 'Carte professionnelle travaux publics',
  perimetre: 'Entreprises de travaux publics titulaires de la carte professionnelle.',
  opening: 'ouvert',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v3/fntp/unites_legales/${siren}/carte_professionnelle_travaux_publics`],
  quota: 'document',
  scopes: ['fntp_carte_pro', 'open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  document: { hosts: [HUB_STORAGE] },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: { carte_professionnelle: true },
    link: data.document_url,
  }),
  explications: {
    obtenu: 'L’entreprise a la carte professionnelle des travaux publics ; ses dates sont sur le document.',
    non_trouve:
      'La FNTP n’a pas de carte pour cette entreprise, qui peut ne pas exercer dans les travaux publics : cela ne prouve aucun manquement.',
  },
  unify: ({ carte_professionnelle }) => ({ certifications: { travaux_publics: { carte_professionnelle } } }),
});
