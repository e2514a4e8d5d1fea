import { z } from 'zod';
import { collection } from './envelope.ts';
import { defineSource } from './source.ts';
import { day, flag, text } from './wire-values.ts';

const IDCC_LENGTH = 4;

const wire = collection(
  z.object({
    numero_idcc: z.union([z.number(), z.string()]),
    titre: text,
    titre_court: text,
    active: flag,
    etat: text,
    url: text,
    date_publication: day,
  }),
);

const donnees = z
  .object({
    conventions: z.array(
      z.object({
        idcc: z.string().describe('Identifiant de la convention, quatre chiffres'),
        titre: z.string().nullable(),
        titre_court: z.string().nullable(),
        active: z.boolean().nullable(),
        etendue: z
          .boolean()
          .nullable()
          .describe('Étendue : obligatoire pour toute la branche ; sinon pour ses seuls signataires'),
        url: z.string().nullable(),
        date_publication: z.iso.date().nullable(),
      }),
    ),
  })
  .meta({ id: 'DonneesConventionsCollectives' });

/** Collective agreements that an employer declares; they tell a buyer whether staff must be taken over. */
export const conventionsCollectives = defineSource({ wire, donnees })({
  id: 'conventions_collectives',
  administration: 'Fabrique numérique des ministères sociaux',
  libelle: 'Conventions collectives',
  perimetre: "Employeurs, d'après leurs déclarations sociales ; la source a plusieurs mois de retard.",
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [
    `/v3/fabrique_numerique_ministeres_sociaux/etablissements/${siret}/conventions_collectives`,
  ],
  quota: 'json',
  scopes: ['conventions_collectives', 'open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 604_800 },
  absentSeconds: 86_400,
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      conventions: data.map(({ numero_idcc, etat, ...convention }) => ({
        idcc: String(numero_idcc).padStart(IDCC_LENGTH, '0'),
        ...convention,
        etendue: extentOf(etat),
      })),
    },
  }),
  explications: {
    obtenu: "L'employeur a déclaré ces conventions collectives ; la source les publie plusieurs mois après.",
    non_trouve:
      "Aucune convention collective n'est connue pour cet établissement : il peut ne pas avoir de salarié, ou être trop récent.",
  },
  unify: ({ conventions }) => ({
    identite: {
      conventions_collectives: conventions
        .filter(({ active }) => active !== false)
        .map(({ idcc, titre, titre_court }) => ({ idcc, titre: titre_court ?? titre })),
    },
  }),
});

function extentOf(etat: string | null): boolean | null {
  if (etat === 'vigueur_etendue') return true;
  return etat === 'vigueur' ? false : null;
}
