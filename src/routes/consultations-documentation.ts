import { z } from 'zod';
import { isSiren } from '../dossier/siret.ts';
import { positionIn } from '../journal/consultations.ts';
import { problemResponse, refused } from '../problems.ts';

export const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 100;
const CONTESTATION_MAX = 2_000;

export const companyParams = z.object({
  siren: z
    .string()
    .refine(isSiren, { error: 'Le SIREN compte 9 chiffres, sans espace, dont une clé de contrôle.' })
    .describe("SIREN de l'entreprise"),
});
export const accessParams = companyParams.extend({
  id: z
    .string()
    .max(64, { error: "L'identifiant de consultation est trop long." })
    .describe('Consultation contestée'),
});
export const pageQuery = z.object({
  limite: z
    .string()
    .regex(/^\d{1,3}$/, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` })
    .transform(Number)
    .pipe(
      z
        .int()
        .min(1, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` })
        .max(LIMIT_MAX, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` }),
    )
    .optional(),
  apres: z
    .string()
    .max(200)
    .transform(positionIn)
    .refine((position) => position !== null, {
      error: 'Donnez le curseur tel que « links.suivante » le contient.',
    })
    .optional(),
});
export const contestationBody = z.object(
  {
    texte: z
      .string({ error: 'Le texte de la contestation manque.' })
      .trim()
      .min(1, { error: 'Le texte de la contestation est vide.' })
      .max(CONTESTATION_MAX, { error: `Le texte dépasse ${CONTESTATION_MAX} caractères.` }),
  },
  { error: 'Envoyez un objet JSON : { "texte": "…" }.' },
);

const contestationSchema = z
  .object({ le: z.iso.datetime(), texte: z.string() })
  .meta({ id: 'Contestation', description: "Ce que l'entreprise conteste ; l'organisme concerné le voit" });

const companySchema = z.object({
  id: z.string(),
  le: z.iso.datetime(),
  organisme: z.object({ siret: z.string().nullable(), denomination: z.string().nullable() }),
  editeur: z.string().nullable().describe("Éditeur qui agit pour l'organisme"),
  destinataire: z.string().nullable().describe("SIRET de l'organisme qui utilise les données"),
  usage: z.string().nullable(),
  objet: z.string().nullable().describe('Procédure qui a justifié la demande'),
  contexte: z.string().nullable(),
  base_legale: z.string().nullable(),
  pieces: z.array(z.string()).describe('Pièces du dossier ; les valeurs ne sont pas dans le journal'),
  resultat: z.enum(['repondu', 'inconnu', 'refuse']),
  explication: z.string(),
  contestations: z.array(contestationSchema),
});
const bodySchema = companySchema.extend({
  siren: z.string().nullable().describe('Entreprise dont les données ont été demandées'),
  agent: z.string().nullable(),
  habilitation: z.string().nullable(),
  requete: z.string(),
  motif: z.string().nullable(),
});

function pageSchema(one: z.ZodType, id: string) {
  return z
    .object({
      data: z.array(z.object({ data: one })),
      links: z.object({ suivante: z.string().nullable().describe('La page suivante, plus ancienne') }),
    })
    .meta({ id });
}

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}

const tags = ['Consultations'];
const pageDocumentation = z.object({
  limite: z.int().optional().describe(`De 1 à ${LIMIT_MAX} ; ${LIMIT_DEFAULT} par défaut`),
  apres: z.string().optional().describe('Curseur, tel que « links.suivante » le contient'),
});
const unavailable = { 503: problemResponse('Le journal ne peut pas être lu ou écrit pour le moment') };

export const companyDocumentation = {
  operationId: 'listerConsultationsEntreprise',
  tags,
  summary: "Qui a consulté les données d'une entreprise",
  description:
    "Pour l'entreprise elle-même : qui a demandé quoi, quand, pourquoi et sur quelle base légale, la plus récente d'abord. Les 36 derniers mois.",
  params: companyParams,
  querystring: pageDocumentation,
  response: {
    200: json('Une page', pageSchema(companySchema, 'ConsultationsEntreprise')),
    ...refused,
    ...unavailable,
  },
};
export const bodyDocumentation = {
  operationId: 'listerConsultations',
  tags,
  summary: "Les consultations d'un organisme",
  description: "Pour l'organisme habilité : ses propres accès, et ce que les entreprises en contestent.",
  querystring: pageDocumentation,
  response: { 200: json('Une page', pageSchema(bodySchema, 'Consultations')), ...refused, ...unavailable },
};
export const contestDocumentation = {
  operationId: 'contesterConsultation',
  tags,
  summary: 'Contester une consultation',
  description: "L'entreprise dit pourquoi. C'est inscrit au journal, et l'organisme concerné le voit.",
  params: accessParams,
  body: contestationBody,
  response: {
    201: json(
      'La contestation est inscrite',
      z.object({ data: contestationSchema }).meta({ id: 'ContestationInscrite' }),
    ),
    ...refused,
    ...unavailable,
  },
};
