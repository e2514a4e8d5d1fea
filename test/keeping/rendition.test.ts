import { gunzipSync } from 'node:zlib';
import t from 'tap';
import {
  decodeRendition,
  encodeRendition,
  gzipOf,
  type Rendition,
  sizeOf,
} from '../../src/keeping/rendition.ts';

const UNTIL_MS = 1_800_000_000_000;

function renditionOf(text: string): Rendition {
  const members: Rendition['members'] = [
    ['insee_etablissement', UNTIL_MS],
    ['urssaf_attestation_vigilance', UNTIL_MS + 1],
  ];
  return {
    etag: '"abc"',
    identity: Buffer.from(text),
    gzip: null,
    members,
    mere: '000756189',
    freshUntilMs: UNTIL_MS,
  };
}

t.test('what is encoded comes back as it was, compressed already', async (t) => {
  for (const text of ['{"denomination":"Œuvre à Béziers"}', '', 'x'.repeat(300_000)]) {
    const rendition = renditionOf(text);
    const decoded = decodeRendition(encodeRendition(rendition)) as Rendition;
    t.same(decoded, { ...rendition, gzip: gzipOf(rendition) });
    t.same(gunzipSync(gzipOf(decoded)).toString(), text);
  }
});

t.test('a dossier is compressed once, whether it is asked for so or sent to the store', async (t) => {
  const rendition = renditionOf('{}');
  const first = gzipOf(rendition);
  encodeRendition(rendition);
  t.equal(gzipOf(rendition), first);
});

t.test('bytes that are not ours give nothing, without an error', async (t) => {
  const encoded = encodeRendition(renditionOf('{"a":1}'));
  const broken = Buffer.from(encoded);
  broken.fill(0xff, broken.length - 12);
  const lying = Buffer.from(encoded);
  lying.writeUInt32BE(0xffffffff, 0);
  const garbage = [
    Buffer.alloc(0),
    Buffer.from([0, 0, 0]),
    Buffer.alloc(64),
    Buffer.from('{"etag":"abc"}'),
    encoded.subarray(0, encoded.length - 5),
    encoded.subarray(1),
    broken,
    lying,
  ];
  t.same(
    garbage.filter((bytes) => decodeRendition(bytes) !== null),
    [],
  );
});

t.test('its size counts the bytes of the dossier, compressed and not, and its members', async (t) => {
  const [small, large] = [sizeOf(renditionOf('{}')), sizeOf(renditionOf('x'.repeat(100_000)))];
  t.ok(small > 64 * 2);
  t.ok(large - small >= 100_000 * 1.2, 'with room for the compressed body');
});
