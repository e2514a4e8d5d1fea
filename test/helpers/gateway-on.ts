import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Test } from 'tap';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openInfrastructure } from '../../src/infrastructure.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';

/** The whole gateway, in the process of the test, on the sources at `url`; closes itself. */
export async function gatewayOn(t: Test, url: string, token = 'jeton'): Promise<FastifyInstance> {
  const [metrics, log, now] = [createMetrics(), pino({ level: 'silent' }), Date.now];
  const config = { ...loadConfig({}), SOURCES_URL: url, SOURCES_TOKEN: token };
  const infrastructure = await openInfrastructure({ config, metrics, log, now });
  const app = await createApp({ collect: infrastructure.collect, metrics, log, now });
  t.teardown(async () => {
    await app.close();
    await infrastructure.close();
  });
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
