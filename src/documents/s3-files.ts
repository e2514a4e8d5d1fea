import { type Files, isFileName, type ListedFile, placeOf, StoreAway } from './files.ts';
import type { BucketAnswer, CallBucket } from './s3-bucket.ts';
import { type ListingPage, readListing } from './s3-listing.ts';

/** Longer than any document that is kept, once sealed. */
const FILE_MAX_BYTES = 16 * 1024 * 1024;
/** A page has a thousand objects at the most. */
const PAGE_MAX_BYTES = 4 * 1024 * 1024;
/** A store dates what it is given by its own clock: a date of ours is beside it. */
const DATE = 'x-amz-meta-date-ms';

/** Files in a folder of a bucket. An object is whole or is not there, and is there once the store has said so. */
export function createS3Files(call: CallBucket, folder: string): Files {
  const keyOf = (name: string) => `${folder}/${placeOf(name)}`;
  return {
    async write(name, bytes) {
      if (bytes.length > FILE_MAX_BYTES) throw new Error('a file that is too long to be read again');
      await call({ method: 'PUT', key: keyOf(name), body: bytes });
    },
    async read(name) {
      const { status, body } = await call({ method: 'GET', key: keyOf(name), maxBytes: FILE_MAX_BYTES });
      return status === 404 ? null : body;
    },
    async touch(name, atMs) {
      const headers = { [DATE]: String(Math.floor(atMs)) };
      await call({ method: 'PUT', key: keyOf(name), headers, body: Buffer.alloc(0) });
    },
    async dateOf(name) {
      const answer = await call({ method: 'HEAD', key: keyOf(name) });
      return answer.status === 404 ? null : dateIn(answer);
    },
    async remove(name) {
      await call({ method: 'DELETE', key: keyOf(name) });
    },
    list: (head) => filesUnder(call, `${folder}/${head}`),
  };
}

async function* filesUnder(call: CallBucket, prefix: string): AsyncIterable<ListedFile> {
  let next: string | null = null;
  do {
    const page: ListingPage = await pageOf(call, prefix, next);
    for (const { key, changedMs } of page.objects) {
      const name = key.slice(key.lastIndexOf('/') + 1);
      if (isFileName(name)) yield { name, changedMs };
    }
    if (page.next === next && next !== null) throw new StoreAway('the S3 store gives the same page again');
    next = page.next;
  } while (next !== null);
}

async function pageOf(call: CallBucket, prefix: string, token: string | null): Promise<ListingPage> {
  const query = { 'list-type': '2', prefix, ...(token !== null && { 'continuation-token': token }) };
  const { body } = await call({ method: 'GET', query, maxBytes: PAGE_MAX_BYTES });
  try {
    return readListing(body?.toString() ?? '');
  } catch (cause) {
    throw new StoreAway('the S3 store gives a listing that is not understood', { cause });
  }
}

/** @throws StoreAway when the store tells no date: it is then not known whether its time is over */
function dateIn({ headers }: BucketAnswer): number {
  const ours = headers[DATE];
  const dateMs = ours === undefined ? Date.parse(String(headers['last-modified'])) : Number(ours);
  if (!Number.isFinite(dateMs)) throw new StoreAway('the S3 store does not say when an object was written');
  return dateMs;
}
