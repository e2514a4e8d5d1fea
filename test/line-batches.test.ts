import t from 'tap';
import { createLineBatches } from '../src/line-batches.ts';

const BATCH_BYTES = 64 * 1024;

/** What is written, write by write; `flushSync` is seen as an empty text. */
function sinkOf() {
  const written: string[] = [];
  const sink = {
    write: (bytes: Buffer) => written.push(bytes.toString()),
    flushSync: () => written.push(''),
  };
  return { written, sink };
}

t.test('lines are written together, in their order, whatever their letters', async (t) => {
  const { written, sink } = sinkOf();
  const lines = createLineBatches(sink);
  const given = ['un\n', 'été, œuvre, 15 €, 😀\n', 'trois\n'];
  for (const line of given) lines.write(line);
  t.same(written, []);
  lines.close();
  t.same(written, [given.join(''), ''], 'all at the end, before it returns');
});

t.test('a batch that is full is written, and none is torn', async (t) => {
  const { written, sink } = sinkOf();
  const lines = createLineBatches(sink);
  const line = `${'é'.repeat(999)}\n`;
  for (let i = 0; i < 100; i++) lines.write(line);
  t.ok(written.length > 1, 'before the end');
  lines.close();
  t.equal(written.join(''), line.repeat(100));
  t.ok(
    written.every(
      (batch) => Buffer.byteLength(batch) <= BATCH_BYTES && (batch === '' || batch.endsWith('\n')),
    ),
  );
});

t.test('a line longer than a batch is written whole, in its place', async (t) => {
  const { written, sink } = sinkOf();
  const lines = createLineBatches(sink);
  const long = `${'x'.repeat(2 * BATCH_BYTES)}\n`;
  for (const line of ['avant\n', long, 'après\n']) lines.write(line);
  lines.close();
  t.same(written, ['avant\n', long, 'après\n', '']);
});
