import { z } from 'zod';
import type { Kind } from '../jobs/job.ts';
import { problemResponse } from '../problems.ts';
import { followedViewSchema, postedSchema } from './followed-schema.ts';
import { leftViewSchema } from './left-view.ts';
import {
  candidatureBody,
  demandeBody,
  MAX_CANDIDATES,
  MAX_MEMBERS,
  ouvertureBody,
} from './posted-question.ts';

export const JSON_TYPE = 'application/json';
export const EVENTS_TYPE = 'text/event-stream';
export const PAGE_DEFAULT = 20;
const PAGE_MAX = MAX_MEMBERS + 1;

export const params = z.object({
  id: z.uuid().describe('Identifiant du suivi, tel que `Location` le donne'),
});
export const pageQuery = z.object({
  apres: countSchema('« apres » est un rang', MAX_CANDIDATES)
    .optional()
    .describe('Rang de la première entreprise de la page, tel que `links.suivante` le donne'),
  limite: countSchema('La limite est un nombre', PAGE_MAX)
    .optional()
    .describe(`Entreprises de la page ; ${PAGE_DEFAULT} par défaut, 0 pour la progression seule`),
});

function countSchema(what: string, max: number) {
  const error = `${what} de 0 à ${max}.`;
  return z
    .string({ error })
    .regex(/^\d{1,4}$/, { abort: true, error })
    .transform(Number)
    .refine((count) => count <= max, { error });
}

const refusals = {
  400: problemResponse('La requête est mal formée, ou un jeton est donné dans l’adresse'),
  401: problemResponse('Un jeton manque, ou n’est pas accepté'),
  403: problemResponse("L'habilitation ne permet pas cet accès"),
  422: problemResponse('Des paramètres manquent ou sont invalides'),
  429: problemResponse('Trop de demandes : voir `Retry-After`'),
  503: problemResponse('La passerelle ne peut pas répondre pour le moment'),
};
const PROMISE =
  ' Réponse immédiate : l’adresse de suivi est dans `Location`. La passerelle interroge les sources, dans la limite de leurs quotas, et à nouveau celles qui ne répondent pas, pendant un jour au plus.';

function posting(operationId: string, summary: string, description: string, body: z.ZodType) {
  return {
    operationId,
    tags: ['Candidatures'],
    summary,
    description: description + PROMISE,
    headers: z.object({
      'idempotency-key': z
        .string()
        .optional()
        .describe('Clé propre à ce dépôt : le renvoyer rend la même réponse, sans le faire deux fois'),
    }),
    body,
    response: {
      202: { description: 'Déposée', content: { [JSON_TYPE]: { schema: postedSchema } } },
      ...refusals,
      409: problemResponse('Un dépôt de même clé est en cours'),
      413: problemResponse('Le corps dépasse 64 Kio'),
      415: problemResponse("Le corps n'est pas du JSON"),
    },
  };
}

export const postDocumentation: Record<Kind, ReturnType<typeof posting>> = {
  candidature: posting(
    'deposerCandidature',
    'Candidater avec un SIRET',
    'Une entreprise, ou un groupement, candidate à un marché : le dossier de chaque membre est collecté.',
    candidatureBody,
  ),
  demande: posting(
    'deposerDemande',
    'Demander une aide avec un SIRET',
    "Une entreprise ou une association demande une aide. L'usage est celui de l'habilitation : `aide_publique` ou `subvention_association`.",
    demandeBody,
  ),
  ouverture: posting(
    'deposerOuverture',
    "Ouverture des plis : jusqu'à 1 000 candidats",
    'Les dossiers de tous les candidats d’une procédure, au rythme que les quotas permettent sans gêner ceux qui attendent ; `fin_estimee_le` dit quand.',
    ouvertureBody,
  ),
};

const NAMES: Record<Kind, { operationId: string; summary: string }> = {
  candidature: { operationId: 'suivreCandidature', summary: 'Suivre une candidature' },
  demande: { operationId: 'suivreDemande', summary: "Suivre une demande d'aide" },
  ouverture: { operationId: 'suivreOuverture', summary: 'Suivre une ouverture des plis' },
};

export function readDocumentation(kind: Kind) {
  return {
    ...NAMES[kind],
    tags: ['Candidatures'],
    description:
      'La progression, puis le résultat : le dossier et les constats de chaque entreprise, et la liste de ce qui reste à demander. `Retry-After` dit quand relire. Avec `Accept: text/event-stream` : un événement `progression` à chaque changement, un événement `entreprise` quand une entreprise est terminée, un événement `suivi` à la fin.',
    params,
    querystring: pageQuery,
    response: {
      200: {
        description: 'Où en est le suivi',
        content: { [JSON_TYPE]: { schema: followedViewSchema }, [EVENTS_TYPE]: { schema: z.string() } },
      },
      ...refusals,
      404: problemResponse("Aucun suivi de cette habilitation n'est à cette adresse"),
      406: problemResponse("Le format demandé n'est pas disponible"),
    },
  };
}

export const leftDocumentation = {
  operationId: 'lireADemanderPourOuverture',
  tags: ['Candidatures'],
  summary: "Ce qui reste à demander pour toute l'ouverture",
  description: `Une entrée par pièce, avec les SIRET des candidats à qui la demander : chacun y est une fois au plus, et deux établissements d'une même entreprise une seule fois. La liste s'allonge tant que \`statut\` est \`en_cours\`, sans que son ordre change. Elle compte ${MAX_CANDIDATES} SIRET par pièce au plus ; le dossier de chaque candidat est dans le suivi.`,
  params,
  response: {
    200: { description: 'Ce qui reste à demander', content: { [JSON_TYPE]: { schema: leftViewSchema } } },
    ...refusals,
    404: problemResponse("Aucune ouverture de cette habilitation n'est à cette adresse"),
  },
};
