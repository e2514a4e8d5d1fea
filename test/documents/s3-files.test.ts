import t from 'tap';
import type { Files } from '../../src/documents/files.ts';
import type { BucketAnswer, BucketCall } from '../../src/documents/s3-bucket.ts';
import { createS3Files } from '../../src/documents/s3-files.ts';
import { away } from '../helpers/away.ts';

const NAME = 'ab'.repeat(32);
const DATED = '<LastModified>2026-01-02T03:04:05.000Z</LastModified>';

/** Files on a bucket that answers what it is told to. */
function filesOn(answerOf: (call: BucketCall) => Partial<BucketAnswer>): Files {
  return createS3Files(
    async (call) => ({ status: 200, headers: {}, body: Buffer.alloc(0), ...answerOf(call) }),
    'contenus',
  );
}

function pageOf(names: string[], next?: string): Partial<BucketAnswer> {
  const contents = names
    .map((name) => `<Contents><Key>contenus/ab/${name}</Key>${DATED}</Contents>`)
    .join('');
  const more =
    next === undefined
      ? '<IsTruncated>false</IsTruncated>'
      : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
  return {
    body: Buffer.from(`<?xml version="1.0"?><ListBucketResult>${more}${contents}</ListBucketResult>`),
  };
}

async function listed(files: Files): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of files.list('a', 0)) names.push(name);
  return names;
}

t.test('pages are asked for one after the other, by the mark that the store gave', async (t) => {
  const names = ['1', '2', '3'].map((digit) => `a${digit.repeat(63)}`);
  const asked: unknown[] = [];
  const files = filesOn(({ query }) => {
    const token = query?.['continuation-token'];
    asked.push(token);
    if (token === undefined) return pageOf(names.slice(0, 1), 'un&amp;+/=');
    return token === 'un&+/=' ? pageOf([], 'deux') : pageOf(names.slice(1));
  });
  t.strictSame(await listed(files), names);
  t.strictSame(asked, [undefined, 'un&+/=', 'deux']);
});

t.test('objects that are not ours are passed over', async (t) => {
  t.strictSame(await listed(filesOn(() => pageOf(['LISEZ-MOI.txt', NAME, `${NAME}.brouillon`]))), [NAME]);
});

t.test('a listing that cannot be trusted to be whole is no listing', async (t) => {
  const bodies = {
    empty: '',
    page: '<!doctype html><html></html>',
    'cut off': String(pageOf([NAME]).body).slice(0, -40),
    'without an end': '<ListBucketResult></ListBucketResult>',
    'without a mark': '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
    undated: `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>${NAME}</Key></Contents></ListBucketResult>`,
    'badly dated': String(pageOf([NAME]).body).replace('2026-01-02T03:04:05.000Z', 'hier'),
  };
  for (const [what, body] of Object.entries(bodies))
    await away(t, listed(filesOn(() => ({ body: Buffer.from(body) }))), /S3 store/, what);
  await away(t, listed(filesOn(() => ({ body: null }))), /S3 store/, 'too long');
});

t.test('a store that gives the same page again and again does not hold a purge for ever', async (t) => {
  let calls = 0;
  const files = filesOn(() => {
    calls++;
    return pageOf([], 'encore');
  });
  await away(t, listed(files), /S3 store/);
  t.equal(calls, 2);
});

t.test('an object of which no date is told is neither new nor old', async (t) => {
  await away(t, filesOn(() => ({})).dateOf(NAME), /S3 store/);
  await away(t, filesOn(() => ({ headers: { 'x-amz-meta-date-ms': 'hier' } })).dateOf(NAME), /S3 store/);
  const headers = { 'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT' };
  t.equal(await filesOn(() => ({ headers })).dateOf(NAME), Date.parse('2026-01-02T03:04:05Z'));
});

t.test('an object that is longer than what is kept is not what was kept', async (t) => {
  t.equal(await filesOn(() => ({ body: null })).read(NAME), null);
  const files = filesOn(() => t.fail('it was sent') as never);
  await t.rejects(files.write(NAME, Buffer.alloc(16 * 1024 * 1024 + 1)), /too long/);
});
