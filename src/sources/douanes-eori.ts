import { z } from 'zod';
import { single } from './envelope.ts';
import { defineSource } from './source.ts';
import { text } from './wire-values.ts';

const wire = single(
  z.object({
    id: z.string().transform((value) => value.replaceAll(' ', '')),
    actif: z.boolean(),
    libelle: text,
    pays: text,
  }),
);

const donnees = z
  .object({
    numero_eori: z.string(),
    actif: z
      .boolean()
      .describe("Faux ne prouve rien : l'entreprise peut être immatriculée dans un autre État membre"),
    denomination: z.string().nullable(),
    pays: z.string().nullable(),
  })
  .meta({ id: 'DonneesDouanesEori' });

/** Customs registration. Asked by SIRET, a company registered in another member state seems to have none. */
export const douanesEori = defineSource({ wire, donnees })({
  id: 'douanes_eori',
  administration: 'Douane',
  libelle: 'Immatriculation douanière EORI',
  perimetre: "Entreprises qui importent ou exportent hors de l'Union européenne, immatriculées en France.",
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/douanes/etablissements/${siret}/immatriculations_eori`],
  quota: 'json',
  scopes: ['eori_douanes', 'open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  absentSeconds: 86_400,
  read: ({ data }) => ({
    statut: 'obtenu',
    about: data.id.startsWith('FR') ? data.id.slice('FR'.length) : null,
    donnees: { numero_eori: data.id, actif: data.actif, denomination: data.libelle, pays: data.pays },
  }),
  explications: {
    obtenu:
      "La Douane connaît un numéro EORI ; s'il est inactif, l'entreprise peut en avoir un autre, actif, dans un autre État membre.",
    non_trouve:
      "La Douane ne connaît pas de numéro EORI pour ce SIRET : l'entreprise peut en avoir un pour un autre établissement ou dans un autre État membre, ou n'en avoir pas besoin.",
  },
  unify: ({ numero_eori, actif }) => (actif ? { identite: { numero_eori } } : {}),
});
