import type { Bench } from './bench.ts';
import { accepts, freePort } from './free-port.ts';
import type { Started } from './start-process.ts';

/** A real Redis of the measure's own, that writes nothing to disk. */
export async function startRedis({ start, dir }: Bench): Promise<Started> {
  const port = await freePort();
  return start({
    name: 'redis',
    command: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'],
    on: 'load',
    urlOf: async () => ((await accepts(port)) ? `redis://127.0.0.1:${port}` : null),
  });
}
