import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { openInfrastructure } from '../src/infrastructure.ts';
import { openDemonstration } from '../src/open-demonstration.ts';
import { createMetrics } from '../src/plugins/metrics.ts';
import { createAnswerQuestion } from '../src/sandbox/companies.ts';
import { createSandbox } from '../src/sandbox/server.ts';
import { mintToken } from '../src/sandbox/token.ts';

/** The day of the worked example: what is written depends on nothing else. */
const EXAMPLE_MS = Date.parse('2026-11-23T09:00:00Z');
const now = () => EXAMPLE_MS;
const EXAMPLE =
  '/v1/dossiers/00001140300029?usage=marche_public&object=DEMO-2026-001&recipient=13002526500013';

const log = pino({ level: 'error' });
/** Asks nobody: for what does not depend on any company. */
const NOWHERE = 'http://127.0.0.1:1';

/** The gateway on the sources at an address, closed when it has been used. */
async function withApp<T>(
  sources: { SOURCES_URL: string; SOURCES_TOKEN?: string },
  use: (app: FastifyInstance, token: string) => Promise<T>,
): Promise<T> {
  const metrics = createMetrics();
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'generate-'));
  const config = { ...loadConfig({}), ...sources, DATA_DIR };
  const demonstration = (await openDemonstration(config, { now }))?.tokens ?? {};
  const infrastructure = await openInfrastructure({ config, demonstration, metrics, log, now });
  const app = await createApp({
    ...infrastructure,
    version: 'generate',
    isDraining: () => false,
    metrics,
    log,
    now,
  });
  try {
    return await use(app, demonstration.marche_public ?? '');
  } finally {
    await app.close();
    await infrastructure.close();
    rmSync(DATA_DIR, { recursive: true });
  }
}

/** A dossier collected from the mocked administrations on that day. */
export async function exampleDossier(): Promise<string> {
  const answerQuestion = createAnswerQuestion({ fixturesDir: new URL('../fixtures', import.meta.url) });
  const { api } = createSandbox({ answerQuestion, quotas: false, now });
  const SOURCES_URL = await api.listen({ host: '127.0.0.1', port: 0 });
  const SOURCES_TOKEN = await mintToken({ now });
  try {
    return await withApp({ SOURCES_URL, SOURCES_TOKEN }, async (app, token) => {
      const headers = { authorization: `Bearer ${token}` };
      return pretty((await app.inject({ url: EXAMPLE, headers })).json());
    });
  } finally {
    await api.close();
  }
}

/** The gateway's OpenAPI document, as its routes declare it, with the worked example that is committed. */
export function openapiDocument(): Promise<string> {
  return withApp({ SOURCES_URL: NOWHERE }, async (app) => {
    await app.ready();
    return pretty(app.swagger());
  });
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** In order: the document holds the example. */
export const FILES: readonly { file: URL; render(): Promise<string> }[] = [
  { file: new URL('dossier.example.json', import.meta.url), render: exampleDossier },
  { file: new URL('openapi.json', import.meta.url), render: openapiDocument },
];

if (import.meta.main) {
  for (const { file, render } of FILES) writeFileSync(file, await render());
}
