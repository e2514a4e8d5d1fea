import { join } from 'node:path';
import type { Test } from 'tap';
import { type Archive, createArchive } from '../../src/documents/archive.ts';
import type { OpenFiles } from '../../src/documents/files.ts';
import { createFolderFiles } from '../../src/documents/folder-files.ts';
import { createSeal, type Seal } from '../../src/keeping/seal.ts';
import { documentsDays } from '../../src/usages/usages.ts';
import { emptyFolder } from './databases.ts';

export const SEAL = createSeal(Buffer.alloc(32, 7));

/** Where documents of a test are kept: a folder of its own, unless it gives one. */
export function archiveOf(
  t: Test,
  now: () => number,
  { folder = join(emptyFolder(t), 'documents'), seals = [SEAL] as [Seal, ...Seal[]] } = {},
): Archive {
  return createArchive({ openFiles: filesUnder(folder), seals, retentionDays: documentsDays, now });
}

export function filesUnder(root: string): OpenFiles {
  return (folder) => createFolderFiles(join(root, folder));
}

/** The smallest whole PDF, with something in it. */
export function pdfSaying(text: string): Buffer {
  const body = `%PDF-1.7\n1 0 obj\n<< /Note (${text}) >>\nendobj\n`;
  const table = 'xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\n';
  return Buffer.from(`${body}${table}startxref\n${Buffer.byteLength(body)}\n%%EOF\n`);
}
