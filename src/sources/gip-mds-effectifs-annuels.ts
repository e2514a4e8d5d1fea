import { z } from 'zod';
import { single } from './envelope.ts';
import { noYearBeforeThisOne } from './exclusions.ts';
import { totalOf } from './headcount.ts';
import { defineSource } from './source.ts';
import { code, decimal, identifierOrNull, text } from './wire-values.ts';

/** Another nature than the mean headcount counts other people: it would not be the answer asked for. */
const wire = single(
  z.object({
    siren: identifierOrNull(9),
    annee: code,
    effectifs_annuel: z.array(
      z.object({ regime: text, nature: z.literal('effectif_moyen_annuel'), value: decimal }),
    ),
  }),
);

const donnees = z
  .object({
    annee: z.string().nullable(),
    effectif_total: z.number().nullable().describe('Effectif moyen annuel, régimes général et agricole'),
    regimes: z.array(z.object({ regime: z.string().nullable(), effectif: z.number().nullable() })),
  })
  .meta({ id: 'DonneesGipMdsEffectifsAnnuels' });

/** Mean headcount of the company, one line a regime. That of a year is known at the end of January after it. */
export const gipMdsEffectifsAnnuels = defineSource({ wire, donnees })({
  id: 'gip_mds_effectifs_annuels',
  administration: 'GIP-MDS',
  libelle: 'Effectifs annuels',
  perimetre:
    'Employeurs des régimes général et agricole. Hors régimes spéciaux, fonction publique et entreprises fermées.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [noYearBeforeThisOne],
  paths: ({ siren, today }) => {
    const year = Number(today.slice(0, 4));
    const path = `/v3/gip_mds/unites_legales/${siren}/effectifs_annuels`;
    return [`${path}/${year - 1}`, `${path}/${year - 2}`];
  },
  quota: 'gip_mds',
  scopes: ['effectifs_urssaf'],
  timeoutMs: 11_000,
  freshness: { untilEndOfMonth: true },
  read: ({ data }) => {
    const regimes = data.effectifs_annuel.map(({ regime, value }) => ({ regime, effectif: value ?? null }));
    return {
      statut: 'obtenu',
      donnees: {
        annee: data.annee,
        effectif_total: totalOf(regimes.map(({ effectif }) => effectif)),
        regimes,
      },
      about: data.siren,
    };
  },
  explications: {
    obtenu: 'Le GIP-MDS a donné l’effectif moyen annuel tiré des déclarations sociales.',
    non_trouve:
      'Le GIP-MDS ne connaît pas d’effectif des deux dernières années (entreprise sans salarié, hors de son champ ou fermée) : cela ne veut pas dire qu’il est nul.',
    indisponible:
      'Le GIP-MDS n’a pas donné de réponse exploitable ; il suffit qu’un des deux régimes manque (code 31999). Cela ne dit rien de l’entreprise.',
  },
  unify: ({ annee, effectif_total: total }) => ({
    social: { effectif_annuel: annee !== null && total !== null ? { annee, total } : null },
  }),
});
