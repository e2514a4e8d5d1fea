import { z } from 'zod';
import { aDemanderSchema, constatSchema } from '../dossier/dossier.ts';
import { USAGES } from '../dossier/usage.ts';
import { KINDS } from '../jobs/job.ts';
import { dossierBody } from './dossiers.ts';

const instant = z.iso.datetime();
const STATUTS = ['en_attente', 'en_cours', 'complet', 'partiel', 'inconnu'] as const;

const memberSchema = z
  .object({
    siret: z.string(),
    role: z.string(),
    statut: z
      .enum(STATUTS)
      .describe(
        '`partiel` : des sources n’ont pas répondu avant la fin ; `inconnu` : aucune ne connaît ce SIRET',
      ),
    nouvel_essai_le: instant
      .nullable()
      .describe('Quand les sources qui manquent seront interrogées à nouveau'),
    constats: z.array(constatSchema),
    dossier: dossierBody.nullable().describe('Ce qui est collecté, examiné au jour de la lecture'),
  })
  .meta({ id: 'EntrepriseSuivie' });
export type MemberView = z.infer<typeof memberSchema>;

const toAskSchema = z
  .object({ siret: z.string(), role: z.string(), pieces: z.array(aDemanderSchema) })
  .meta({ id: 'ADemanderParEntreprise' });

export const postedSchema = z
  .object({
    data: z.object({
      id: z.string(),
      nature: z.enum(KINDS),
      entreprises: z.int(),
      deposee_le: instant,
      fin_estimee_le: instant,
    }),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Depot' });

export const followedViewSchema = z
  .object({
    data: z.object({
      id: z.string(),
      nature: z.enum(KINDS),
      statut: z
        .enum(['en_cours', 'terminee', 'interrompue'])
        .describe("`interrompue` : l'habilitation ne permettait plus de continuer"),
      usage: z.enum(USAGES),
      object: z.string(),
      recipient: z.string(),
      deposee_le: instant,
      fin_estimee_le: instant.nullable(),
      terminee_le: instant.nullable(),
      effacee_le: instant.describe('Quand tout ce qui est conservé pour ce suivi est effacé'),
      progression: z.object({
        entreprises: z.int(),
        terminees: z.int(),
        sources_en_attente: z.int().describe('Pour les entreprises déjà interrogées'),
      }),
      entreprises: z.array(memberSchema).describe('Une page, dans leur ordre'),
      a_demander: z
        .array(toAskSchema)
        .describe('Ce qui reste à demander aux entreprises de la page, une fois chaque'),
    }),
    links: z.object({
      self: z.string(),
      suivante: z.string().nullable(),
      a_demander: z
        .string()
        .nullable()
        .describe("Ce qui reste à demander pour toute l'ouverture ; `null` pour les autres suivis"),
    }),
  })
  .meta({ id: 'Suivi' });
export type FollowedView = z.infer<typeof followedViewSchema>;
