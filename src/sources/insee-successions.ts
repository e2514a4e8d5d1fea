import { z } from 'zod';
import { successionSchema } from '../dossier/identite.ts';
import { single } from './envelope.ts';
import { defineSource } from './source.ts';
import { day, flag, identifierOrNull, list } from './wire-values.ts';

const link = z
  .object({
    siret: identifierOrNull(14),
    date_succession: day,
    transfert_siege: flag,
    continuite_economique: flag,
  })
  .transform(({ date_succession, ...rest }) => ({ ...rest, date: date_succession }));

/** Links that do not say to which establishment are of no use; when no other is left, the list is unknown. */
const links = list(link).transform((all) => {
  const named = all?.flatMap(({ siret, ...rest }) => (siret === null ? [] : [{ siret, ...rest }])) ?? [];
  return named.length > 0 || all?.length === 0 ? named : null;
});

const wire = single(z.object({ predecesseurs: links, successeurs: links }));

const donnees = z
  .object({
    predecesseurs: z.array(successionSchema).nullable(),
    successeurs: z.array(successionSchema).nullable(),
  })
  .meta({ id: 'DonneesInseeSuccessions' });

/** Which establishments came before and after one. Declared by companies, so never known to be complete. */
export const inseeSuccessions = defineSource({ wire, donnees })({
  id: 'insee_successions',
  administration: 'Insee',
  libelle: "Prédécesseurs et successeurs d'un établissement",
  perimetre: 'Établissements du Sirene dont une succession a été déclarée.',
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/insee/sirene/etablissements/${siret}/successions`],
  quota: 'json',
  scopes: ['etablissements', 'open_data'],
  timeoutMs: 7_000,
  // Sirene is renewed between midnight and 3, and the hub keeps an answer for an hour.
  freshness: { untilHour: 4 },
  absentSeconds: 86_400,
  read: ({ data }) => ({ statut: 'obtenu', donnees: data }),
  explications: {
    obtenu: "L'Insee connaît des prédécesseurs ou des successeurs ; la liste peut être incomplète.",
    non_trouve:
      "L'Insee ne connaît ni prédécesseur ni successeur : cela ne veut pas dire que l'établissement est inconnu.",
  },
  unify: (d) => ({ identite: { predecesseurs: d.predecesseurs, successeurs: d.successeurs } }),
});
