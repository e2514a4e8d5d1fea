import { z } from 'zod';

/** RFC 9457 problem types: slug → status and French title. Each has its page, `docs/problems/<slug>.md`. */
export const PROBLEMS = {
  'requete-mal-formee': { status: 400, title: 'La requête est mal formée' },
  'jeton-dans-adresse': { status: 400, title: "Un jeton est donné dans l'adresse" },
  'demande-de-jeton-refusee': { status: 400, title: 'La demande de jeton est mal formée' },
  'jeton-manquant': { status: 401, title: 'Un jeton est nécessaire' },
  'jeton-refuse': { status: 401, title: "Le jeton n'est pas accepté" },
  'client-refuse': { status: 401, title: "Le client n'est pas reconnu" },
  'acces-refuse': { status: 403, title: "L'habilitation ne permet pas cet accès" },
  'siret-inconnu': { status: 404, title: 'Aucune source ne connaît ce SIRET' },
  'consultation-inconnue': { status: 404, title: "Cette consultation n'existe pas" },
  'document-inconnu': { status: 404, title: "Ce document n'est pas conservé" },
  'suivi-inconnu': { status: 404, title: "Ce suivi n'existe pas" },
  'route-inconnue': { status: 404, title: "Cette adresse n'existe pas" },
  'format-non-disponible': { status: 406, title: "Le format demandé n'est pas disponible" },
  'requete-trop-lente': { status: 408, title: "La requête n'est pas arrivée à temps" },
  'depot-en-cours': { status: 409, title: 'Un dépôt de même clé est en cours' },
  'corps-trop-grand': { status: 413, title: 'Le corps de la requête est trop grand' },
  'adresse-trop-longue': { status: 414, title: "L'adresse demandée est trop longue" },
  'type-de-contenu-refuse': { status: 415, title: "Le type de contenu envoyé n'est pas accepté" },
  'parametres-invalides': { status: 422, title: 'Des paramètres manquent ou sont invalides' },
  'demande-dume-refusee': { status: 422, title: 'La demande DUME ne peut pas être lue' },
  'cle-deja-employee': { status: 422, title: 'Cette clé a servi pour un autre dépôt' },
  'trop-de-suivis': { status: 429, title: 'Trop de suivis' },
  'trop-de-demandes': { status: 429, title: 'Trop de demandes' },
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

/** What `POST /oauth/token` answers instead: clients of OAuth read these members, in plain JSON (RFC 6749, 5.2). */
const oauthErrorSchema = problemSchema
  .extend({
    error: z.string().describe("Code d'erreur d'OAuth 2"),
    error_description: z.string().describe('« detail », sans accents'),
    error_uri: z.string().describe('Adresse de la page qui explique ce problème'),
  })
  .meta({ id: 'ErreurOAuth' });

export interface ProblemDetails {
  detail: string;
  errors?: NonNullable<ProblemDocument['errors']>;
  /** The word that RFC 6749, 5.2 has for it, on the token endpoint. */
  error?: string;
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

export function oauthErrorResponse(description: string) {
  return { description, content: { 'application/json': { schema: oauthErrorSchema } } };
}

/** What any route may answer to a request that cannot be read. */
export const refused = { '4xx': problemResponse('La requête est refusée') };
