import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Test } from 'tap';
import type { OpenFiles } from '../../src/documents/files.ts';
import type { CallBucket } from '../../src/documents/s3-bucket.ts';
import { createS3Files } from '../../src/documents/s3-files.ts';
import { readListing } from '../../src/documents/s3-listing.ts';
import { filesUnder } from './archives.ts';
import { callerOf, startCeph } from './ceph-server.ts';
import { emptyFolder } from './databases.ts';

/** Somewhere to keep documents, empty. */
export interface Place {
  openFiles: OpenFiles;
  /** Each thing that is there, by its path, to the last byte and header. */
  everything(): Promise<Map<string, string>>;
}

/** Runs one suite on both stores of documents; `place` gives an empty one each time. */
export async function onBothDocumentStores(
  t: Test,
  suite: (t: Test, place: (t: Test) => Promise<Place>) => Promise<void>,
): Promise<void> {
  await t.test('a folder', (t) => suite(t, async (t) => folderPlace(join(emptyFolder(t), 'documents'))));
  await t.test('a real Ceph, by S3', async (t) => {
    const ceph = await startCeph(t);
    await suite(t, async (t) => bucketPlace(callerOf(t, await ceph.makeBucket())));
  });
}

function folderPlace(root: string): Place {
  return {
    openFiles: filesUnder(root),
    async everything() {
      const found = globSync('**/*', { cwd: root, withFileTypes: true }).filter((one) => one.isFile());
      const paths = found.map(({ parentPath, name }) => join(parentPath, name));
      return new Map(paths.map((path) => [relative(root, path), readFileSync(path, 'latin1')]));
    },
  };
}

function bucketPlace(call: CallBucket): Place {
  return {
    openFiles: (folder) => createS3Files(call, folder),
    async everything() {
      const { body } = await call({ method: 'GET', query: { 'list-type': '2' }, maxBytes: 1e6 });
      const { objects } = readListing(String(body));
      return new Map(
        await Promise.all(objects.map(async ({ key }) => [key, await textAt(call, key)] as const)),
      );
    },
  };
}

async function textAt(call: CallBucket, key: string): Promise<string> {
  const { headers, body } = await call({ method: 'GET', key, maxBytes: 1e6 });
  return JSON.stringify(headers) + body?.toString('latin1');
}
