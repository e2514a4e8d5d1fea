import { setTimeout as sleep } from 'node:timers/promises';
import aws4 from 'aws4';
import type { Dispatcher } from 'undici';
import { StoreAway } from './files.ts';

/** A bucket of an S3-compatible store, and the key that opens it. */
export interface Bucket {
  /** Of the store: scheme, machine and port. */
  endpoint: string;
  name: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** Whether the bucket is named in the path, or before the name of the machine. */
  addressing: 'path' | 'host';
}

export interface BucketCall {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Without a key, the bucket itself. */
  key?: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Of the answer. */
  maxBytes?: number;
}

export interface BucketAnswer {
  /** 404 when there is no such object. */
  status: 200 | 204 | 404;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Null when it is longer than was allowed. */
  body: Buffer | null;
}

/**
 * Sends a signed request, again where that may help, all within one time.
 * @throws StoreAway when no answer came, or one that refuses
 */
export type CallBucket = (call: BucketCall) => Promise<BucketAnswer>;

export interface CallBucketOptions {
  bucket: Bucket;
  /** Of `originOf` the bucket. */
  dispatcher: Dispatcher;
  timeoutMs?: number;
  restMs?: number;
}

const TIMEOUT_MS = 4_000;
const TRIES = 3;
const PAUSE_MS = 100;
/** A store that failed so many times in a row is left alone for a while: nobody waits for it. */
const FAILURES_IN_A_ROW = 3;
const REST_MS = 5_000;
/** Of all that waits to be stored. */
const MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024;
const ERROR_MAX_BYTES = 64 * 1024;
const LATER = [429, 500, 502, 503, 504];

export function originOf({ endpoint, name, addressing }: Bucket): string {
  const { protocol, host } = new URL(endpoint);
  return `${protocol}//${addressing === 'host' ? `${name}.` : ''}${host}`;
}

export function createCallBucket(options: CallBucketOptions): CallBucket {
  const { bucket, dispatcher, timeoutMs = TIMEOUT_MS, restMs = REST_MS } = options;
  let failures = 0;
  let restsUntilMs = 0;
  let bytesUnderWay = 0;

  /** An answer, or why another try may give one. */
  async function tryOnce(call: BucketCall, signal: AbortSignal): Promise<BucketAnswer | string> {
    try {
      const answer = await dispatcher.request({ ...signed(bucket, call), signal });
      const body = await bytesIn(answer.body, call.maxBytes ?? ERROR_MAX_BYTES);
      const { statusCode: status, headers } = answer;
      const code = codeIn(body);
      if (LATER.includes(status)) return `${status} ${code}`;
      if (status !== 200 && status !== 204 && (status !== 404 || code === 'NoSuchBucket')) {
        throw new StoreAway(`the S3 store refuses ${call.method}: ${status} ${code}`);
      }
      return { status, headers, body };
    } catch (error) {
      if (error instanceof StoreAway) throw error;
      return signal.aborted ? `nothing within ${timeoutMs} ms` : (error as Error).message;
    }
  }

  async function tryPatiently(call: BucketCall): Promise<BucketAnswer> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (let tries = 1; ; tries++) {
      const answer = await tryOnce(call, signal);
      if (typeof answer !== 'string') {
        failures = 0;
        return answer;
      }
      if (tries === TRIES || signal.aborted) {
        if (++failures >= FAILURES_IN_A_ROW) restsUntilMs = performance.now() + restMs;
        throw new StoreAway(`the S3 store does not answer ${call.method}: ${answer}`);
      }
      await sleep(PAUSE_MS * 2 ** tries * Math.random());
    }
  }

  return async (call) => {
    if (performance.now() < restsUntilMs) throw new StoreAway('the S3 store failed a moment ago');
    const bytes = call.body?.length ?? 0;
    if (bytesUnderWay + bytes > MAX_BYTES_UNDER_WAY) throw new StoreAway('too much waits for the S3 store');
    bytesUnderWay += bytes;
    return tryPatiently(call).finally(() => {
      bytesUnderWay -= bytes;
    });
  };
}

/** What is sent is signed with the digest of its body: bytes that change on their way are refused. */
function signed(bucket: Bucket, { method, key = '', query, headers, body }: BucketCall) {
  const origin = originOf(bucket);
  const root = bucket.addressing === 'path' ? `/${bucket.name}` : '';
  const request = aws4.sign(
    {
      service: 's3',
      region: bucket.region,
      host: new URL(origin).host,
      method,
      path: `${root}/${key}${query ? `?${new URLSearchParams(query)}` : ''}`,
      headers: { ...headers, ...(body && { 'content-type': 'application/octet-stream' }) },
      ...(body && { body }),
    },
    { accessKeyId: bucket.accessKey, secretAccessKey: bucket.secretKey },
  );
  const path = request.path as string;
  return { origin, path, method, headers: request.headers as Record<string, string>, body: body ?? null };
}

/** Null when there are too many. */
async function bytesIn(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Why a store refuses, in its own word; empty when it does not say. */
function codeIn(body: Buffer | null): string {
  return /<Code>(\w{1,64})<\/Code>/.exec(body?.toString('latin1', 0, 1024) ?? '')?.[1] ?? '';
}
