import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, loadConfig } from './config.ts';
import type { ChainArchive } from './journal/chain-store.ts';
import { createChainWriter } from './journal/chain-writer.ts';
import { exported } from './journal/export.ts';
import { openChainArchive, openChainStore } from './journal/open-chains.ts';
import { purge, purgeable } from './journal/purge.ts';
import type { Head } from './journal/seal-line.ts';
import { isHead } from './journal/seal-line.ts';
import { createCheckSignature, createSigner } from './journal/signing.ts';
import { seedsOf } from './journal/signing-key.ts';
import { verify } from './journal/verify.ts';
import { FAULTS, type Finding, NOTES } from './journal/verify-chain.ts';

const USAGE = `npm run journal -- <commande>

  verify   relit tout le journal et nomme ce qui a été modifié, retiré, déplacé ou ajouté
             --temoin chaîne:numéro:empreinte   ligne connue par ailleurs (les journaux techniques en gardent) ; répétable
             --cle clé                          clé publique à croire, au lieu de celle d’ici ; répétable
  export   écrit le journal en NDJSON sur la sortie standard
             --depuis 2026-01, --jusqu-a 2026-12   mois compris
  purge    supprime les mois dont les 36 mois de conservation sont passés
             --simuler                          dit seulement lesquels
  cle      écrit la clé publique qui signe le journal

Code de sortie : 0, tout va bien ; 1, un défaut ou un échec ; 2, commande mal écrite.
`;

/** Told on the standard error: an export is on the standard output. */
const say = (line: string) => void process.stderr.write(`${line}\n`);

class BadUsage extends Error {}

interface Options {
  temoin?: string[];
  cle?: string[];
  depuis?: string;
  'jusqu-a'?: string;
  simuler?: boolean;
}

/** @returns the exit code */
async function run(): Promise<number> {
  const { command, options } = commandIn(process.argv.slice(2));
  const config = loadConfig(process.env);
  if (command === 'cle') {
    process.stdout.write(`${createSigner(seedsOf(config)[0]).key}\n`);
    return 0;
  }
  const archive = openChainArchive(config, ({ message }) => say(message));
  try {
    if (command === 'verify') return await verifyAll(archive, config, options);
    if (command === 'export') return await exportAll(archive, options);
    return await purgeOld(archive, config, options);
  } finally {
    await archive.close();
  }
}

function commandIn(args: string[]) {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        temoin: { type: 'string', multiple: true },
        cle: { type: 'string', multiple: true },
        depuis: { type: 'string' },
        'jusqu-a': { type: 'string' },
        simuler: { type: 'boolean' },
      },
    });
    const [command = '', ...others] = positionals;
    if (others.length > 0 || !['verify', 'export', 'purge', 'cle'].includes(command))
      throw new BadUsage(USAGE);
    return { command, options: values as Options };
  } catch (error) {
    throw error instanceof BadUsage ? error : new BadUsage(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function verifyAll(archive: ChainArchive, config: Config, { temoin = [], cle = [] }: Options) {
  const keys = cle.length > 0 ? cle : seedsOf(config).map((seed) => createSigner(seed).key);
  const run = verify({ archive, check: checkOf(keys), witnesses: temoin.map(headIn) });
  let faults = 0;
  for (;;) {
    const { value, done } = await run.next();
    if (done) {
      const { chains, lines, seals } = value;
      say(
        `${chains} chaînes, ${lines} lignes dont ${seals} contrôles signés : ${faults || 'aucun'} défaut${faults > 1 ? 's' : ''}.`,
      );
      return faults > 0 ? 1 : 0;
    }
    if ('fault' in value) faults++;
    say(inWords(value));
  }
}

function checkOf(keys: readonly string[]) {
  try {
    return createCheckSignature(keys);
  } catch {
    throw new BadUsage('--cle : une clé publique, telle que l’écrit « npm run journal -- cle ».\n');
  }
}

function inWords(finding: Finding): string {
  if ('note' in finding) return `· ${finding.chain} : ${NOTES[finding.note]} (${finding.count})`;
  const { chain, number, at, fault } = finding;
  return `✗ ${chain}, ligne ${number}${at ? `, ${at}` : ''} : ${FAULTS[fault]}`;
}

function headIn(text: string): Head {
  const [chaine = '', n = '', empreinte = ''] = text.split(':');
  const head = { chaine, n: Number(n), empreinte };
  if (!isHead(head)) throw new BadUsage('--temoin chaîne:numéro:empreinte\n');
  return head;
}

async function exportAll(archive: ChainArchive, { depuis = '', 'jusqu-a': to = '9999-12' }: Options) {
  const months = (await archive.months()).filter((month) => month >= depuis && month <= to);
  const lines = async function* () {
    for await (const line of exported(archive, months)) yield `${JSON.stringify(line)}\n`;
  };
  await pipeline(Readable.from(lines(), { highWaterMark: 64 }), process.stdout, { end: false });
  return 0;
}

async function purgeOld(archive: ChainArchive, config: Config, { simuler }: Options) {
  const over = await purgeable(archive, Date.now());
  if (over.months.length === 0) {
    say('Rien à supprimer : aucun mois n’a plus de 36 mois.');
    return 0;
  }
  const words = `${over.months.join(', ')} (${over.chains} chaînes)`;
  if (simuler) {
    say(`Seraient supprimés : ${words}.`);
    return 0;
  }
  const store = openChainStore(config, ({ message }) => say(message));
  const writer = createChainWriter({
    store,
    signer: createSigner(seedsOf(config)[0]),
    sources: [],
    now: Date.now,
    random: () => randomBytes(4).toString('hex'),
  });
  await purge(archive, writer, over, Date.now()).finally(() => store.close());
  say(`Supprimés : ${words}. Le journal le dit.`);
  return 0;
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error & { code?: string }) => {
    if (error.code === 'EPIPE') return;
    const isUsage = error instanceof BadUsage;
    const isExpected = isUsage || error instanceof ConfigError;
    process.stderr.write(isExpected ? error.message : `Échec : ${error.message}\n`);
    process.exitCode = isUsage ? 2 : 1;
  },
);
