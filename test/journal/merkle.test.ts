import { hash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createMerkleTree } from '../../src/journal/merkle.ts';

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
    return tree.size() === leaves.length && tree.root() === rootOf(leaves).toString('hex');
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
