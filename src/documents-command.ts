import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from './config.ts';
import { openArchive } from './documents/open-archive.ts';
import { documentsDays } from './usages/usages.ts';

const USAGE = `npm run documents -- purge [--simuler]

  purge    supprime les documents qu’aucun usage ne conserve plus ; la passerelle le fait aussi d’elle-même
             --simuler   dit seulement combien

Code de sortie : 0, tout va bien ; 1, un échec ; 2, commande mal écrite.
`;

class BadUsage extends Error {}

function isDryIn(args: string[]): boolean {
  try {
    const options = { simuler: { type: 'boolean' as const, default: false } };
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
    if (positionals.length !== 1 || positionals[0] !== 'purge') throw new BadUsage(USAGE);
    return values.simuler;
  } catch (error) {
    throw error instanceof BadUsage ? error : new BadUsage(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function run(): Promise<void> {
  const isDry = isDryIn(process.argv.slice(2));
  const options = { ...loadConfig(process.env), retentionDays: documentsDays, now: Date.now };
  const { archive, close } = openArchive(options);
  const { removed, left } = await archive.purge(isDry).finally(close);
  process.stdout.write(`${isDry ? 'À supprimer' : 'Supprimés'} : ${removed}. Conservés : ${left}.\n`);
}

run().catch((error: Error) => {
  const isUsage = error instanceof BadUsage;
  const isExpected = isUsage || error instanceof ConfigError;
  process.stderr.write(isExpected ? `${error.message.trimEnd()}\n` : `Échec : ${error.message}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
