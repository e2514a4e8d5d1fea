import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/**
 * The files of a ZIP archive, in order, by name.
 * @throws when it is not one, is not whole, or a file is not what it was
 */
export async function filesIn(zip: Buffer): Promise<Map<string, Buffer>> {
  const opened = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(zip, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file))),
  );
  const entries = await new Promise<Entry[]>((resolve, reject) => {
    const found: Entry[] = [];
    opened.on('entry', (entry: Entry) => {
      found.push(entry);
      opened.readEntry();
    });
    opened.on('end', () => resolve(found)).on('error', reject);
    opened.readEntry();
  });
  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    const content = await contentOf(opened, entry);
    if (crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} is not what it was`);
    files.set(entry.fileName, content);
  }
  return files;
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) =>
      error ? reject(error) : buffer(stream).then(resolve, reject),
    ),
  );
}
