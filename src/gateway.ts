import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type Config, isLoopback } from './config.ts';
import { openInfrastructure } from './infrastructure.ts';
import { createMetrics } from './plugins/metrics.ts';

export interface Gateway {
  url: string;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

/**
 * Opens a gateway that asks the sources at `SOURCES_URL`, and listens.
 * @throws when the port is taken, with a message that says so
 */
export async function openGateway(config: Config & { SOURCES_URL: string }): Promise<Gateway> {
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  if (!isLoopback(config.HOST)) {
    log.warn(
      { host: config.HOST },
      'there is no access control: whoever reaches this address reads dossiers',
    );
  }
  const metrics = createMetrics();
  const now = Date.now;
  const infrastructure = await openInfrastructure({ config, metrics, log, now });
  const app = await createApp({ collect: infrastructure.collect, metrics, log, now });
  const close = async () => {
    await app.close();
    await infrastructure.close();
  };
  try {
    await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    await close();
    throw error;
  }
  return { url: urlOf(config.HOST, app.server.address() as AddressInfo), close };
}

function urlOf(host: string, { port }: AddressInfo): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
