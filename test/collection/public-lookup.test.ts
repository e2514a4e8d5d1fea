import type { LookupAddress } from 'node:dns';
import t from 'tap';
import { isPublicAddress, publicLookup, type Resolve } from '../../src/collection/public-lookup.ts';

t.test('addresses that only this machine, this network or this cloud knows are not public', async (t) => {
  const inner = [
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '198.18.0.1',
    '192.0.0.170',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::',
  ];
  for (const address of inner) t.notOk(isPublicAddress(address), address);
});

t.test('addresses of the Internet are public', async (t) => {
  const outer = [
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '185.24.184.1',
    '2a01:e0a::1',
    '2606:4700::1111',
  ];
  for (const address of outer) t.ok(isPublicAddress(address), address);
});

/** Looks a name up where the test says what it resolves to, in turn. */
function lookingUp(answers: (LookupAddress[] | Error)[], isTrusted = false) {
  const resolve: Resolve = (_name, _options, callback) => {
    const answer = answers.shift() ?? [];
    if (answer instanceof Error) callback(answer, []);
    else callback(null, answer);
  };
  const lookup = publicLookup(() => isTrusted, resolve);
  return (all: boolean) =>
    new Promise<{ error: Error | null; found: unknown }>((done) =>
      lookup('documents.example', { all }, (error, found) => done({ error, found })),
    );
}

const PUBLIC = { address: '8.8.8.8', family: 4 };
const INNER = { address: '169.254.169.254', family: 4 };

t.test('a connection goes to the addresses that were looked at, and to no other', async (t) => {
  const look = lookingUp([[PUBLIC], [PUBLIC]]);
  t.strictSame(await look(true), { error: null, found: [PUBLIC] });
  t.strictSame(await look(false), { error: null, found: '8.8.8.8' });
});

t.test('a name that leads inside, alone or among others, leads nowhere', async (t) => {
  const look = lookingUp([[INNER], [PUBLIC, INNER], [INNER]]);
  t.match((await look(true)).error, /not public/);
  t.match((await look(true)).error, /not public/);
  t.match((await look(false)).error, /not public/);
});

t.test('a name that was public is looked at again for the next connection', async (t) => {
  const look = lookingUp([[PUBLIC], [INNER]]);
  t.equal((await look(true)).error, null);
  t.match((await look(true)).error, /not public/);
});

t.test('the name that the operator gave may be anywhere', async (t) => {
  t.strictSame(await lookingUp([[INNER]], true)(true), { error: null, found: [INNER] });
});

t.test('a name that does not resolve is told as such', async (t) => {
  t.match((await lookingUp([new Error('ENOTFOUND')])(true)).error, /ENOTFOUND/);
});
