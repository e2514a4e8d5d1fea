import { createAccessStore } from '../access/access-store.ts';
import { createSigningKeys } from '../access/signing-keys.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { Broken } from '../storage/database.ts';
import { FolderError, openDatabase } from '../storage/open-database.ts';
import { AwayError, createCommands, HELP } from './commands.ts';
import { UsageError } from './options.ts';

/** Exit codes: what was typed is wrong; the database does not answer. */
const USAGE = 2;
const AWAY = 3;

/** `npm run habilitations -- …` */
async function main([name = 'aide', ...args]: string[]): Promise<string> {
  if (['aide', 'help', '--help', '-h'].includes(name)) return HELP;
  const { DATABASE_URL, DATA_DIR } = loadConfig(process.env);
  const now = Date.now;
  const database = openDatabase({ DATABASE_URL, DATA_DIR, onLost: () => {} });
  try {
    const store = createAccessStore({ database, now });
    const commands = createCommands({ store, keys: createSigningKeys({ folder: DATA_DIR, store }), now });
    const command = commands[name];
    if (!command)
      throw new UsageError(
        `« ${name} » n'existe pas. Commandes : ${Object.keys(commands).join(', ')}, aide.`,
      );
    const prepared = await store.prepare();
    if (prepared instanceof Broken)
      throw new AwayError(`La base de données ne répond pas : ${prepared.message}`);
    return await command(args);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).then(
  (text) => process.stdout.write(`${text}\n`),
  (error: Error) => {
    const isUsage = error instanceof UsageError || error instanceof ConfigError;
    const isExpected = isUsage || error instanceof AwayError || error instanceof FolderError;
    process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
    process.exitCode = isUsage ? USAGE : isExpected ? AWAY : 1;
  },
);
