import { spawnSync } from 'node:child_process';
import { globSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openArchive } from '../src/documents/open-archive.ts';
import { documentsDays } from '../src/usages/usages.ts';
import { pdfSaying } from './helpers/archives.ts';
import { emptyFolder } from './helpers/databases.ts';
import { nodeProgram } from './helpers/node-program.ts';

/** A data folder with a document of long ago and one of today; the command that purges it. */
async function archived(t: Test) {
  const DATA_DIR = emptyFolder(t);
  const { archive } = openArchive({ DATA_DIR, retentionDays: documentsDays, now: Date.now });
  const paths = () => globSync(join(DATA_DIR, 'documents/contenus/*/*'));
  await archive.keep('552032534', 'qualibat_certification', pdfSaying('ancien'));
  for (const path of paths()) utimesSync(path, 0, 0);
  await archive.keep('552032534', 'qualibat_certification', pdfSaying('nouveau'));
  const run = (...args: string[]) =>
    spawnSync(...nodeProgram(['src/documents-command.ts', ...args]), {
      env: { ...process.env, DATA_DIR },
      encoding: 'utf8',
    });
  return { run, count: () => paths().length };
}

t.test('purge says what it would remove, then removes it', async (t) => {
  const { run, count } = await archived(t);
  t.match(run('purge', '--simuler'), { status: 0, stdout: 'À supprimer : 1. Conservés : 1.\n' });
  t.equal(count(), 2);
  t.match(run('purge'), { status: 0, stdout: 'Supprimés : 1. Conservés : 1.\n' });
  t.equal(count(), 1);
});

t.test('a command that is badly written is explained, and does nothing', async (t) => {
  const { run, count } = await archived(t);
  for (const args of [['purger'], ['purge', '--tout']]) {
    t.match(run(...args), { status: 2, stderr: /npm run documents -- purge/ }, args.join(' '));
  }
  t.equal(count(), 2);
});
