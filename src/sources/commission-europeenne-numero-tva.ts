import { z } from 'zod';
import { single } from './envelope.ts';
import { defineSource } from './source.ts';

const wire = single(
  z.object({
    tva_number: z
      .string()
      .trim()
      .min(1)
      .transform((value) => value.replaceAll(' ', '')),
  }),
);

const donnees = z.object({ numero_tva: z.string() }).meta({ id: 'DonneesCommissionEuropeenneNumeroTva' });

/** The French VAT number that follows from a SIREN (FR, two-digit key, SIREN), when VIES holds it valid. */
export const commissionEuropeenneNumeroTva = defineSource({ wire, donnees })({
  id: 'commission_europeenne_numero_tva',
  administration: 'Commission européenne',
  libelle: 'Numéro de TVA intracommunautaire',
  perimetre: 'Entreprises assujetties à la TVA en métropole, connues de VIES.',
  opening: 'ouvert',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v3/european_commission/unites_legales/${siren}/numero_tva`],
  quota: 'json',
  scopes: [],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  // The hub itself keeps this 404 for a day.
  absentSeconds: 86_400,
  read: ({ data: { tva_number } }) => ({
    statut: 'obtenu',
    about: tva_number.slice('FR00'.length),
    donnees: { numero_tva: tva_number },
  }),
  explications: {
    obtenu: 'Le numéro de TVA intracommunautaire est valide dans le système européen VIES.',
    non_trouve:
      "Le numéro de TVA français calculé depuis le SIREN n'est pas valide dans VIES : l'entreprise peut en avoir un autre, étranger, ou ne pas en avoir besoin (outre-mer, franchise de TVA).",
  },
  unify: ({ numero_tva }) => ({ identite: { numero_tva } }),
});
