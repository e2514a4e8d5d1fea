import { randomBytes } from 'node:crypto';
import t from 'tap';
import { createSeal, openSeal } from '../../src/keeping/seal.ts';

const SECRET = randomBytes(32);
const seal = createSeal(SECRET);
const PLAIN = Buffer.from('{"denomination":"Œuvre à Béziers"}');

t.test('what is closed under a name opens under that name, also after a restart', async (t) => {
  const sealed = seal.close(PLAIN, 'name');
  t.same(createSeal(SECRET).open(sealed, 'name'), PLAIN);
  t.same(seal.open(seal.close(Buffer.alloc(0), 'name'), 'name'), Buffer.alloc(0));
});

t.test('it opens under no other name and with no other key', async (t) => {
  const sealed = seal.close(PLAIN, 'name');
  t.equal(seal.open(sealed, 'other'), null);
  t.equal(createSeal(randomBytes(32)).open(sealed, 'name'), null);
});

t.test(
  'after a change of key, what the former one closed still opens, and nothing new is closed by it',
  async (t) => {
    const next = randomBytes(32);
    const rotated = createSeal(next, [SECRET]);
    t.same(rotated.open(seal.close(PLAIN, 'name'), 'name'), PLAIN);
    t.equal(createSeal(next).open(seal.close(PLAIN, 'name'), 'name'), null, 'only to who knows it');
    t.equal(seal.open(rotated.close(PLAIN, 'name'), 'name'), null);
    t.same(createSeal(next).open(rotated.close(PLAIN, 'name'), 'name'), PLAIN);
    t.equal(rotated.nameOf('key'), createSeal(next).nameOf('key'));
  },
);

t.test('one altered bit anywhere, or one byte missing, and nothing opens', async (t) => {
  const sealed = seal.close(PLAIN, 'name');
  const altered = [...sealed.keys()].map((at) => {
    const copy = Buffer.from(sealed);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  });
  const truncated = [...sealed.keys()].map((length) => sealed.subarray(0, length));
  const foreign = [PLAIN, Buffer.concat([sealed, Buffer.alloc(1)])];
  const opened = [...altered, ...truncated, ...foreign].filter((bytes) => seal.open(bytes, 'name') !== null);
  t.same(opened, []);
});

t.test('the same text closed twice does not look the same, and shows nothing of itself', async (t) => {
  const [first, second] = [seal.close(PLAIN, 'name'), seal.close(PLAIN, 'name')];
  t.notOk(first.equals(second));
  t.notMatch(first.toString('latin1'), /denomination|ziers/);
});

t.test('a name is always the same for a key, and another with another secret', async (t) => {
  const key = 'msa /v3/msa/etablissements/55203253400646';
  t.equal(seal.nameOf(key), createSeal(SECRET).nameOf(key));
  const names = [key, `${key}0`].flatMap((one) => [
    seal.nameOf(one),
    createSeal(randomBytes(32)).nameOf(one),
    openSeal.nameOf(one),
  ]);
  t.equal(new Set(names).size, names.length);
  for (const name of names) t.match(name, /^[\w-]{43}$/, 'short, of a fixed length');
});
