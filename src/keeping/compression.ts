import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Below this, compressing costs more than it saves. */
const WORTHWHILE_BYTES = 512;
/** What unfolds beyond the largest answer of a source is not ours. */
const MAX_UNFOLDED_BYTES = 64 * 1024 * 1024;
const AS_IS = Buffer.from([0]);
const ZSTD = Buffer.from([1]);

/** Bytes preceded by one that tells how they were compressed. */
export function compress(plain: Buffer): Buffer {
  if (plain.length < WORTHWHILE_BYTES) return Buffer.concat([AS_IS, plain]);
  return Buffer.concat([ZSTD, zstdCompressSync(plain)]);
}

/** Null when the bytes are not ours. */
export function decompress(bytes: Buffer): Buffer | null {
  const body = bytes.subarray(1);
  if (bytes[0] === 0) return body;
  try {
    return zstdDecompressSync(body, { maxOutputLength: MAX_UNFOLDED_BYTES });
  } catch {
    return null;
  }
}
