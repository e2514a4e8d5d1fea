import { z } from 'zod';

/** RFC 9457 problem types: slug → status and French title. Each has its page, `docs/problems/<slug>.md`. */
export const PROBLEMS = {
  'requete-mal-formee': { status: 400, title: 'La requête est mal formée' },
  'siret-inconnu': { status: 404, title: 'Aucune source ne connaît ce SIRET' },
  'route-inconnue': { status: 404, title: "Cette adresse n'existe pas" },
  'format-non-disponible': { status: 406, title: "Le format demandé n'est pas disponible" },
  'requete-trop-lente': { status: 408, title: "La requête n'est pas arrivée à temps" },
  'corps-trop-grand': { status: 413, title: 'Le corps de la requête est trop grand' },
  'adresse-trop-longue': { status: 414, title: "L'adresse demandée est trop longue" },
  'type-de-contenu-refuse': { status: 415, title: "Le type de contenu envoyé n'est pas accepté" },
  'parametres-invalides': { status: 422, title: 'Des paramètres manquent ou sont invalides' },
  'en-tetes-trop-grands': { status: 431, title: 'Les en-têtes de la requête sont trop grands' },
  'erreur-interne': { status: 500, title: "La passerelle n'a pas pu traiter la requête" },
  'passerelle-indisponible': { status: 503, title: 'La passerelle ne peut pas répondre pour le moment' },
} as const;

export type ProblemSlug = keyof typeof PROBLEMS;

export const problemSchema = z
  .object({
    type: z.string().describe('Adresse de la page qui explique ce problème'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("Ce qu'il faut changer"),
    instance: z.string().describe('Identifiant de la requête, à citer au support'),
    errors: z
      .array(
        z.object({
          parameter: z.string().optional().describe('Paramètre en cause'),
          pointer: z.string().optional().describe('Pointeur JSON de la valeur en cause dans le corps'),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Probleme' });
export type ProblemDocument = z.infer<typeof problemSchema>;

export interface ProblemDetails {
  detail: string;
  errors?: NonNullable<ProblemDocument['errors']>;
}

/** A refusal that the caller must understand. Thrown by routes, written by the problem plugin. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly details: ProblemDetails;

  constructor(slug: ProblemSlug, details: ProblemDetails) {
    super(`${slug}: ${details.detail}`);
    this.slug = slug;
    this.details = details;
  }
}

/** @param instance id of the request */
export function problemDocument(
  slug: ProblemSlug,
  details: ProblemDetails,
  instance: string,
): ProblemDocument {
  const { status, title } = PROBLEMS[slug];
  return { type: `/problemes/${slug}`, title, status, ...details, instance };
}

/** How a route declares the problems that it may answer. */
export function problemResponse(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}

/** What any route may answer to a request that cannot be read. */
export const refused = { '4xx': problemResponse('La requête est refusée') };
