import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Faults, faultPlan, isTarget } from './faults.ts';

/** How many calls reached each endpoint, whatever they were answered. */
export type Calls = Map<string, number>;

interface ControlOptions {
  faults: Faults;
  calls: Calls;
  clearCache: () => void;
  liftBans: () => void;
}

/**
 * The knobs of the sandbox, on a port of their own so that nothing of them shows on the one that plays
 * API Entreprise: faults to stage, calls to count, an answer cache to empty, bans to lift.
 */
export function createControl({ faults, calls, clearCache, liftBans }: ControlOptions): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });

  app.get('/faults', () => Object.fromEntries(faults.plans));
  app.put<{ Params: { id: string } }>('/faults/:id', (request, reply) => {
    if (!isTarget(request.params.id)) return reply.code(404).send({ message: 'no such endpoint' });
    const plan = faultPlan.safeParse(request.body);
    if (!plan.success) return reply.code(422).send({ message: z.prettifyError(plan.error) });
    faults.plans.set(request.params.id, plan.data);
    return plan.data;
  });
  app.delete<{ Params: { id: string } }>('/faults/:id', (request, reply) => {
    faults.plans.delete(request.params.id);
    return reply.code(204).send();
  });
  app.delete('/faults', (_, reply) => emptied(reply, () => faults.plans.clear()));

  app.get('/calls', () => {
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    return { total, endpoints: Object.fromEntries(calls) };
  });
  app.delete('/calls', (_, reply) => emptied(reply, () => calls.clear()));
  app.delete('/cache', (_, reply) => emptied(reply, clearCache));
  app.delete('/bans', (_, reply) => emptied(reply, liftBans));
  return app;
}

function emptied<R extends { code(status: number): { send(): R } }>(reply: R, empty: () => void): R {
  empty();
  return reply.code(204).send();
}
