import { writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { createMetrics } from '../src/plugins/metrics.ts';

/** The gateway's OpenAPI document, as its routes declare it. */
export async function openapiDocument(): Promise<string> {
  const app = await createApp({
    collect: async () => new Map(),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

export const OPENAPI_FILE = new URL('openapi.json', import.meta.url);

if (import.meta.main) writeFileSync(OPENAPI_FILE, await openapiDocument());
