import { join } from 'node:path';
import { Pool } from 'undici';
import type { Usage } from '../dossier/usage.ts';
import { createSeal, type Seal } from '../keeping/seal.ts';
import { secretIn } from '../storage/secret-file.ts';
import { type Archive, createArchive } from './archive.ts';
import type { OpenFiles } from './files.ts';
import { createFolderFiles } from './folder-files.ts';
import { type Bucket, createCallBucket, originOf } from './s3-bucket.ts';
import { createS3Files } from './s3-files.ts';

export interface OpenArchiveOptions {
  DATA_DIR: string;
  /** The first in use; without any, one is drawn and kept in the data folder. */
  CACHE_ENCRYPTION_KEY?: readonly Buffer[] | undefined;
  /** With the five after it: a bucket, instead of the data folder. */
  S3_ENDPOINT?: string | undefined;
  S3_BUCKET?: string | undefined;
  S3_REGION?: string | undefined;
  S3_ACCESS_KEY?: string | undefined;
  S3_SECRET_KEY?: string | undefined;
  S3_ADDRESSING?: Bucket['addressing'] | undefined;
  retentionDays: Readonly<Record<Usage, number>>;
  now: () => number;
}

export interface OpenedArchive {
  archive: Archive;
  close(): Promise<void>;
}

const CONNECTIONS = 32;

/**
 * Opens the documents of a data folder, or of a bucket. They are never kept in the clear: the key that was drawn
 * before one was configured still opens what it closed.
 *
 * @throws when the folder cannot be used
 */
export function openArchive(options: OpenArchiveOptions): OpenedArchive {
  const { DATA_DIR, CACHE_ENCRYPTION_KEY = [], retentionDays, now } = options;
  const drawn = secretIn(DATA_DIR, 'documents.key');
  const [first = drawn, ...others] = [...CACHE_ENCRYPTION_KEY, drawn];
  const seals = [first, ...others].map((secret) => createSeal(secret)) as [Seal, ...Seal[]];
  const bucket = bucketIn(options);
  const { openFiles, close } = bucket ? openBucket(bucket) : openFolder(join(DATA_DIR, 'documents'));
  return { archive: createArchive({ openFiles, seals, retentionDays, now }), close };
}

interface OpenedFiles {
  openFiles: OpenFiles;
  close(): Promise<void>;
}

function openFolder(root: string): OpenedFiles {
  return { openFiles: (folder) => createFolderFiles(join(root, folder)), close: async () => {} };
}

function openBucket(bucket: Bucket): OpenedFiles {
  const dispatcher = new Pool(originOf(bucket), {
    connections: CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const call = createCallBucket({ bucket, dispatcher });
  return { openFiles: (folder) => createS3Files(call, folder), close: () => dispatcher.destroy() };
}

/** Null when none is configured. Half of one is refused with the configuration. */
function bucketIn(options: OpenArchiveOptions): Bucket | null {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: name, S3_REGION: region = 'us-east-1' } = options;
  const { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey, S3_ADDRESSING: addressing = 'path' } = options;
  if (!endpoint || !name || !accessKey || !secretKey) return null;
  return { endpoint, name, region, accessKey, secretKey, addressing };
}
