import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readDemonstration } from './access/demonstration.ts';
import { createApp } from './app.ts';
import { createReadClusterMetrics } from './cluster-metrics.ts';
import { type Config, isLoopback } from './config.ts';
import { openInfrastructure } from './infrastructure.ts';
import { createLineBatches } from './line-batches.ts';
import type { OpenedSpans } from './open-spans.ts';
import { createMetrics } from './plugins/metrics.ts';
import { programVersion } from './program-version.ts';

export interface Gateway {
  url: string;
  /** Says that it stops, finishes what is in flight, then closes. */
  close(): Promise<void>;
}

/** Behind a load balancer, the time it takes to see that a process is no longer ready. */
const DRAIN_SECONDS = 5;
/** Then those who still wait for sources have so long, before they are answered with what has come. */
const WAITING_MS = 3_000;

export function drainMsOf({ DRAIN_SECONDS: seconds, HOST }: Pick<Config, 'DRAIN_SECONDS' | 'HOST'>): number {
  return (seconds ?? (isLoopback(HOST) ? 0 : DRAIN_SECONDS)) * 1000;
}

/**
 * Opens a gateway that asks the sources at `SOURCES_URL`, and listens.
 * @param isDemonstration whether demonstration tokens are good, from this machine
 * @throws when the port is taken, with a message that says so
 */
export async function openGateway(
  config: Config & { SOURCES_URL: string },
  isDemonstration: boolean,
): Promise<Gateway> {
  const lines = createLineBatches(pino.destination({ sync: false, contentMode: 'buffer' }));
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: createTimestamp() }, lines);
  const metrics = createMetrics();
  const now = Date.now;
  let isDraining = false;
  const spans = await spansTo(config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const demonstration = isDemonstration ? (readDemonstration(config.DATA_DIR)?.tokens ?? {}) : null;
  const infrastructure = await openInfrastructure({ config, demonstration, metrics, spans, log, now });
  const app = await createApp({
    ...infrastructure,
    version: programVersion(),
    publicUrl: config.PUBLIC_URL,
    isDraining: () => isDraining,
    metrics,
    readMetrics: cluster.isWorker ? createReadClusterMetrics(metrics.registry) : undefined,
    spans,
    log,
    now,
  });
  const close = async () => {
    isDraining = true;
    await sleep(drainMsOf(config));
    const impatience = setTimeout(infrastructure.hurry, WAITING_MS);
    await app.close();
    clearTimeout(impatience);
    await infrastructure.close();
    await spans?.close().catch(() => {});
    lines.close();
  };
  try {
    await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    await app.close();
    await infrastructure.close();
    throw error;
  }
  return { url: urlOf(config.HOST, (app.server.address() as AddressInfo).port), close };
}

export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Many lines are of the same millisecond: its instant is written once. */
function createTimestamp(): () => string {
  let lastMs = 0;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      text = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return text;
  };
}

/** Loaded only where spans are wanted: most gateways export none. */
async function spansTo(endpoint: string | undefined): Promise<OpenedSpans | undefined> {
  if (!endpoint) return undefined;
  const { openSpans } = await import('./open-spans.ts');
  return openSpans(endpoint);
}
