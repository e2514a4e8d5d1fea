import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { grantHabilitations } from './habilitations.ts';
import type { Started } from './start-process.ts';

export interface GatewayOptions {
  name?: string;
  sourcesUrl: string;
  env?: Record<string, string>;
}

export const SOURCES_TOKEN = 'bench';

/** What `npm start` runs, as in production: every plugin, one log line a request. */
export async function startGateway({ start, dir }: Bench, options: GatewayOptions): Promise<Started> {
  const { name = 'gateway', sourcesUrl, env = {} } = options;
  const dataDir = join(dir, 'data');
  await grantHabilitations(dataDir);
  return start({
    name,
    args: ['--max-semi-space-size=32', 'src/main.ts'],
    env: {
      PORT: '0',
      SOURCES_URL: sourcesUrl,
      SOURCES_TOKEN,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
      ...env,
    },
    on: 'server',
    urlOf: (output) => (output.includes('curl ') ? (/Passerelle +(\S+)/.exec(output)?.[1] ?? null) : null),
  });
}
