import { z } from 'zod';
import { collection } from './envelope.ts';
import { noThreeBalanceSheets } from './exclusions.ts';
import { defineSource } from './source.ts';

const identifier = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim() || null);

/** Euros come as text. An absent value is the number 0, which the text `0` is not. */
const euros = z
  .object({
    valeur: z
      .union([z.number(), z.literal(''), z.string().regex(/^-?\d+(\.\d+)?$/)])
      .nullish()
      .transform((value) => (value ? Number(value) : null)),
  })
  .nullish()
  .transform((value) => value?.valeur ?? null);

const wire = collection(
  z.object({
    annee: identifier,
    date_arrete_exercice: identifier,
    valeurs_calculees: z
      .array(
        z.object({
          excedent_brut_exploitation: euros,
          capacite_autofinancement: euros,
          fonds_roulement_net_global: euros,
          total_dettes_stables: euros,
        }),
      )
      .nullish(),
  }),
);

const montant = z.number().nullable();
const donnees = z
  .object({
    bilans: z
      .array(
        z.object({
          annee: z.string().nullable(),
          date_fin_exercice: z.string().nullable().describe('Année et mois, `YYYY-MM`'),
          excedent_brut_exploitation_euros: montant,
          capacite_autofinancement_euros: montant,
          fonds_roulement_net_global_euros: montant,
          dettes_stables_euros: montant,
        }),
      )
      .describe('Trois bilans au plus, du plus récent au plus ancien'),
  })
  .meta({ id: 'DonneesBanqueDeFranceBilans' });

/** `2025-12` or `202512`, whichever the source writes. */
function yearMonthOf(value: string | null): string | null {
  const [, year, month] = /^(\d{4})-?(0[1-9]|1[0-2])/.exec(value ?? '') ?? [];
  return year && month ? `${year}-${month}` : null;
}

/** Indicators that the Banque de France computes from the accounts it rates; the accounts are not read. */
export const banqueDeFranceBilans = defineSource({ wire, donnees })({
  id: 'banque_de_france_bilans',
  administration: 'Banque de France',
  libelle: 'Bilans',
  perimetre:
    'Entreprises cotées par la Banque de France : plus de 1,25 million d’euros de chiffre d’affaires (0,75 avant 2025) et trois bilans.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [noThreeBalanceSheets],
  paths: ({ siren }) => [`/v3/banque_de_france/unites_legales/${siren}/bilans`],
  quota: 'json',
  scopes: ['bilans_entreprise_bdf', 'bilans_bdf'],
  timeoutMs: 15_000,
  maintenance: { from: '22:04', to: '22:08' },
  freshness: { untilHour: 0 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      bilans: data.map((bilan) => {
        const computed = bilan.valeurs_calculees?.[0];
        return {
          annee: bilan.annee,
          date_fin_exercice: yearMonthOf(bilan.date_arrete_exercice),
          excedent_brut_exploitation_euros: computed?.excedent_brut_exploitation ?? null,
          capacite_autofinancement_euros: computed?.capacite_autofinancement ?? null,
          fonds_roulement_net_global_euros: computed?.fonds_roulement_net_global ?? null,
          dettes_stables_euros: computed?.total_dettes_stables ?? null,
        };
      }),
    },
  }),
  explications: {
    obtenu: 'La Banque de France a donné les indicateurs des derniers bilans qu’elle connaît.',
    non_trouve:
      'La Banque de France n’a pas de bilan de cette entreprise : elle ne suit que les plus grandes. Cela ne dit rien de sa solidité.',
  },
  unify: ({ bilans }) => ({ fiscal: { bilans: bilans.length > 0 ? bilans : null } }),
});
