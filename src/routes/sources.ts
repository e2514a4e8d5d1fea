import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refused } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import { QUOTAS, type Source } from '../sources/source.ts';
import { usages } from '../usages/usages.ts';

const sourceSchema = z
  .object({
    id: z.string(),
    administration: z.string(),
    libelle: z.string(),
    perimetre: z.string().describe('Quelles entreprises la source connaît'),
    ouverture: z.enum(['ouvert', 'protege']).describe('Données ouvertes, ou réservées à un agent habilité'),
    identifiant: z.enum(['siren', 'siret']),
    delai_maximal_ms: z.int(),
    fraicheur: z.string().describe('Combien de temps une réponse est conservée'),
    quota: z.object({ groupe: z.string(), appels_par_minute: z.int() }),
    droits: z.array(z.string()).describe("Droits d'API Entreprise dont un seul suffit"),
    usages: z.array(z.string()),
  })
  .meta({ id: 'Source' });

const catalogueSchema = z
  .object({ data: z.array(z.object({ data: sourceSchema })) })
  .meta({ id: 'Catalogue' });

/** `GET /v1/sources`: whom the gateway asks, and on what terms. */
export function sourcesRoute(app: FastifyInstance): void {
  const body = JSON.stringify({ data: catalog.map((source) => ({ data: describe(source) })) });
  app.get('/v1/sources', { schema: documentation }, (_request, reply) => {
    reply.type('application/json; charset=utf-8').send(body);
  });
}

function describe(source: Source): z.infer<typeof sourceSchema> {
  return {
    id: source.id,
    administration: source.administration,
    libelle: source.libelle,
    perimetre: source.perimetre,
    ouverture: source.opening,
    identifiant: source.identifiant,
    delai_maximal_ms: source.timeoutMs,
    fraicheur: freshnessInWords(source),
    quota: { groupe: source.quota, appels_par_minute: QUOTAS[source.quota].perMinute },
    droits: source.scopes,
    usages: Object.values(usages)
      .filter(({ sources }) => (sources as readonly string[]).includes(source.id))
      .map(({ id }) => id),
  };
}

function freshnessInWords({ freshness }: Source): string {
  if ('untilHour' in freshness) return `jusqu'à ${freshness.untilHour} h, heure de Paris`;
  if ('untilEndOfMonth' in freshness) return "jusqu'à la fin du mois";
  return `${freshness.forSeconds} secondes`;
}

const documentation = {
  operationId: 'listerSources',
  tags: ['Sources'],
  summary: 'Le catalogue des sources',
  description: 'Qui est interrogé, pour qui, avec quelle fraîcheur et dans quelles limites.',
  response: {
    200: { description: 'Le catalogue', content: { 'application/json': { schema: catalogueSchema } } },
    ...refused,
  },
};
