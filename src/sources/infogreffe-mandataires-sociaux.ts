import { z } from 'zod';
import { dirigeantSchema } from '../dossier/identite.ts';
import { collection } from './envelope.ts';
import { publicBody } from './exclusions.ts';
import { mandataireOf, mandataireWire } from './infogreffe-reading.ts';
import { actingOf } from './officers.ts';
import { defineSource } from './source.ts';
import { day, text } from './wire-values.ts';

const wire = collection(mandataireWire.extend({ date_naissance: day, lieu_naissance: text }));

const donnees = z
  .object({
    mandataires_sociaux: z.array(
      dirigeantSchema.extend({
        date_naissance: z.iso
          .date()
          .nullable()
          .describe(
            'Sert à vérifier une interdiction de soumissionner, et à rien d’autre : null pour les autres usages',
          ),
        lieu_naissance: z.string().nullable().describe('Même finalité'),
      }),
    ),
  })
  .meta({ id: 'DonneesInfogreffeMandatairesSociaux' });

/**
 * Officers of a company, with what it takes to check that none of them is barred from tendering. Their birth
 * data go no further than this piece, and to no usage that does not check that.
 */
export const infogreffeMandatairesSociaux = defineSource({ wire, donnees })({
  id: 'infogreffe_mandataires_sociaux',
  administration: 'Infogreffe',
  libelle: 'Mandataires sociaux inscrits au registre du commerce et des sociétés',
  perimetre: 'Sociétés inscrites au RCS.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [publicBody],
  paths: ({ siren }) => [`/v3/infogreffe/rcs/unites_legales/${siren}/mandataires_sociaux`],
  quota: 'json',
  scopes: ['entreprises', 'mandataires_sociaux_infogreffe'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      mandataires_sociaux: data.map(({ date_naissance, lieu_naissance, ...mandataire }) => ({
        ...mandataireOf(mandataire),
        date_naissance,
        lieu_naissance,
      })),
    },
  }),
  commonPart: ({ mandataires_sociaux }) => ({
    mandataires_sociaux: mandataires_sociaux.map((one) => ({
      ...one,
      date_naissance: null,
      lieu_naissance: null,
    })),
  }),
  codes: { 502: 'non_trouve' },
  explications: {
    obtenu: 'Le registre du commerce et des sociétés a donné les mandataires sociaux.',
    non_trouve:
      "Le registre ne donne aucun mandataire : l'entreprise n'y est pas inscrite, ou n'a pas de mandataire.",
  },
  unify: ({ mandataires_sociaux }) => ({
    identite: {
      dirigeants: actingOf(mandataires_sociaux.map(({ date_naissance, lieu_naissance, ...one }) => one)),
    },
  }),
});
