import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Test } from 'tap';
import { createApp } from '../../src/app.ts';
import type { Collect, CollectedAnswer } from '../../src/collection/collect.ts';
import type { Fact, Outcome } from '../../src/dossier/outcome.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { NOON_MS } from './answer.ts';

export const SIRET = '55203253400646';
export const RECIPIENT = '13002526500013';
export const GOOD = `/v1/dossiers/${SIRET}?usage=marche_public&object=2026-001&recipient=${RECIPIENT}`;

export function fact(statut: Fact['statut'], donnees: unknown = null): Fact {
  const obtenu_le = '2026-11-23T10:00:00Z';
  return {
    statut,
    donnees,
    validite: { du: null, au: null },
    erreur: null,
    obtenu_le,
    nouvel_essai_le: null,
  };
}

/** Collects from a table of outcomes by source id; sources out of the table do not know the company. */
export function collectOf(outcomes: Record<string, Outcome>): Collect {
  return async ({ sources, onAsked }) => {
    const collected = new Map<string, CollectedAnswer>();
    for (const source of sources) {
      const outcome = outcomes[source.id] ?? fact('non_trouve');
      const answer: CollectedAnswer = { outcome, from: 'called', freshUntilMs: NOON_MS + 60_000 };
      collected.set(source.id, answer);
      onAsked?.(source, answer);
    }
    return collected;
  };
}

/** The application around a collection given by the test; closes itself. */
export async function build(t: Test, collect: Collect, lines: object[] = []): Promise<FastifyInstance> {
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const app = await createApp({ collect, metrics: createMetrics(), log, now: () => NOON_MS });
  t.teardown(() => app.close());
  return app;
}
