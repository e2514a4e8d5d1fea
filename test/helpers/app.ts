import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Test } from 'tap';
import { createMemoryRateBudget } from '../../src/access/rate-budget.ts';
import { type AppOptions, createApp } from '../../src/app.ts';
import type { Asked } from '../../src/collection/ask-source.ts';
import { createCircuits } from '../../src/collection/circuits.ts';
import type { Collect } from '../../src/collection/collect.ts';
import type { CollectFurther } from '../../src/collection/collect-further.ts';
import { createMemoryQuotaLedger } from '../../src/collection/memory-quota-ledger.ts';
import { createQuota } from '../../src/collection/quota.ts';
import { loadConfig } from '../../src/config.ts';
import { type Fact, isFact, type Outcome } from '../../src/dossier/outcome.ts';
import { alone } from '../../src/fleet/fleet.ts';
import type { Journal } from '../../src/journal/group-commit.ts';
import { entryOf } from '../../src/keeping/entry.ts';
import type { Kept } from '../../src/keeping/kept.ts';
import { createShelves } from '../../src/keeping/shelves.ts';
import { type OpenedAccess, openAccess } from '../../src/open-access.ts';
import { type Jobs, openJobs } from '../../src/open-jobs.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { NOON_MS } from './answer.ts';
import { archiveOf } from './archives.ts';
import { emptyFolder } from './databases.ts';
import { grantTokens, injectWithTokens, knowTokens, type Tokens } from './tokens.ts';

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

/** What asking comes to when a source answers, kept for a minute, or until an instant, when it is a statement. */
export function askedFor(outcome: Outcome, perime = false, untilMs = NOON_MS + 60_000): Asked {
  const life = { freshUntilMs: untilMs, revalidateUntilMs: untilMs, staleUntilMs: untilMs };
  const entry = isFact(outcome) ? entryOf({ outcome, ...life } as Kept) : null;
  return { outcome, perime, from: 'called', freshUntilMs: entry && untilMs, entry };
}

/** Collects from a table of outcomes by source id; sources out of the table do not know the company. */
export function collectOf(outcomes: Record<string, Outcome>): Collect {
  return async ({ sources, onAsked }) => {
    const collected = new Map<string, Asked>();
    for (const { source } of sources) {
      const outcome = outcomes[source.id] ?? fact('non_trouve');
      const answer = askedFor(outcome);
      collected.set(source.id, answer);
      onAsked?.(source, answer);
    }
    return collected;
  };
}

export const noConsultations = {
  list: async () => ({ consultations: [], next: null }),
  find: async () => null,
  close: async () => {},
};

/** Goes on with a collection by asking `collect` for what is not known. */
function furtherOf(collect: Collect): CollectFurther {
  return ({ known }) =>
    async (collecting) => {
      const sources = collecting.sources.filter(({ source }) => !known.has(source.id));
      return new Map([...known, ...(await collect({ ...collecting, sources }))]);
    };
}

/** Jobs of a folder of the test's own, or of another's. */
export function jobsOf(t: Test, now: () => number, DATA_DIR = emptyFolder(t)): Jobs {
  const log = pino({ level: 'silent' });
  const jobs = openJobs({ config: { ...loadConfig({}), SOURCES_URL: '', DATA_DIR }, log, now });
  t.teardown(() => jobs.close());
  return jobs;
}

/** A journal that is always written to. */
export function journalInto(lines: object[]): Journal {
  return {
    record: async (rest) => void lines.push(JSON.parse(`{${rest}`)),
    isOpen: () => true,
    close: async () => {},
  };
}

/** Who may ask an application of the test, as it is stored in a folder of the test's own. */
export async function accessOf(
  t: Test,
  now: () => number,
): Promise<{ access: OpenedAccess; tokens: Tokens }> {
  const place = { DATA_DIR: emptyFolder(t) };
  const tokens = await grantTokens(place, now);
  const config = { ...loadConfig({}), ...place };
  const log = pino({ level: 'silent' });
  const access = await openAccess({
    config,
    demonstration: null,
    rates: createMemoryRateBudget({ now }),
    attempts: createMemoryRateBudget({ now }),
    log,
    now,
  });
  t.teardown(() => access.close());
  return { access, tokens };
}

/**
 * The application around a collection given by the test, at noon unless it says otherwise; closes itself.
 *
 * @param lines what it logs
 * @param parts what is to be other than usual
 */
export async function build(
  t: Test,
  collect: Collect,
  lines: object[] = [],
  parts: Partial<AppOptions> = {},
): Promise<FastifyInstance> {
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const { now = () => NOON_MS } = parts;
  const { access, tokens } = await accessOf(t, now);
  const app = await createApp({
    collect,
    collectFurther: furtherOf(collect),
    jobs: jobsOf(t, now),
    shelves: createShelves({ maxBytes: 10_000_000, store: null, fleet: alone, now }),
    circuits: createCircuits({ now, random: Math.random }),
    quota: createQuota({ ledger: createMemoryQuotaLedger(), now }),
    archive: archiveOf(t, now),
    access,
    sendPrefill: null,
    version: 'test',
    isDraining: () => false,
    journal: journalInto([]),
    consultations: noConsultations,
    metrics: createMetrics(),
    log,
    now,
    ...parts,
  });
  t.teardown(() => app.close());
  injectWithTokens(app, tokens);
  app.addHook('onListen', async () => knowTokens(app.listeningOrigin, tokens));
  return app;
}
