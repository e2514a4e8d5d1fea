import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { createAccessStore } from '../../src/access/access-store.ts';
import { digestOf } from '../../src/access/client-credentials.ts';
import { habilitationOf } from '../../src/access/demonstration.ts';
import { createMemoryRateBudget } from '../../src/access/rate-budget.ts';
import { ISSUER } from '../../src/access/tokens.ts';
import { loadConfig } from '../../src/config.ts';
import { openAccess } from '../../src/open-access.ts';
import { build, collectOf, fact, GOOD, journalInto } from '../helpers/app.ts';
import { askAgainWhenShed } from '../helpers/ask-again.ts';
import { emptyFolder, openedAt } from '../helpers/databases.ts';
import { sure } from '../helpers/tokens.ts';

const ID = 'client-1';
const SECRET = 'un secret : tiré/au hasard+&';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const FORM = 'application/x-www-form-urlencoded';
const NOW_MS = Date.parse('2026-11-23T11:00:00Z');
const DAY_MS = 86_400_000;

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });

interface Line {
  nature: string;
  route: string;
  qui: object;
  issue: { motif: string };
  motifs?: Record<string, number>;
}

async function setUp(t: Test) {
  let nowMs = NOW_MS;
  const now = () => nowMs;
  const place = { DATA_DIR: emptyFolder(t) };
  const store = createAccessStore({ database: openedAt(t, place), now });
  sure(await store.prepare());
  const whole = { ...habilitationOf('marche_public', NOW_MS + DAY_MS), demonstration: false };
  sure(await store.grant({ ...whole, id: ID }));
  const credential = { habilitationId: ID, expiresAtMs: NOW_MS + DAY_MS };
  sure(await store.addCredential({ ...credential, id: 's1', kind: 'secret', proof: digestOf(SECRET) }));
  const jwk = JSON.stringify(await exportJWK(publicKey));
  sure(await store.addCredential({ ...credential, id: 'k1', kind: 'cle', proof: jwk }));
  const access = await openAccess({
    config: { ...loadConfig({ PUBLIC_URL: 'https://passerelle.example.org/' }), ...place },
    demonstration: null,
    rates: createMemoryRateBudget({ now }),
    attempts: createMemoryRateBudget({ now }),
    log: pino({ level: 'silent' }),
    now,
  });
  t.teardown(() => access.close());
  const lines: Line[] = [];
  const parts = { access, now, journal: journalInto(lines) };
  const app = await build(t, collectOf({ insee_etablissement: fact('obtenu') }), [], parts);
  askAgainWhenShed(app);
  const post = (
    fields: Record<string, string> | string,
    headers: Record<string, string> = {},
    remoteAddress = '192.0.2.1',
  ) =>
    app.inject({
      method: 'POST',
      remoteAddress,
      url: '/oauth/token',
      headers: { 'content-type': FORM, authorization: '', ...headers },
      payload: new URLSearchParams(fields).toString(),
    });
  return {
    app,
    lines,
    store,
    post,
    pass: (ms: number) => {
      nowMs += ms;
    },
    refresh: () => access.register.refresh(),
    ask: async (token: string) =>
      (await app.inject({ url: GOOD, headers: { authorization: `Bearer ${token}` } })).statusCode,
  };
}

const bySecret = { grant_type: 'client_credentials', client_id: ID, client_secret: SECRET };
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')}`,
});

let count = 0;
function assertionOf(change: JWTPayload = {}, key = privateKey): Promise<string> {
  const nowSeconds = NOW_MS / 1000;
  const claims = { iss: ID, sub: ID, aud: ISSUER, jti: `j${++count}`, exp: nowSeconds + 60, ...change };
  const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg: 'ES256' }).sign(key);
}
const byAssertion = (client_assertion: string) => ({
  grant_type: 'client_credentials',
  client_assertion_type: ASSERTION_TYPE,
  client_assertion,
});

t.test('a secret, in the form or in the header, gives a token that lasts ten minutes', async (t) => {
  const { post, ask, pass } = await setUp(t);
  for (const response of [
    await post(bySecret),
    await post({ grant_type: 'client_credentials' }, basic(ID, SECRET)),
  ]) {
    t.equal(response.statusCode, 200);
    t.equal(response.headers['cache-control'], 'no-store');
    t.match(response.json(), { token_type: 'Bearer', expires_in: 600, access_token: String });
    t.equal(await ask(response.json().access_token), 200);
  }
  const { access_token } = (await post(bySecret)).json();
  pass(599_000);
  t.equal(await ask(access_token), 200);
  pass(1_000);
  t.equal(await ask(access_token), 401);
});

t.test('an assertion signed by the client gives a token, once', async (t) => {
  const { post, ask } = await setUp(t);
  const assertion = await assertionOf();
  const first = await post(byAssertion(assertion));
  t.equal(await ask(first.json().access_token), 200);
  const replayed = await post(byAssertion(assertion));
  t.equal(replayed.statusCode, 401);
  t.match(replayed.json(), {
    type: '/problemes/client-refuse',
    detail: /expirés/,
    error: 'invalid_client',
    error_description: /expires/,
    error_uri: '/problemes/client-refuse',
  });
  t.match(replayed.json().error_description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  t.match(replayed.headers, { 'content-type': /^application\/json/, 'cache-control': 'no-store' });
  const aud = 'https://passerelle.example.org/oauth/token';
  t.equal((await post(byAssertion(await assertionOf({ aud })))).statusCode, 200, 'to the public address');
});

t.test('an assertion whose time has a fraction is good once, up to its very end', async (t) => {
  const { post, pass } = await setUp(t);
  const assertion = await assertionOf({ exp: NOW_MS / 1000 + 60.5 });
  t.equal((await post(byAssertion(assertion))).statusCode, 200);
  pass(70_600);
  t.equal((await post(byAssertion(assertion))).statusCode, 401);
});

t.test('what proves nothing is refused', async (t) => {
  const { post } = await setUp(t);
  const { privateKey: stranger } = await generateKeyPair('ES256');
  const nowSeconds = NOW_MS / 1000;
  const refused: Record<string, Promise<string>> = {
    'to somebody else': assertionOf({ aud: 'https://ailleurs.example.org/oauth/token' }),
    'signed by a stranger': assertionOf({}, stranger),
    expired: assertionOf({ exp: nowSeconds - 60 }),
    'good for too long': assertionOf({ exp: nowSeconds + 3_600 }),
    'without a number': assertionOf({ jti: undefined as never }),
    'with a number that no store can hold': assertionOf({ jti: 'a\0b' }),
    'without an end': assertionOf({ exp: undefined as never }),
    'for another client': assertionOf({ iss: 'client-2' }),
    'of nobody': assertionOf({ iss: 'x', sub: 'x' }),
    garbage: Promise.resolve('a.b.c'),
  };
  for (const [what, assertion] of Object.entries(refused)) {
    const response = await post(byAssertion(await assertion));
    t.equal(response.statusCode, 401, what);
  }
  t.equal((await post({ ...bySecret, client_secret: 'faux' })).statusCode, 401);
  t.equal((await post({ ...bySecret, client_id: 'personne' })).statusCode, 401);
  const wrong = await post({ grant_type: 'client_credentials' }, basic(ID, 'faux'));
  t.match(wrong.headers['www-authenticate'], /^Basic realm=/);
  t.notMatch(wrong.body, 'faux');
});

t.test('what is malformed says what to change, by the code of the standard', async (t) => {
  const { app, post } = await setUp(t);
  const cases: [Record<string, string> | string, Record<string, string>, string][] = [
    [{ ...bySecret, grant_type: 'password' }, {}, 'unsupported_grant_type'],
    [bySecret, basic(ID, SECRET), 'invalid_request'],
    ['grant_type=client_credentials&grant_type=client_credentials', {}, 'invalid_request'],
    [{ grant_type: 'client_credentials', client_assertion: 'x' }, {}, 'invalid_request'],
  ];
  for (const [fields, headers, error] of cases) {
    const response = await post(fields, headers);
    t.equal(response.statusCode, 400, error);
    t.match(response.json(), {
      type: '/problemes/demande-de-jeton-refusee',
      error,
      error_description: String,
    });
    t.match(response.headers['content-type'], /^application\/json/);
  }
  const unsupported = await post({ ...bySecret, grant_type: 'password' });
  t.equal(unsupported.json().error_description, "Le parametre grant_type vaut 'client_credentials'.");
  const json = { 'content-type': 'application/json' };
  t.match((await post('{}', json)).json(), { status: 415, detail: /application\/x-www-form-urlencoded/ });
  t.equal((await app.inject({ method: 'POST', url: '/oauth/token' })).statusCode, 400);
  t.equal((await app.inject('/oauth/token')).statusCode, 404, 'never in an address');
  t.equal((await post({ ...bySecret, x: 'y'.repeat(20_000) })).statusCode, 413);
});

t.test('tokens end with the secret that they were given for, and no longer come from it', async (t) => {
  const { post, ask, store, refresh } = await setUp(t);
  const { access_token } = (await post(bySecret)).json();
  t.equal(await ask(access_token), 200);
  sure(await store.revokeCredential('s1'));
  await refresh();
  t.equal(await ask(access_token), 401);
  t.equal((await post(bySecret)).statusCode, 401);
});

const guess = { ...bySecret, client_secret: 'deviné' };
const PER_MINUTE = 60;
const ELSEWHERE = '203.0.113.9';

/** Statuses of so many attempts, counted. */
async function statusesOf(times: number, attempt: () => Promise<{ statusCode: number }>) {
  const counts: Record<number, number> = {};
  for (let i = 0; i < times; i++) {
    const { statusCode } = await attempt();
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  }
  return counts;
}

t.test(
  'secrets are guessed a few times a minute at the most, and the right one is not told then',
  async (t) => {
    const { post, pass } = await setUp(t);
    t.strictSame(await statusesOf(PER_MINUTE + 20, () => post(guess)), { 401: PER_MINUTE, 429: 20 });
    const refused = await post(bySecret);
    t.equal(refused.statusCode, 429);
    t.equal(refused.headers['retry-after'], '60');
    t.match(refused.headers, { 'content-type': /^application\/json/, 'cache-control': 'no-store' });
    t.match(refused.json(), {
      type: '/problemes/trop-de-demandes',
      error: 'temporarily_unavailable',
      error_description: /60 s/,
      error_uri: '/problemes/trop-de-demandes',
    });
    t.equal((await post(bySecret, {}, ELSEWHERE)).statusCode, 200, 'from another network it is heard');
    pass(60_000);
    t.equal((await post(bySecret)).statusCode, 200);
  },
);

t.test('who is guessed over many networks is guessed a bounded number of times over all', async (t) => {
  const { post } = await setUp(t);
  let network = 0;
  const attempt = () => post(guess, {}, `198.51.100.${network++ % 200}`);
  t.strictSame(await statusesOf(700, attempt), { 401: 600, 429: 100 });
});

t.test('a client that proved itself goes on, whoever fails beside it, in its own name too', async (t) => {
  const { post } = await setUp(t);
  t.equal((await post(bySecret)).statusCode, 200);
  const [, , afterwards] = [
    await statusesOf(PER_MINUTE * 2, () => post(guess)),
    await statusesOf(PER_MINUTE * 2, () => post({ ...guess, client_id: 'personne' })),
    await statusesOf(20, () => post(bySecret)),
  ];
  t.strictSame(afterwards, { 200: 20 });
});

t.test('a client that nobody heard of yet is heard, whoever fails from the same address', async (t) => {
  const { post } = await setUp(t);
  const strangers = await statusesOf(PER_MINUTE + 20, () => post({ ...guess, client_id: 'personne' }));
  t.strictSame(strangers, { 401: PER_MINUTE, 429: 20 });
  t.equal((await post(bySecret)).statusCode, 200);
  t.equal((await post(byAssertion(await assertionOf()))).statusCode, 200);
});

t.test(
  'signatures are checked a few times a minute at the most, and what another network wastes is its own',
  async (t) => {
    const { post } = await setUp(t);
    const { privateKey: stranger } = await generateKeyPair('ES256');
    const forged = byAssertion(await assertionOf({}, stranger));
    t.equal((await post(byAssertion(await assertionOf()))).statusCode, 200);
    t.strictSame(await statusesOf(PER_MINUTE + 5, () => post(forged, {}, ELSEWHERE)), {
      401: PER_MINUTE,
      429: 5,
    });
    const last = byAssertion(await assertionOf());
    t.equal((await post(last, {}, ELSEWHERE)).statusCode, 429, 'not even looked at');
    t.equal((await post(last)).statusCode, 200, 'and so still good where it is heard');
  },
);

t.test('attempts that fail or are too many have their line, a few a minute, then are counted', async (t) => {
  const { app, post, lines } = await setUp(t);
  await statusesOf(PER_MINUTE + 20, () => post(guess));
  const told = lines.filter(({ route }) => route === '/oauth/token');
  t.equal(told.length, 20);
  t.match(told[0], { qui: { habilitation: null }, issue: { resultat: 'refuse', motif: 'client_refuse' } });
  await app.close();
  t.match(lines.find(({ motifs }) => motifs)?.motifs, { client_refuse: PER_MINUTE - 20, debit: 20 });
  t.notMatch(JSON.stringify(lines), 'deviné');
});
