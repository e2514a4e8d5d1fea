import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveClusterMetrics } from './cluster-metrics.ts';
import { type Config, ConfigError } from './config.ts';

export interface Workers {
  /** Where all of them listen. */
  port: number;
  /**
   * Replaces each process by a new one, one after the other: nothing is refused meanwhile. Asked again meanwhile, it does so
   * once more afterwards. When a new one does not start, those that are left stay.
   */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A process that dies at once, again and again, must not take the machine with it. */
const REVIVAL_MS = 1_000;
const UNREPLACED = "Un nouveau processus ne démarre pas : ceux qui restent n'ont pas été remplacés.\n";

/** How many processes to run. Several must share quotas and answers, which they do through Redis. */
export function workersWanted({ WORKERS, REDIS_URL }: Config): number {
  if (!REDIS_URL) return 1;
  return WORKERS === 'auto' ? availableParallelism() : WORKERS;
}

/**
 * Runs this program in several processes behind one port. One that dies is replaced.
 *
 * @throws ConfigError when one of the first does not start; it has said why
 */
export async function openWorkers(count: number, environment: NodeJS.ProcessEnv): Promise<Workers> {
  /** Those that are not told to stop. */
  const current = new Set<Worker>();
  let isClosing = false;

  async function open(): Promise<Address> {
    const worker = cluster.fork(environment);
    current.add(worker);
    // What cannot be told to one that dies is told to nobody: its end is what counts.
    worker.on('error', () => {});
    const exited = new Promise<null>((resolve) => worker.once('exit', () => resolve(null)));
    const listening = new Promise<Address>((resolve) => worker.once('listening', resolve));
    const address = await Promise.race([listening, exited]);
    if (!address) {
      current.delete(worker);
      throw new ConfigError('Un processus de la passerelle ne démarre pas.');
    }
    void exited.then(() => revive(worker));
    return address;
  }

  async function revive(dead: Worker): Promise<void> {
    if (!current.delete(dead) || isClosing) return;
    await sleep(REVIVAL_MS);
    if (!isClosing) await open().catch(() => {});
  }

  async function stop(worker: Worker): Promise<void> {
    current.delete(worker);
    if (worker.isDead()) return;
    worker.process.kill('SIGTERM');
    await once(worker, 'exit');
  }

  let isAsked = false;
  let restarting: Promise<void> = Promise.resolve();

  function restart(): Promise<void> {
    if (isAsked) return restarting;
    isAsked = true;
    restarting = restarting.then(replaceAll).catch(() => void process.stderr.write(UNREPLACED));
    return restarting;
  }

  async function replaceAll(): Promise<void> {
    isAsked = false;
    for (const worker of [...current]) {
      if (isClosing || !current.has(worker)) continue;
      await open();
      await stop(worker);
    }
  }

  async function close(): Promise<void> {
    isClosing = true;
    await Promise.all([...current].map(stop));
  }

  serveClusterMetrics();
  const opened = await Promise.allSettled(Array.from({ length: count }, open));
  const [failed] = opened.filter((one) => one.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [{ value }] = opened as [PromiseFulfilledResult<Address>];
  return { port: value.port, restart, close };
}
