import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import t from 'tap';
import { compress, decompress } from '../../src/keeping/compression.ts';

const REPEATED = Buffer.from('{"denomination":"Œuvre à Béziers"}'.repeat(1_000));

t.test('what is compressed comes back as it was, short, long or incompressible', async (t) => {
  for (const plain of [Buffer.alloc(0), Buffer.from('{}'), randomBytes(100_000), REPEATED]) {
    t.same(decompress(compress(plain)), plain, `${plain.length} bytes`);
  }
});

t.test('a long text takes much less room, a short one hardly more than itself', async (t) => {
  t.ok(compress(REPEATED).length < REPEATED.length / 20);
  t.equal(compress(Buffer.from('{}')).length, 3);
});

t.test('bytes that are not ours give nothing, without an error', async (t) => {
  const compressed = compress(REPEATED);
  const garbage = [
    Buffer.alloc(0),
    Buffer.from('{"n":1}'),
    REPEATED,
    compressed.subarray(0, compressed.length - 1),
    Buffer.concat([Buffer.from([1]), randomBytes(1_000)]),
  ];
  for (const bytes of garbage) t.equal(decompress(bytes), null, bytes.subarray(0, 10).toString('hex'));
});

t.test('what would unfold beyond any answer is not unfolded', async (t) => {
  const bomb = Buffer.concat([Buffer.from([1]), zstdCompressSync(Buffer.alloc(65 * 1024 * 1024))]);
  t.ok(bomb.length < 100_000);
  t.equal(decompress(bomb), null);
});
