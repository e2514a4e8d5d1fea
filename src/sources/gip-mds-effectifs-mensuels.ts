import { z } from 'zod';
import { single } from './envelope.ts';
import { totalOf } from './headcount.ts';
import { defineSource } from './source.ts';
import { code, decimal, identifierOrNull, text } from './wire-values.ts';

/** Another nature than the mean headcount counts other people: it would not be the answer asked for. */
const wire = single(
  z.object({
    siret: identifierOrNull(14),
    effectifs_mensuels: z.array(
      z.object({
        regime: text,
        nature: z.literal('effectif_moyen_mensuel'),
        annee: code,
        mois: code,
        value: decimal,
      }),
    ),
  }),
);

const donnees = z
  .object({
    annee: z.string().nullable(),
    mois: z.string().nullable().describe('Sur deux chiffres'),
    effectif_total: z.number().nullable().describe('Effectif moyen mensuel, régimes général et agricole'),
    regimes: z.array(z.object({ regime: z.string().nullable(), effectif: z.number().nullable() })),
  })
  .meta({ id: 'DonneesGipMdsEffectifsMensuels' });

/**
 * Mean headcount of the establishment, one line a regime. That of a month is known at the end of the month
 * after it, so the last one that is surely known is two months old. Only the last month of the answer is
 * kept: months are never added together.
 */
export const gipMdsEffectifsMensuels = defineSource({ wire, donnees })({
  id: 'gip_mds_effectifs_mensuels',
  administration: 'GIP-MDS',
  libelle: 'Effectifs mensuels',
  perimetre:
    'Établissements employeurs des régimes général et agricole. Hors régimes spéciaux, fonction publique et établissements fermés.',
  opening: 'protege',
  identifiant: 'siret',
  paths: ({ siret, today }) => {
    const [year, month] = Temporal.PlainYearMonth.from(today).subtract({ months: 2 }).toString().split('-');
    return [`/v3/gip_mds/etablissements/${siret}/effectifs_mensuels/${month}/annee/${year}`];
  },
  quota: 'gip_mds',
  scopes: ['effectifs_urssaf'],
  timeoutMs: 11_000,
  freshness: { untilEndOfMonth: true },
  read: ({ data }) => {
    const lines = data.effectifs_mensuels.map((line) => ({
      ...line,
      mois: line.mois?.padStart(2, '0') ?? null,
    }));
    const [last] = lines.toSorted((a, b) => `${b.annee}${b.mois}`.localeCompare(`${a.annee}${a.mois}`));
    const regimes = lines
      .filter(({ annee, mois }) => annee === last?.annee && mois === last?.mois)
      .map(({ regime, value }) => ({ regime, effectif: value ?? null }));
    return {
      statut: 'obtenu',
      donnees: {
        annee: last?.annee ?? null,
        mois: last?.mois ?? null,
        effectif_total: totalOf(regimes.map(({ effectif }) => effectif)),
        regimes,
      },
      about: data.siret,
    };
  },
  explications: {
    obtenu: 'Le GIP-MDS a donné l’effectif moyen mensuel tiré des déclarations sociales.',
    non_trouve:
      'Le GIP-MDS ne connaît pas d’effectif pour ce mois (établissement sans salarié, hors de son champ ou fermé) : cela ne veut pas dire qu’il est nul.',
    indisponible:
      'Le GIP-MDS n’a pas donné de réponse exploitable ; il suffit qu’un des deux régimes manque (code 31999). Cela ne dit rien de l’entreprise.',
  },
  unify: ({ annee, mois, effectif_total: total }) => ({
    social: {
      effectif_mensuel: annee !== null && mois !== null && total !== null ? { annee, mois, total } : null,
    },
  }),
});
