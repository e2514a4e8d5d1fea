import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { createChainWriter } from '../src/journal/chain-writer.ts';
import { openChainStore } from '../src/journal/open-chains.ts';
import { createSigner } from '../src/journal/signing.ts';
import { seedIn } from '../src/journal/signing-key.ts';
import { emptyFolder } from './helpers/databases.ts';
import { nodeProgram } from './helpers/node-program.ts';
import { accessTexts, SOURCES } from './journal/journals.ts';

const OLD_MS = Date.parse('2020-03-15T10:00:00Z');

/** A data folder whose journal has a month that is long over, and this one; the command that reads it. */
async function journal(t: Test) {
  const DATA_DIR = emptyFolder(t);
  const store = openChainStore({ DATA_DIR }, () => {});
  t.teardown(() => store.close());
  const signer = createSigner(seedIn(DATA_DIR));
  for (const atMs of [OLD_MS, Date.now()]) {
    const random = () => '0000000a';
    const writer = createChainWriter({ store, signer, sources: SOURCES, now: () => atMs, random });
    await writer.open();
    await writer.append(accessTexts(3, { atMs }));
    await writer.close();
  }
  const run = (...args: string[]) => {
    const env = { ...process.env, DATA_DIR };
    const options = { env, encoding: 'utf8' as const };
    const { status, stdout, stderr } = spawnSync(
      ...nodeProgram(['src/journal-command.ts', ...args]),
      options,
    );
    return { status, stdout, stderr };
  };
  const months = () => readdirSync(`${DATA_DIR}/journal`);
  return { run, months, folder: `${DATA_DIR}/journal` };
}

t.test('verify says that all is well, or names what is not and fails', async (t) => {
  const { run, folder } = await journal(t);
  t.match(run('verify'), {
    status: 0,
    stderr: /2 chaînes, 10 lignes dont 4 contrôles signés : aucun défaut/,
  });
  const path = `${folder}/2020-03/${readdirSync(`${folder}/2020-03`)[0]}`;
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('2026-001', '2026-002'));
  t.match(run('verify'), {
    status: 1,
    stderr: /✗ 20200315T\S+, ligne 2, 2020-03-15T\S+ : la ligne a été modifiée/,
  });
  writeFileSync(path, text);
  const unseen = `20200315T100000000Z-0000000a:99:${'0'.repeat(64)}`;
  t.match(run('verify', '--temoin', unseen), { status: 1, stderr: /la fin de la chaîne a été retirée/ });
  const key = run('cle').stdout.trim();
  t.equal(run('verify', '--cle', key).status, 0);
  t.match(run('verify', '--cle', createSigner(Buffer.alloc(32, 9)).key), { status: 1, stderr: /clé connue/ });
});

t.test('export gives each line, with the names of its pieces, for the months that are wanted', async (t) => {
  const { run } = await journal(t);
  const linesOf = ({ stdout }: { stdout: string }) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const all = linesOf(run('export'));
  t.equal(all.length, 10);
  t.match(all[1], {
    nature: 'acces',
    quoi: { conservees: SOURCES, demandees: [] },
    empreinte: /^[0-9a-f]{64}$/,
  });
  t.equal(linesOf(run('export', '--jusqu-a', '2020-12')).length, 5);
});

t.test(
  'purge deletes what is older than 36 months, says so in the journal, and it still verifies',
  async (t) => {
    const { run, months } = await journal(t);
    t.match(run('purge', '--simuler'), { status: 0, stderr: /Seraient supprimés : 2020-03/ });
    t.equal(months().length, 2);
    t.match(run('purge'), { status: 0, stderr: /Supprimés : 2020-03/ });
    t.equal(months().length, 1);
    t.match(run('export').stdout, /"nature":"purge".*"jusqu_a":"2020-03"/);
    t.equal(run('verify').status, 0);
    t.match(run('purge'), { status: 0, stderr: /Rien à supprimer/ });
  },
);

t.test('a command that is written badly says how it is written', async (t) => {
  const { run } = await journal(t);
  for (const args of [
    [],
    ['frob'],
    ['verify', '--frob'],
    ['verify', '--temoin', 'x'],
    ['verify', '--cle', 'x'],
  ]) {
    t.match(run(...args), { status: 2, stderr: /npm run journal|--temoin|--cle/, stdout: '' });
  }
});
