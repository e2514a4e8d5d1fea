import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refused } from '../problems.ts';

const stateSchema = z.object({ statut: z.literal('ok') }).meta({ id: 'Etat' });
const response = {
  200: { description: 'En état', content: { 'application/json': { schema: stateSchema } } },
  ...refused,
};

/** Whether the process lives, and whether it can serve: no source and no cache need be up for that. */
export function healthRoutes(app: FastifyInstance): void {
  for (const [path, operationId, summary] of [
    ['/livez', 'verifierVie', 'Le processus vit'],
    ['/readyz', 'verifierDisponibilite', 'La passerelle peut servir'],
  ] as const) {
    app.get(path, { schema: { operationId, tags: ['Exploitation'], summary, response } }, async () => ({
      statut: 'ok',
    }));
  }
}
