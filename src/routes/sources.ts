import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Circuits } from '../collection/circuits.ts';
import type { QuotaBudget } from '../collection/quota.ts';
import { instantOf } from '../dossier/time.ts';
import { refused } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import { maintenanceInWords } from '../sources/maintenance.ts';
import type { Source } from '../sources/source.ts';
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
    peremption_secondes: z
      .int()
      .describe('Combien de temps une réponse périmée peut encore servir quand la source ne répond pas'),
    maintenance: z.string().nullable().describe('Fenêtre quotidienne annoncée, heure de Paris'),
    quota: z.object({
      groupe: z.string(),
      appels_par_minute: z.int(),
      restant: z.int().describe('Appels encore possibles dans la minute en cours'),
    }),
    circuit: z.object({
      etat: z.enum(['ferme', 'ouvert', 'demi_ouvert', 'maintenance', 'non_autorise']),
      jusqu_a: z.iso.datetime().nullable().describe('Quand la source sera interrogée à nouveau'),
    }),
    droits: z.array(z.string()).describe("Droits d'API Entreprise dont un seul suffit"),
    usages: z.array(z.string()),
  })
  .meta({ id: 'Source' });

const catalogueSchema = z
  .object({ data: z.array(z.object({ data: sourceSchema })) })
  .meta({ id: 'Catalogue' });

/** What changes from one moment to the next. */
export interface SourcesState {
  circuits: Pick<Circuits, 'stateOf'>;
  quota: Pick<QuotaBudget, 'limit' | 'remaining'>;
}

/** `GET /v1/sources`: whom the gateway asks, and on what terms. */
export function sourcesRoute(app: FastifyInstance, state: SourcesState): void {
  app.get('/v1/sources', { config: { access: 'open' }, schema: documentation }, (_request, reply) => {
    const body = { data: catalog.map((source) => ({ data: describe(source, state) })) };
    reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
  });
}

function describe(source: Source, { circuits, quota }: SourcesState): z.infer<typeof sourceSchema> {
  const circuit = circuits.stateOf(source);
  return {
    id: source.id,
    administration: source.administration,
    libelle: source.libelle,
    perimetre: source.perimetre,
    ouverture: source.opening,
    identifiant: source.identifiant,
    delai_maximal_ms: source.timeoutMs,
    fraicheur: freshnessInWords(source),
    peremption_secondes: source.staleSeconds,
    maintenance: maintenanceInWords(source),
    quota: {
      groupe: source.quota,
      appels_par_minute: quota.limit(source.quota),
      restant: quota.remaining(source.quota),
    },
    circuit: {
      etat: circuit.etat,
      jusqu_a: 'untilMs' in circuit ? instantOf(circuit.untilMs) : null,
    },
    droits: source.scopes,
    usages: Object.values(usages)
      .filter(({ permitted }) => permitted.some(({ id }) => id === source.id))
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
  security: [],
  summary: 'Le catalogue des sources',
  description: 'Qui est interrogé, pour qui, avec quelle fraîcheur et dans quelles limites.',
  response: {
    200: { description: 'Le catalogue', content: { 'application/json': { schema: catalogueSchema } } },
    ...refused,
  },
};
