import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveClusterMetrics } from './cluster-metrics.ts';
import { type Config, ConfigError } from './config.ts';

export interface Workers {
  /** Where all of them listen. */
  port: number;
  /** Replaces each process by a new one, one after the other: nothing is refused meanwhile. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A process that dies at once, again and again, must not take the machine with it. */
const REVIVAL_MS = 1_000;

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
    const exited = once(worker, 'exit');
    const listening = once(worker, 'listening');
    const address = await Promise.race([listening, exited.then(() => null)]);
    if (!address) throw new ConfigError('Un processus de la passerelle ne démarre pas.');
    void exited.then(() => revive(worker));
    return address[0];
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
  return {
    port: value.port,
    async restart() {
      for (const worker of [...current]) {
        await open();
        await stop(worker);
      }
    },
    close,
  };
}
