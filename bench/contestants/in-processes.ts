import cluster from 'node:cluster';

/** Runs the program once, or in several processes behind one port. */
export function inProcesses(count: number, serve: () => void): void {
  if (cluster.isPrimary && count > 1) {
    for (let i = 0; i < count; i++) cluster.fork();
  } else serve();
}
