import { hash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createMerkleTree, createSealedLines } from '../../src/journal/merkle.ts';

const sum = (...parts: Buffer[]) => hash('sha256', Buffer.concat(parts), 'buffer');

/** As RFC 6962, 2.1, says it: the largest power of two smaller than the number of leaves goes to the left. */
function rootOf(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return sum();
  if (leaves.length === 1) return sum(Buffer.of(0), leaves[0] as Buffer);
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sum(Buffer.of(1), rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left)));
}

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

t.test('the root grown leaf by leaf is the one that RFC 6962 defines', async () => {
  const property = fc.property(fc.array(leaf, { maxLength: 70 }), (leaves) => {
    const tree = createMerkleTree();
    for (const one of leaves) tree.add(one.toString('hex'));
    const root = rootOf(leaves).toString('hex');
    const [last, ...others] = leaves.toReversed();
    if (!last) return tree.root() === root;
    const shorter = createMerkleTree();
    for (const one of others.toReversed()) shorter.add(one.toString('hex'));
    return (
      tree.size() === leaves.length && tree.root() === root && shorter.root(last.toString('hex')) === root
    );
  });
  fc.assert(property);
});

t.test('another leaf, another order or another number of leaves is another root', async () => {
  const property = fc.property(
    fc.uniqueArray(leaf, { minLength: 2, maxLength: 40, selector: String }),
    (leaves) => {
      const rootHex = (of: Buffer[]) => {
        const tree = createMerkleTree();
        for (const one of of) tree.add(one.toString('hex'));
        return tree.root();
      };
      const [first, second, ...rest] = leaves as [Buffer, Buffer, ...Buffer[]];
      const others = [
        leaves.slice(1),
        [second, first, ...rest],
        [...leaves, first],
        [second, ...leaves.slice(1)],
      ];
      return others.every((other) => rootHex(other) !== rootHex(leaves));
    },
  );
  fc.assert(property);
});

t.test(
  'a seal answers for every 64th line and the last one, each of which answers for those before it',
  async (t) => {
    const lines = Array.from({ length: 200 }, (_, i) => hash('sha256', String(i), 'hex'));
    for (const [count, leaves] of [
      [0, []],
      [1, [0]],
      [63, [62]],
      [64, [63]],
      [65, [63, 64]],
      [128, [63, 127]],
      [200, [63, 127, 191, 199]],
    ] as [number, number[]][]) {
      const sealed = createSealedLines();
      for (const line of lines.slice(0, count)) sealed.add(line);
      t.equal(sealed.size(), count);
      const expected = rootOf(leaves.map((i) => Buffer.from(lines[i] as string, 'hex')));
      t.equal(sealed.root(), expected.toString('hex'), `${count} lines`);
    }
  },
);
