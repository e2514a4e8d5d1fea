import closeWithGrace from 'close-with-grace';
import { ConfigError, loadConfig } from './config.ts';
import { openGateway } from './gateway.ts';
import { openSources } from './open-sources.ts';
import { welcome } from './welcome.ts';

/** `npm start`: the mocked administrations unless `SOURCES_URL` names others, then the gateway. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const sources = await openSources(config, process.env);
  const gateway = await openGateway({ ...config, ...sources.config }).catch(async (error) => {
    await sources.close();
    throw error;
  });
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) process.stderr.write(`${err.stack}\n`);
    await gateway.close();
    await sources.close();
  });
  process.stdout.write(welcome(gateway.url, sources.config.SOURCES_URL, sources.controlUrl));
}

main().catch((error: Error & { code?: string }) => {
  const isExpected = error instanceof ConfigError || error.code === 'EADDRINUSE' || error.code === 'EACCES';
  process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
