import { z } from 'zod';

const jour = z.iso.date().nullable();

/** Unified social values. Headcounts are numbers of persons, decimals included. */
export const socialSchema = z
  .object({
    vigilance: z
      .object({
        situation: z.enum(['delivree', 'refusee']),
        du: jour,
        au: jour,
        code_securite: z.string().nullable(),
      })
      .nullable()
      .describe("Attestation de vigilance de l'Urssaf"),
    msa: z.object({ situation: z.enum(['a_jour', 'non_a_jour', 'en_examen']) }).nullable(),
    retraite: z
      .object({ caisse: z.string(), conforme: z.boolean() })
      .nullable()
      .describe('Cotisations de retraite complémentaire du bâtiment et des travaux publics'),
    conges_payes: z
      .object({ caisse: z.string(), a_jour: z.boolean(), au: jour })
      .nullable()
      .describe('Congés payés et chômage intempéries du bâtiment et des travaux publics'),
    effectif_annuel: z
      .object({ annee: z.string(), total: z.number() })
      .nullable()
      .describe("Effectif moyen annuel de l'entreprise, tous régimes"),
    effectif_mensuel: z
      .object({ annee: z.string(), mois: z.string(), total: z.number() })
      .nullable()
      .describe("Effectif moyen mensuel de l'établissement, tous régimes"),
  })
  .meta({ id: 'Social' });
