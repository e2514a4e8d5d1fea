import { gunzipSync, gzipSync } from 'node:zlib';

/** A whole dossier as it leaves: serialised once, compressed once it is asked for so. */
export interface Rendition {
  /** Quoted, as `ETag` wants it. */
  etag: string;
  identity: Buffer;
  /** See `gzipOf`. */
  gzip: Buffer | null;
  /** Source id and instant (epoch milliseconds) until which its answer is fresh. */
  members: [id: string, freshUntilMs: number][];
  /** SIREN of the company that heads the tax group, where pieces are about her. */
  mere: string | null;
  /** Epoch milliseconds: the first of these instants, or the midnight at which validities are judged anew. */
  freshUntilMs: number;
}

/** Fast; what more effort would save is less than a network packet. */
const GZIP_LEVEL = 1;
const LENGTH_BYTES = 4;
/** The least that zlib takes. */
const MIN_CHUNK_BYTES = 64;
/** What is longer comes in pieces, so that a length that lies reserves little. */
const MAX_CHUNK_BYTES = 1024 * 1024;
/** What unfolds beyond the largest dossiers is not ours. */
const MAX_IDENTITY_BYTES = 64 * 1024 * 1024;

export function gzipOf(rendition: Rendition): Buffer {
  rendition.gzip ??= gzipSync(rendition.identity, { level: GZIP_LEVEL });
  return rendition.gzip;
}

/** In bytes, with room for the compressed body. */
export function sizeOf({ identity, members }: Rendition): number {
  return Math.ceil(identity.length * 1.3) + members.length * 64;
}

/** One run of bytes: a length, a head in JSON, the compressed body. */
export function encodeRendition(rendition: Rendition): Buffer {
  const { etag, members, mere, freshUntilMs } = rendition;
  const head = Buffer.from(JSON.stringify({ etag, members, mere, freshUntilMs }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, gzipOf(rendition)]);
}

/**
 * Into one piece of memory, as long as the last four bytes say (RFC 1952, 2.3.1) and one byte more: zlib asks for another
 * when the first is full.
 */
function unfolded(gzip: Buffer): Buffer {
  const bytes = gzip.readUInt32LE(gzip.length - LENGTH_BYTES);
  const chunkSize = Math.max(MIN_CHUNK_BYTES, Math.min(bytes + 1, MAX_CHUNK_BYTES));
  return gunzipSync(gzip, { maxOutputLength: MAX_IDENTITY_BYTES, chunkSize });
}

/** Null when the bytes are not ours. */
export function decodeRendition(bytes: Buffer): Rendition | null {
  try {
    const bodyStart = LENGTH_BYTES + bytes.readUInt32BE(0);
    const head = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, bodyStart));
    const gzip = bytes.subarray(bodyStart);
    return { ...head, gzip, identity: unfolded(gzip) };
  } catch {
    return null;
  }
}
