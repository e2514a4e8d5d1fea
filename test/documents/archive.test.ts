import { createHash } from 'node:crypto';
import { globSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createArchive } from '../../src/documents/archive.ts';
import { type Files, HEADS } from '../../src/documents/files.ts';
import { openArchive } from '../../src/documents/open-archive.ts';
import { createSeal } from '../../src/keeping/seal.ts';
import { documentsDays } from '../../src/usages/usages.ts';
import { archiveOf, pdfSaying, SEAL } from '../helpers/archives.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { onBothDocumentStores, type Place } from '../helpers/document-stores.ts';

t.setTimeout(180_000);

const SIREN = '552032534';
const SOURCE = 'urssaf_attestation_vigilance';
const PDF = pdfSaying('entre nous');
const SHA256 = createHash('sha256').update(PDF).digest('hex');
const KEY = { siren: SIREN, source: SOURCE, sha256: SHA256 };
const DAY_MS = 86_400_000;

/** An archive on a clock that the test moves. Files are dated by the machine, so the clock starts there. */
function archiveAt({ openFiles, everything }: Place) {
  let nowMs = Date.now();
  const now = () => nowMs;
  const contents = openFiles('contenus');
  const options = { openFiles, retentionDays: documentsDays, now };
  return {
    options,
    contents,
    everything,
    archive: createArchive({ ...options, seals: [SEAL] }),
    passDays: (days: number) => {
      nowMs += days * DAY_MS;
    },
    names: () => namesIn(contents),
  };
}

async function namesIn(files: Files): Promise<string[]> {
  const names: string[] = [];
  for (const head of HEADS) for await (const { name } of files.list(head, 0)) names.push(name);
  return names;
}

await onBothDocumentStores(t, async (t, place) => {
  const setUp = async (t: Test) => archiveAt(await place(t));

  t.test('what was kept is read back to the byte, under its digest', async (t) => {
    const { archive } = await setUp(t);
    t.strictSame(await archive.keep(SIREN, SOURCE, PDF), { sha256: SHA256, taille: PDF.length });
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
  });

  t.test('a digest opens nothing for another company, or for another source', async (t) => {
    const { archive } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    t.equal(await archive.read({ ...KEY, siren: '418166096' }, 'marche_public'), null);
    t.equal(await archive.read({ ...KEY, source: 'inpi_extrait_rne' }, 'marche_public'), null);
    t.equal(await archive.read({ ...KEY, sha256: '0'.repeat(64) }, 'marche_public'), null);
  });

  t.test(
    'nothing that is stored shows text, company, source or digest, in what it is or by its name',
    async (t) => {
      const { archive, everything } = await setUp(t);
      await archive.keep(SIREN, SOURCE, PDF);
      await archive.hold(KEY, 'marche_public');
      const stored = await everything();
      t.equal(stored.size, 2);
      for (const [path, content] of stored) {
        t.match(path, /^(contenus|usages\/marche_public)\/([0-9a-f]{2})\/\2[0-9a-f]{62}$/);
        for (const clear of ['%PDF', 'entre nous', '%%EOF', SIREN, SOURCE, SHA256])
          t.notOk((path + content).includes(clear), clear);
      }
    },
  );

  t.test('a file that was altered, cut off or put in the place of another is not read', async (t) => {
    const { archive, contents, names } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    const [name = ''] = await names();
    const other = await archive.keep(SIREN, SOURCE, pdfSaying('un autre'));
    const otherName = (await names()).find((one) => one !== name) ?? '';
    const bytes = (await contents.read(name)) ?? Buffer.alloc(0);
    await contents.write(otherName, bytes);
    t.equal(await archive.read({ ...KEY, sha256: other.sha256 }, 'marche_public'), null, 'moved');
    const altered = Buffer.from(bytes);
    altered[40] = (altered[40] ?? 0) ^ 1;
    await contents.write(name, altered);
    t.equal(await archive.read(KEY, 'marche_public'), null, 'altered');
    await contents.write(name, bytes.subarray(0, 20));
    t.equal(await archive.read(KEY, 'marche_public'), null, 'cut off');
    await contents.write(name, bytes);
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
  });

  t.test('each usage holds a document for its own time, counted from its last dossier', async (t) => {
    const { archive, passDays } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    await archive.hold(KEY, 'socle');
    await archive.hold(KEY, 'marche_public');
    passDays(documentsDays.socle + 1);
    t.equal(await archive.read(KEY, 'socle'), null, 'its time is over for this usage');
    t.ok(await archive.has(KEY, 'marche_public'));
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    passDays(documentsDays.marche_public - 40);
    await archive.hold(KEY, 'marche_public');
    passDays(documentsDays.marche_public - 1);
    t.ok(await archive.has(KEY, 'marche_public'), 'its time began anew');
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    t.ok(await archive.has(KEY, 'marche_public'), 'a purge sees it too');
    passDays(2);
    t.notOk(await archive.has(KEY, 'marche_public'));
  });

  t.test('a purge removes what no usage holds any more, and says so before it does', async (t) => {
    const { archive, everything, passDays } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    await archive.hold(KEY, 'aide_publique');
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    passDays(documentsDays.aide_publique + 1);
    t.strictSame(await archive.purge(true), { removed: 1, left: 0 });
    t.equal((await everything()).size, 2, 'nothing was removed yet');
    t.strictSame(await archive.purge(), { removed: 1, left: 0 });
    t.strictSame(await everything(), new Map());
  });

  t.test('what was kept a moment ago is held by nobody yet, and stays', async (t) => {
    const { archive, passDays } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    passDays(2);
    t.equal(await archive.read(KEY, 'marche_public'), null, 'no dossier carried it');
    t.strictSame(await archive.purge(), { removed: 1, left: 0 });
  });

  t.test('what a dossier carries while a purge is looking stays', async (t) => {
    const { archive, options, passDays } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    passDays(2);
    const openFiles = (folder: string): Files => {
      const files = options.openFiles(folder);
      return {
        ...files,
        async *list(head, draftsBeforeMs) {
          for await (const one of files.list(head, draftsBeforeMs)) {
            if (folder === 'contenus') await archive.hold(KEY, 'socle');
            yield one;
          }
        },
      };
    };
    const purging = createArchive({ ...options, openFiles, seals: [SEAL] });
    t.strictSame(await purging.purge(), { removed: 0, left: 1 });
    t.strictSame(await archive.read(KEY, 'socle'), PDF);
  });

  t.test('after the key was changed, what the former closed is read, held and purged', async (t) => {
    const { archive, options, passDays } = await setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    const rotated = createArchive({ ...options, seals: [createSeal(Buffer.alloc(32, 8)), SEAL] });
    await rotated.hold(KEY, 'marche_public');
    passDays(2);
    t.strictSame(await rotated.read(KEY, 'marche_public'), PDF);
    t.strictSame(await rotated.purge(), { removed: 0, left: 1 });
    const alone = createArchive({ ...options, seals: [createSeal(Buffer.alloc(32, 8))] });
    t.equal(await alone.read(KEY, 'marche_public'), null);
  });
});

t.test('files are for this user only', async (t) => {
  const folder = join(emptyFolder(t), 'documents');
  await archiveOf(t, Date.now, { folder }).keep(SIREN, SOURCE, PDF);
  const [path = ''] = globSync(join(folder, 'contenus/*/*'));
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(join(folder, 'contenus')).mode & 0o777, 0o700);
});

t.test(
  'what was being written when its process died is never read, and goes with the next purge',
  async (t) => {
    const folder = join(emptyFolder(t), 'documents');
    const archive = archiveOf(t, Date.now, { folder });
    const paths = () => globSync(join(folder, 'contenus/*/*'));
    await archive.keep(SIREN, SOURCE, PDF);
    const draft = `${paths()[0]}.0123456789ab.brouillon`;
    writeFileSync(draft, 'à moitié');
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    t.equal(paths().length, 2, 'it may be being written');
    utimesSync(draft, Date.now() / 1000 - 7200, Date.now() / 1000 - 7200);
    await archive.purge();
    t.equal(paths().length, 1);
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
  },
);

t.test(
  'without a configured key one is drawn, for this user only, and still opens once one is',
  async (t) => {
    const DATA_DIR = emptyFolder(t);
    const options = { DATA_DIR, retentionDays: documentsDays, now: Date.now };
    await openArchive(options).archive.keep(SIREN, SOURCE, PDF);
    t.equal(statSync(join(DATA_DIR, 'documents.key')).mode & 0o777, 0o600);
    t.strictSame(await openArchive(options).archive.read(KEY, 'marche_public'), PDF);
    const { archive: configured } = openArchive({ ...options, CACHE_ENCRYPTION_KEY: [Buffer.alloc(32, 9)] });
    t.strictSame(await configured.read(KEY, 'marche_public'), PDF);
  },
);
