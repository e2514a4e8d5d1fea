import { createHash } from 'node:crypto';
import {
  copyFileSync,
  globSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createArchive } from '../../src/documents/archive.ts';
import { openArchive } from '../../src/documents/open-archive.ts';
import { createSeal } from '../../src/keeping/seal.ts';
import { documentsDays } from '../../src/usages/usages.ts';
import { archiveOf, pdfSaying, SEAL } from '../helpers/archives.ts';
import { emptyFolder } from '../helpers/databases.ts';

const SIREN = '552032534';
const SOURCE = 'urssaf_attestation_vigilance';
const PDF = pdfSaying('entre nous');
const SHA256 = createHash('sha256').update(PDF).digest('hex');
const KEY = { siren: SIREN, source: SOURCE, sha256: SHA256 };
const DAY_MS = 86_400_000;

/** An archive on a clock that the test moves. Files are dated by the machine, so the clock starts there. */
function setUp(t: Test) {
  const folder = join(emptyFolder(t), 'documents');
  let nowMs = Date.now();
  const now = () => nowMs;
  const files = () =>
    globSync('contenus/**/*', { cwd: folder, withFileTypes: true }).filter((one) => one.isFile());
  return {
    folder,
    now,
    archive: archiveOf(t, now, { folder }),
    passDays: (days: number) => {
      nowMs += days * DAY_MS;
    },
    paths: () => files().map(({ parentPath, name }) => join(parentPath, name)),
  };
}

t.test('what was kept is read back to the byte, under its digest', async (t) => {
  const { archive } = setUp(t);
  t.strictSame(await archive.keep(SIREN, SOURCE, PDF), { sha256: SHA256, taille: PDF.length });
  t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
});

t.test('a digest opens nothing for another company, or for another source', async (t) => {
  const { archive } = setUp(t);
  await archive.keep(SIREN, SOURCE, PDF);
  t.equal(await archive.read({ ...KEY, siren: '418166096' }, 'marche_public'), null);
  t.equal(await archive.read({ ...KEY, source: 'inpi_extrait_rne' }, 'marche_public'), null);
  t.equal(await archive.read({ ...KEY, sha256: '0'.repeat(64) }, 'marche_public'), null);
});

t.test(
  'files show neither text, nor company, nor source, nor digest, and are for this user only',
  async (t) => {
    const { archive, folder, paths } = setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    await archive.hold(KEY, 'marche_public');
    const [path = ''] = paths();
    const content = readFileSync(path, 'latin1');
    for (const clear of ['%PDF', 'entre nous', '%%EOF', SIREN, SOURCE])
      t.notOk(content.includes(clear), clear);
    const names = globSync('**/*', { cwd: folder }).join('\n');
    for (const clear of [SIREN, SOURCE, SHA256]) t.notOk(names.includes(clear), clear);
    t.equal(statSync(path).mode & 0o777, 0o600);
    t.equal(statSync(join(folder, 'contenus')).mode & 0o777, 0o700);
  },
);

t.test('a file that was altered, cut off or put in the place of another is not read', async (t) => {
  const { archive, paths } = setUp(t);
  await archive.keep(SIREN, SOURCE, PDF);
  const [path = ''] = paths();
  const other = await archive.keep(SIREN, SOURCE, pdfSaying('un autre'));
  const otherPath = paths().find((one) => one !== path) ?? '';
  copyFileSync(path, otherPath);
  t.equal(await archive.read({ ...KEY, sha256: other.sha256 }, 'marche_public'), null, 'moved');
  const bytes = readFileSync(path);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  t.equal(await archive.read(KEY, 'marche_public'), null, 'altered');
  truncateSync(path, 20);
  t.equal(await archive.read(KEY, 'marche_public'), null, 'cut off');
});

t.test(
  'what was being written when its process died is never read, and goes with the next purge',
  async (t) => {
    const { archive, now, paths } = setUp(t);
    await archive.keep(SIREN, SOURCE, PDF);
    const draft = `${paths()[0]}.0123456789ab.brouillon`;
    writeFileSync(draft, 'à moitié');
    t.strictSame(await archive.purge(), { removed: 0, left: 1 });
    t.equal(paths().length, 2, 'it may be being written');
    utimesSync(draft, now() / 1000 - 7200, now() / 1000 - 7200);
    await archive.purge();
    t.equal(paths().length, 1);
    t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
  },
);

t.test('each usage holds a document for its own time, counted from its last dossier', async (t) => {
  const { archive, passDays } = setUp(t);
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
  passDays(2);
  t.notOk(await archive.has(KEY, 'marche_public'));
});

t.test('a purge removes what no usage holds any more, and says so before it does', async (t) => {
  const { archive, folder, passDays, paths } = setUp(t);
  await archive.keep(SIREN, SOURCE, PDF);
  await archive.hold(KEY, 'aide_publique');
  t.strictSame(await archive.purge(), { removed: 0, left: 1 });
  passDays(documentsDays.aide_publique + 1);
  t.strictSame(await archive.purge(true), { removed: 1, left: 0 });
  t.equal(paths().length, 1, 'nothing was removed yet');
  t.strictSame(await archive.purge(), { removed: 1, left: 0 });
  t.strictSame(
    globSync('**/*', { cwd: folder, withFileTypes: true }).filter((one) => one.isFile()),
    [],
  );
});

t.test('what was kept a moment ago is held by nobody yet, and stays', async (t) => {
  const { archive, passDays } = setUp(t);
  await archive.keep(SIREN, SOURCE, PDF);
  t.strictSame(await archive.read(KEY, 'marche_public'), PDF);
  t.strictSame(await archive.purge(), { removed: 0, left: 1 });
  passDays(2);
  t.equal(await archive.read(KEY, 'marche_public'), null, 'no dossier carried it');
  t.strictSame(await archive.purge(), { removed: 1, left: 0 });
});

t.test('after the key was changed, what the former closed is read, held and purged', async (t) => {
  const { archive, folder, now, passDays } = setUp(t);
  await archive.keep(SIREN, SOURCE, PDF);
  const options = { folder, retentionDays: documentsDays, now };
  const rotated = createArchive({ ...options, seals: [createSeal(Buffer.alloc(32, 8)), SEAL] });
  await rotated.hold(KEY, 'marche_public');
  passDays(2);
  t.strictSame(await rotated.read(KEY, 'marche_public'), PDF);
  t.strictSame(await rotated.purge(), { removed: 0, left: 1 });
  const alone = createArchive({ ...options, seals: [createSeal(Buffer.alloc(32, 8))] });
  t.equal(await alone.read(KEY, 'marche_public'), null);
});

t.test(
  'without a configured key one is drawn, for this user only, and still opens once one is',
  async (t) => {
    const DATA_DIR = emptyFolder(t);
    const options = { DATA_DIR, retentionDays: documentsDays, now: Date.now };
    await openArchive(options).keep(SIREN, SOURCE, PDF);
    t.equal(statSync(join(DATA_DIR, 'documents.key')).mode & 0o777, 0o600);
    t.strictSame(await openArchive(options).read(KEY, 'marche_public'), PDF);
    const configured = openArchive({ ...options, CACHE_ENCRYPTION_KEY: [Buffer.alloc(32, 9)] });
    t.strictSame(await configured.read(KEY, 'marche_public'), PDF);
  },
);
