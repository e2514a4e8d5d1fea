import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Test } from 'tap';
import { createApp } from '../../src/app.ts';
import type { Circuits } from '../../src/collection/circuits.ts';
import type { Collect } from '../../src/collection/collect.ts';
import type { Resolve } from '../../src/collection/public-lookup.ts';
import type { QuotaLedger } from '../../src/collection/quota-ledger.ts';
import { loadConfig } from '../../src/config.ts';
import { openInfrastructure } from '../../src/infrastructure.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { accessOf, journalInto, noConsultations } from './app.ts';
import { archiveOf } from './archives.ts';
import { askAgainWhenShed } from './ask-again.ts';
import { emptyFolder } from './databases.ts';
import { injectWithTokens, knowTokens } from './tokens.ts';

/** Sources that are asked whatever they answered before: each answer is then judged by itself. */
const circuits: Circuits = {
  refusal: () => null,
  record() {},
  stateOf: () => ({ etat: 'ferme' }),
};

/** Calls without number, whatever the hub says of them. */
const ledger: QuotaLedger = {
  reserve: ({ windows }) => ({ ...windows, rank: 1 }),
  release() {},
  learn() {},
  known: () => ({ limit: 1_000_000, open: 0, counts: new Map() }),
  onChanged() {},
};

/** Asks about a company all that can be asked about it, whatever the usage would and in no order. */
export function askingEverySource(collect: Collect): Collect {
  const sources = catalog.filter(({ id }) => !id.endsWith('_mere')).map((source) => ({ source, turn: null }));
  return (collecting) => collect({ ...collecting, sources });
}

/** Answers may name real machines: no test asks them anything. */
const nowhere: Resolve = (hostname, _options, callback) => callback(new Error(`${hostname} is real`), []);

/**
 * The whole gateway, in the process of the test, on the sources at `url`; leaves no source alone. Closes itself.
 *
 * @param adapt changes how it collects
 * @param now epoch milliseconds
 */
export async function gatewayOn(
  t: Test,
  url: string,
  token = 'jeton',
  { adapt = (collect: Collect) => collect, now = Date.now } = {},
): Promise<FastifyInstance> {
  const [metrics, log] = [createMetrics(), pino({ level: 'silent' })];
  const { access, tokens } = await accessOf(t, now);
  const config = { ...loadConfig({ DATA_DIR: emptyFolder(t) }), SOURCES_URL: url, SOURCES_TOKEN: token };
  const infrastructure = await openInfrastructure({
    config,
    metrics,
    log,
    now,
    commons: { circuits, ledger },
    archive: archiveOf(t, now),
    resolve: nowhere,
    access,
    journal: journalInto([]),
    consultations: noConsultations,
  });
  const app = await createApp({
    ...infrastructure,
    collect: adapt(infrastructure.collect),
    version: 'test',
    isDraining: () => false,
    metrics,
    log,
    now,
  });
  t.teardown(async () => {
    await app.close();
    await infrastructure.close();
  });
  injectWithTokens(app, tokens);
  askAgainWhenShed(app);
  app.addHook('onListen', async () => knowTokens(app.listeningOrigin, tokens));
  return app;
}

function luhn(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return sum + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
}

function withKey(digits: string): string {
  return digits + [...'0123456789'].find((last) => luhn(digits + last) % 10 === 0);
}

/** The SIRET of a company number, any from 0 to 9,999,999: valid, and never the same twice. */
export function siretNumber(n: number): string {
  return withKey(`${withKey(String(41_000_000 + n))}0001`);
}
