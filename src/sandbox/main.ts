import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { z } from 'zod';
import { createAnswerQuestion } from './companies.ts';
import { environment } from './environment.ts';
import { createSandbox } from './server.ts';
import { mintToken } from './token.ts';

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const env = environment.safeParse(process.env);
if (!env.success) stop(`sandbox: invalid environment\n${z.prettifyError(env.error)}`);
const config = env.data;

const { api, control } = createSandbox({
  answerQuestion: createAnswerQuestion({ fixturesDir: join(import.meta.dirname, '../../fixtures') }),
  secret: config.SANDBOX_JWT_SECRET,
  quotas: config.SANDBOX_QUOTAS,
  bans: config.SANDBOX_BANS,
  maintenance: config.SANDBOX_MAINTENANCE,
  faults: config.SANDBOX_FAULTS,
  publicUrl: config.SANDBOX_PUBLIC_URL,
  onBan: (ip) => process.stderr.write(`sandbox: ${ip} made over 1000 calls in a minute, banned for 12 h\n`),
  onBug: (error) => process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : error}\n`),
});

// Started by a gateway that is gone, however it went, there is nobody left to answer.
process.once('disconnect', () => process.exit());

closeWithGrace(async () => {
  await Promise.all([api.close(), control.close()]);
});

try {
  const addresses = {
    sandbox: await api.listen({ host: config.HOST, port: config.SANDBOX_PORT }),
    control: await control.listen({ host: '127.0.0.1', port: config.SANDBOX_CONTROL_PORT }),
  };
  const token = await mintToken({ secret: config.SANDBOX_JWT_SECRET });
  process.stdout.write(`${JSON.stringify({ ...addresses, token })}\n`);
} catch (error) {
  stop(`sandbox: ${error instanceof Error ? error.message : error}`);
}
