import { z } from 'zod';

const jour = z.iso.date().nullable();
const texte = z.string().nullable();

/** Unified fiscal values. Amounts are in euros. */
export const fiscalSchema = z
  .object({
    regularite: z
      .object({
        attestation_delivree_le: jour,
        situation_au: jour.describe('Dernier jour de la période analysée'),
      })
      .nullable()
      .describe("Ce que dit l'attestation fiscale ; null n'accuse de rien"),
    chiffres_affaires: z
      .array(z.object({ date_fin_exercice: jour, montant_euros: z.number() }))
      .nullable()
      .describe('Les derniers exercices, du plus récent au plus ancien'),
    groupe_fiscal: z
      .object({ membre: z.boolean(), role: z.enum(['mere', 'filiale', 'inconnu']).nullable() })
      .nullable()
      .describe("Appartenance à un groupe fiscal intégré (CGI 223 A), d'après les liasses"),
    actionnaires_personnes_morales: z
      .array(z.object({ siren: texte, denomination: texte, pourcentage: z.number().nullable() }))
      .nullable()
      .describe('Détentions déclarées, à partir de 10 %'),
    filiales: z
      .array(z.object({ siren: texte, denomination: texte, pourcentage: z.number().nullable() }))
      .nullable(),
    bilans: z
      .array(
        z.object({
          annee: texte,
          date_fin_exercice: texte.describe('Année et mois, `YYYY-MM`'),
          excedent_brut_exploitation_euros: z.number().nullable(),
          capacite_autofinancement_euros: z.number().nullable(),
          fonds_roulement_net_global_euros: z.number().nullable(),
          dettes_stables_euros: z.number().nullable(),
        }),
      )
      .nullable(),
    subventions_versees: z
      .array(
        z.object({
          date_versement: jour,
          montant_euros: z.number(),
          programme: texte.describe('Programme du budget de l’État'),
        }),
      )
      .nullable()
      .describe('Paiements connus de Data.subvention, associations seulement'),
  })
  .meta({ id: 'Fiscal' });
