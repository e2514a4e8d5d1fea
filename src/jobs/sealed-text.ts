import { compress, decompress } from '../keeping/compression.ts';
import type { Seal } from '../keeping/seal.ts';

/** Closes what tells of a company, and opens it again, by the name of its place. */
export interface SealedText {
  close(text: string, name: string): Buffer;
  /** Null for nothing, and for what was closed by none of the keys, or in another place. */
  open(bytes: unknown, name: string): string | null;
}

/** @param seals the first closes; what was closed by the others still opens */
export function createSealedText(seals: readonly [Seal, ...Seal[]]): SealedText {
  return {
    close: (text, name) => seals[0].close(compress(Buffer.from(text)), name),
    open(bytes, name) {
      if (bytes === null) return null;
      for (const seal of seals) {
        const plain = seal.open(Buffer.from(bytes as Uint8Array), name);
        const text = plain && decompress(plain);
        if (text) return text.toString();
      }
      return null;
    },
  };
}
