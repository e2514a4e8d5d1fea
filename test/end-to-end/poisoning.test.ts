import { gzipSync } from 'node:zlib';
import t from 'tap';
import { build, collectOf, fact, GOOD, SIRET } from '../helpers/app.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';
import { json, startUpstream } from '../helpers/upstream.ts';

const POISONS = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"texte":"a","__proto__":{"polluted":true}}',
  '[{"__proto__":{"polluted":true}}]',
];

/** What a poisoned prototype would give to every object of the process. */
function isPolluted(): boolean {
  return Object.keys(Object.prototype).length > 0 || 'polluted' in {};
}

const app = await build(t, collectOf({ insee_etablissement: fact('obtenu', null) }));
const CONTEST = `/v1/entreprises/${SIRET.slice(0, 9)}/consultations/x/contestations`;

t.test('parameters named as members of every object are parameters, which no address takes', async (t) => {
  const names = [
    '__proto__',
    '__proto__[polluted]',
    'constructor[prototype][polluted]',
    '__proto__.polluted',
  ];
  for (const name of names) {
    const response = await app.inject(`${GOOD}&${encodeURIComponent(name)}=true&${name}=true`);
    t.equal(response.statusCode, 422, name);
    t.match(response.json(), { type: '/problemes/parametres-invalides', errors: { length: 1 } }, name);
  }
  t.equal((await app.inject(GOOD.replace(SIRET, '__proto__'))).statusCode, 422);
  t.equal((await app.inject('/problemes/__proto__')).statusCode, 404);
  t.equal((await app.inject('/problemes/constructor')).statusCode, 404);
  t.notOk(isPolluted());
});

t.test('a body that would change what objects are is refused', async (t) => {
  for (const payload of POISONS) {
    const headers = { 'content-type': 'application/json' };
    const { statusCode } = await app.inject({ method: 'POST', url: CONTEST, headers, payload });
    t.ok([400, 403, 422].includes(statusCode), `${payload}: ${statusCode}`);
  }
  t.notOk(isPolluted());
});

t.test('a body that is compressed is not unfolded', async (t) => {
  const payload = gzipSync(`{"texte":"${'a'.repeat(5_000_000)}"}`);
  t.ok(payload.length < 10_000);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const { statusCode } = await app.inject({ method: 'POST', url: CONTEST, headers, payload });
  t.ok([400, 403].includes(statusCode), String(statusCode));
  t.notOk(isPolluted());
});

t.test('a token whose claims would change what objects are is refused', async (t) => {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  for (const poison of POISONS) {
    for (const [head, claims] of [
      ['{"alg":"EdDSA","kid":"k"}', poison],
      [poison, '{"sub":"a","jti":"b","titre":"c","exp":1}'],
    ] as const) {
      const authorization = `Bearer ${part(head)}.${part(claims)}.c2lnbmF0dXJl`;
      t.equal((await app.inject({ url: GOOD, headers: { authorization } })).statusCode, 401);
      const form = { grant_type: 'client_credentials', client_assertion: authorization.slice(7) };
      const payload = new URLSearchParams({
        ...form,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      t.equal((await app.inject({ method: 'POST', url: '/oauth/token', headers, payload })).statusCode, 401);
    }
  }
  t.notOk(isPolluted());
});

t.test('an answer of a source that would is read as any other', async (t) => {
  for (const poison of [...POISONS, `{"data":${POISONS[0]},"links":{},"meta":${POISONS[1]}}`]) {
    const upstream = await startUpstream(t, json(200, poison));
    const gateway = await gatewayOn(t, upstream.url);
    const { statusCode, body } = await gateway.inject(GOOD.replace('marche_public', 'socle'));
    t.equal(statusCode, 200);
    t.notMatch(body, 'polluted');
    t.notOk(isPolluted(), poison);
  }
});
