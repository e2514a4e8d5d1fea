import { hash } from 'node:crypto';

export interface MerkleTree {
  /** @param lineHash 64 hexadecimal digits */
  add(lineHash: string): void;
  size(): number;
  /** Of the leaves so far, and of one more if it is given: 64 hexadecimal digits. */
  root(oneMore?: string): string;
}

/** What a seal signs of the lines before it. */
export interface SealedLines {
  add(lineHash: string): void;
  size(): number;
  /** 64 hexadecimal digits. */
  root(): string;
}

/** The hash of a line answers for all the lines before it: one leaf for so many is enough, and costs a 64th. */
const LINES_A_LEAF = 64;

const DIGEST_BYTES = 32;
/** RFC 6962, 2.1: leaves and nodes are hashed under different prefixes, so that none can pass for the other. */
const LEAF = Buffer.alloc(1 + DIGEST_BYTES, 0);
const NODE = Buffer.alloc(1 + 2 * DIGEST_BYTES, 1);
const EMPTY = hash('sha256', '', 'hex');

/** The Merkle root (RFC 6962) of the hash of every 64th line, and of the last one. */
export function createSealedLines(): SealedLines {
  const tree = createMerkleTree();
  let size = 0;
  let last = '';
  return {
    add(lineHash) {
      last = lineHash;
      if (++size % LINES_A_LEAF === 0) tree.add(lineHash);
    },
    size: () => size,
    root: () => (size % LINES_A_LEAF === 0 ? tree.root() : tree.root(last)),
  };
}

/** Grows leaf by leaf, and holds one hash for each complete subtree: some twenty for a million leaves. */
export function createMerkleTree(): MerkleTree {
  /** Roots of complete subtrees, the widest first. */
  const peaks: { width: number; root: string }[] = [];
  let size = 0;
  return {
    add(lineHash) {
      size++;
      let last = { width: 1, root: leafOf(lineHash) };
      for (let peak = peaks.at(-1); peak?.width === last.width; peak = peaks.at(-1)) {
        peaks.pop();
        last = { width: 2 * last.width, root: nodeOf(peak.root, last.root) };
      }
      peaks.push(last);
    },
    size: () => size,
    root(oneMore) {
      const roots = peaks.map(({ root }) => root);
      if (oneMore !== undefined) roots.push(leafOf(oneMore));
      return roots.length === 0 ? EMPTY : roots.reduceRight((right, left) => nodeOf(left, right));
    },
  };
}

function leafOf(lineHash: string): string {
  LEAF.write(lineHash, 1, 'hex');
  return hash('sha256', LEAF, 'hex');
}

function nodeOf(left: string, right: string): string {
  NODE.write(left, 1, 'hex');
  NODE.write(right, 1 + DIGEST_BYTES, 'hex');
  return hash('sha256', NODE, 'hex');
}
