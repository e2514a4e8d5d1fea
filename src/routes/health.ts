import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem, problemResponse, refused } from '../problems.ts';

const stateSchema = z.object({ statut: z.literal('ok') }).meta({ id: 'Etat' });
const ok = { description: 'En état', content: { 'application/json': { schema: stateSchema } } };

const BLIND = 'La base de données ne répond pas : les habilitations ne peuvent pas être vérifiées.';
const STOPPING = 'La passerelle s’arrête : adressez-vous à une autre.';
export const UNRECORDED =
  'Le journal des accès ne peut pas être écrit : aucune donnée n’est rendue. Réessayez dans quelques instants.';

export interface HealthOptions {
  isDraining(): boolean;
  /** Whether anybody can be let in. */
  isWell(): boolean;
  /** Whether accesses can be recorded. */
  isRecording(): boolean;
}

/**
 * Whether the process lives, and whether new requests should be sent to it: no source and no Redis need be up
 * for that, but who was granted what must be known, accesses must be recorded, and a process that stops says so first.
 */
export function healthRoutes(app: FastifyInstance, { isDraining, isWell, isRecording }: HealthOptions): void {
  const config = { access: 'open', parameters: 'ignored' } as const;
  app.get('/livez', { config, schema: schemaOf('verifierVie', 'Le processus vit') }, async () => ({
    statut: 'ok',
  }));
  app.get('/readyz', { config, schema: readySchema }, async () => {
    if (!isWell()) throw new Problem('passerelle-indisponible', { detail: BLIND });
    if (isDraining()) throw new Problem('passerelle-indisponible', { detail: STOPPING });
    if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
    return { statut: 'ok' };
  });
}

function schemaOf(operationId: string, summary: string) {
  return { operationId, tags: ['Exploitation'], summary, security: [], response: { 200: ok, ...refused } };
}

const ready = schemaOf('verifierDisponibilite', 'La passerelle peut servir');
const readySchema = {
  ...ready,
  response: {
    ...ready.response,
    503: problemResponse(
      'La passerelle s’arrête, ne peut laisser entrer personne, ou ne peut écrire son journal',
    ),
  },
};
