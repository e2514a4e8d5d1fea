import cluster from 'node:cluster';
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, isLoopback, loadConfig } from './config.ts';
import { drainMsOf, openGateway, urlOf } from './gateway.ts';
import { openDemonstration } from './open-demonstration.ts';
import { type OpenedSources, openSources } from './open-sources.ts';
import { FolderError } from './storage/open-database.ts';
import { welcome } from './welcome.ts';
import { openWorkers, workersWanted } from './workers.ts';

/** Once it has drained, a process waits so long for what it has under way; its primary process a little longer. */
const STOP_MS = 15_000;
const PRIMARY_MS = 2_000;
/** What a terminal, and a service manager, send to every process of a service at once. */
const STOP_SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const;
const ALONE =
  'WORKERS est sans effet sans REDIS_URL : plusieurs processus partagent leurs quotas par Redis.\n';

interface Opened {
  url: string;
  close(): Promise<void>;
  /** On SIGHUP, instead of a stop. */
  restart?(): Promise<void>;
}

/** `npm start`: the mocked administrations unless `SOURCES_URL` names others, then the gateway. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  let restart: Opened['restart'];
  // One that comes before there is anything to restart changes nothing.
  const isOneOfSeveral = cluster.isWorker || workersWanted(config) > 1;
  if (isOneOfSeveral) process.on('SIGHUP', () => void restart?.());
  const sources = await openSources(config, process.env);
  const { demonstration, url, close, ...opened } = await openAll(config, sources).catch(async (error) => {
    await sources.close();
    throw error;
  });
  restart = opened.restart;
  const delay = drainMsOf(config) + STOP_MS + (cluster.isWorker ? 0 : PRIMARY_MS);
  const skip = [...(isOneOfSeveral ? (['SIGHUP'] as const) : []), ...(cluster.isWorker ? STOP_SIGNALS : [])];
  const grace = closeWithGrace({ delay, logger: false, skip }, async ({ err }) => {
    if (err) process.stderr.write(`${err.stack}\n`);
    await close();
    await sources.close();
  });
  if (cluster.isWorker) return stopOnce(grace.close);
  const { controlUrl } = sources;
  const { SOURCES_URL: sourcesUrl } = sources.config;
  process.stdout.write(welcome({ url, sourcesUrl, controlUrl, dataDir: config.DATA_DIR, demonstration }));
}

/** It is told to stop with all others, and then by its primary process: the second time is no impatience. */
function stopOnce(stop: () => unknown): void {
  let isStopping = false;
  const begin = () => {
    if (!isStopping) stop();
    isStopping = true;
  };
  for (const signal of STOP_SIGNALS) process.on(signal, begin);
}

/** The demonstration before the gateway, so that what is granted for it is known from the start. */
async function openAll(config: Config, sources: OpenedSources) {
  const demonstration = cluster.isWorker ? null : await demonstrationOf(config, sources);
  const isOpen = demonstration !== null || config.DEMONSTRATION_OPENED !== undefined;
  return { demonstration, ...(await open(config, sources, isOpen)) };
}

/** Where there is something to try: administrations that are mocked, or that may be since they are on this machine. */
function demonstrationOf(config: Config, { config: { SOURCES_URL }, controlUrl }: OpenedSources) {
  if (controlUrl !== null) return openDemonstration(config);
  return isLoopback(new URL(SOURCES_URL).hostname) ? openDemonstration(config, { isAloneOnly: true }) : null;
}

/** One gateway; or several processes of this program, each of which then opens one, behind one port. */
async function open(config: Config, sources: OpenedSources, isDemonstration: boolean): Promise<Opened> {
  const count = workersWanted(config);
  if (config.WORKERS !== 1 && count === 1) process.stderr.write(ALONE);
  if (count === 1) return openGateway({ ...config, ...sources.config }, isDemonstration);
  const { SOURCES_URL, SOURCES_TOKEN } = sources.config;
  const environment = {
    ...process.env,
    WORKERS: '1',
    SOURCES_URL,
    ...(SOURCES_TOKEN && { SOURCES_TOKEN, SOURCES_TOKEN_FILE: '' }),
    ...(isDemonstration && { DEMONSTRATION_OPENED: '1' }),
  };
  const { port, ...workers } = await openWorkers(count, environment);
  return { ...workers, url: urlOf(config.HOST, port) };
}

main().catch((error: Error & { code?: string }) => {
  const isNamed = error instanceof ConfigError || error instanceof FolderError;
  const isExpected = isNamed || error.code === 'EADDRINUSE' || error.code === 'EACCES';
  process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
  process.exitCode = 1;
  // The channel to the primary process would keep this one alive.
  if (cluster.isWorker) process.disconnect?.();
});
