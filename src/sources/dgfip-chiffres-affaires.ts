import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { collection } from './envelope.ts';
import { defineSource } from './source.ts';
import { text } from './wire-values.ts';

const amount = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .nullish();

const wire = collection(z.object({ chiffre_affaires: amount, date_fin_exercice: text }));

const donnees = z
  .object({
    exercices: z
      .array(z.object({ date_fin_exercice: z.iso.date().nullable(), montant_euros: z.number().nullable() }))
      .describe('Trois exercices au plus, du plus récent au plus ancien ; un exercice n’est pas une année'),
  })
  .meta({ id: 'DonneesDgfipChiffresAffaires' });

/** Turnover of the last three fiscal years that were filed: box FL of form 2052, or its 2033-B equivalent. */
export const dgfipChiffresAffaires = defineSource({ wire, donnees })({
  id: 'dgfip_chiffres_affaires',
  administration: 'DGFiP',
  libelle: 'Chiffres d’affaires',
  perimetre:
    'Entreprises à l’impôt sur les sociétés, au régime réel normal ou simplifié, ayant déposé leurs comptes.',
  opening: 'protege',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/dgfip/etablissements/${siret}/chiffres_affaires`],
  quota: 'json',
  scopes: ['exercices', 'chiffre_affaires_dgfip'],
  timeoutMs: 15_000,
  maintenance: { from: '01:00', to: '02:00' },
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      exercices: data
        .map((item) => ({
          date_fin_exercice: dayIn(item.date_fin_exercice),
          montant_euros: item.chiffre_affaires ?? null,
        }))
        .sort((a, b) => (b.date_fin_exercice ?? '').localeCompare(a.date_fin_exercice ?? ''))
        .slice(0, 3),
    },
  }),
  explications: {
    obtenu: 'La DGFiP a donné les chiffres d’affaires des derniers exercices déclarés.',
    non_trouve:
      'La DGFiP n’a pas de chiffre d’affaires pour cette entreprise (régime micro, impôt sur le revenu, premier exercice en cours ou comptes non déposés) : cela ne veut pas dire qu’il est nul.',
  },
  unify: ({ exercices }) => {
    const known = exercices.flatMap(({ date_fin_exercice, montant_euros }) =>
      montant_euros === null ? [] : [{ date_fin_exercice, montant_euros }],
    );
    return { fiscal: { chiffres_affaires: known.length > 0 ? known : null } };
  },
});
