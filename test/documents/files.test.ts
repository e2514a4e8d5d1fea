import { randomBytes } from 'node:crypto';
import t from 'tap';
import { type Files, HEADS } from '../../src/documents/files.ts';
import { onBothDocumentStores } from '../helpers/document-stores.ts';

t.setTimeout(180_000);

const NAME = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
/** Any date of the past: no clock of a store gives it by itself. */
const LONG_AGO_MS = Date.parse('2020-02-20T20:20:20.020Z');
const HOUR_MS = 3_600_000;

async function namesIn(files: Files, heads: readonly string[] = HEADS): Promise<string[]> {
  const names: string[] = [];
  for (const head of heads) for await (const { name } of files.list(head, 0)) names.push(name);
  return names.sort();
}

function isNow(ms: number | null | undefined): boolean {
  return Math.abs(Date.now() - (ms ?? 0)) < HOUR_MS;
}

await onBothDocumentStores(t, async (t, place) => {
  t.test('what was written is read back to the byte, and dated', async (t) => {
    const files = (await place(t)).openFiles('contenus');
    for (const length of [0, 1, 10 * 1024 * 1024]) {
      const bytes = randomBytes(length);
      await files.write(NAME, bytes);
      t.ok(bytes.equals((await files.read(NAME)) ?? randomBytes(9)), `${length} bytes`);
    }
    t.ok(isNow(await files.dateOf(NAME)));
  });

  t.test('what is not there is null, and can be removed', async (t) => {
    const files = (await place(t)).openFiles('contenus');
    t.equal(await files.read(NAME), null);
    t.equal(await files.dateOf(NAME), null);
    await files.remove(NAME);
    t.strictSame(await namesIn(files), []);
  });

  t.test('what was removed is gone', async (t) => {
    const files = (await place(t)).openFiles('contenus');
    await files.write(NAME, Buffer.from('a'));
    await files.write(OTHER, Buffer.from('b'));
    await files.remove(NAME);
    t.equal(await files.read(NAME), null);
    t.equal(await files.dateOf(NAME), null);
    t.strictSame(await namesIn(files), [OTHER]);
  });

  t.test('a touch makes an empty file of its date, and dates it anew', async (t) => {
    const files = (await place(t)).openFiles('usages/socle');
    await files.touch(NAME, LONG_AGO_MS);
    t.equal(await files.dateOf(NAME), LONG_AGO_MS);
    t.strictSame(await files.read(NAME), Buffer.alloc(0));
    await files.touch(NAME, LONG_AGO_MS + 1_234);
    t.equal(await files.dateOf(NAME), LONG_AGO_MS + 1_234);
  });

  t.test('folders know nothing of each other', async (t) => {
    const { openFiles } = await place(t);
    await openFiles('contenus').write(NAME, Buffer.from('a'));
    t.equal(await openFiles('usages/socle').read(NAME), null);
    t.strictSame(await namesIn(openFiles('usages/socle')), []);
  });

  t.test('a list gives every name of its head, once, with the date of its last change', async (t) => {
    const files = (await place(t)).openFiles('contenus');
    // More than one page of a store that lists a thousand at a time.
    const names = Array.from({ length: 1_005 }, (_, i) => `ab${i.toString(16).padStart(62, '0')}`);
    await Promise.all([...names, OTHER].map((name) => files.write(name, Buffer.from('a'))));
    t.strictSame(await namesIn(files, ['a']), names);
    t.strictSame(await namesIn(files, ['c', 'd']), [OTHER]);
    for await (const { changedMs } of files.list('c', 0)) t.ok(isNow(changedMs));
  });
});
