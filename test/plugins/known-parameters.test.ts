import t, { type Test } from 'tap';
import { build, collectOf, fact, GOOD, SIRET } from '../helpers/app.ts';

const PROBLEM = '/problemes/parametres-invalides';

const open = (t: Test) => build(t, collectOf({ insee_etablissement: fact('obtenu') }));

/** Every route that is documented, at an address that its path allows. */
async function addressesOf(app: Awaited<ReturnType<typeof build>>) {
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, object> };
  const values: Record<string, string> = {
    siret: SIRET,
    siren: SIRET.slice(0, 9),
    source: 'urssaf_attestation_vigilance',
    sha256: 'a'.repeat(64),
  };
  return Object.entries(paths).flatMap(([path, methods]) => {
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x');
    return Object.keys(methods).map((method) => ({ method: method.toUpperCase() as 'GET', url }));
  });
}

const WATCHED = new Set(['/livez', '/readyz', '/metrics']);

t.test('every route refuses a parameter that it does not know, but for probes', async (t) => {
  const app = await open(t);
  const addresses = (await addressesOf(app)).filter(({ url }) => !WATCHED.has(url));
  t.ok(addresses.length > 18, `${addresses.length} are looked at`);
  for (const { method, url } of addresses) {
    const response = await app.inject({ method, url: `${url}?natrue=travaux` });
    t.equal(response.statusCode, 422, `${method} ${url}`);
    t.match(response.json(), { type: PROBLEM, errors: [{ parameter: 'natrue' }] }, `${method} ${url}`);
    t.match(response.headers['content-type'], /^application\/problem\+json/);
  }
  const head = await app.inject({ method: 'HEAD', url: '/v1/sources?x=1' });
  t.equal(head.statusCode, 422, 'HEAD as GET');
});

t.test('a route that is added without a word of parameters takes none', async (t) => {
  const app = await open(t);
  app.get('/nouvelle', { config: { access: 'open' } }, async () => ({ neuve: true }));
  t.equal((await app.inject('/nouvelle')).statusCode, 200);
  t.equal((await app.inject('/nouvelle?')).statusCode, 200);
  const response = await app.inject('/nouvelle?usage=socle');
  t.equal(response.statusCode, 422);
  t.match(response.json().detail, 'Cette adresse ne prend aucun paramètre.');
});

t.test('what a route documents is what it takes, and nothing else is asked of anybody', async (t) => {
  let collected = 0;
  const collect = collectOf({ insee_etablissement: fact('obtenu') });
  const app = await build(t, (asking) => {
    collected++;
    return collect(asking);
  });
  const known = `${GOOD}&context=x&etape=attribution&nature=travaux_batiment&date=2026-11-23`;
  t.equal((await app.inject(`${GOOD}&natrue=travaux`)).statusCode, 422);
  t.equal(collected, 0);
  t.equal((await app.inject(known)).statusCode, 200);
  t.equal(collected, 1);
});

t.test('the nearest name is proposed, where one is close', async (t) => {
  const app = await open(t);
  const told = async (name: string) =>
    (await app.inject(`${GOOD}&${name}=x`)).json().errors.map(({ detail }: { detail: string }) => detail);
  for (const [written, meant] of [
    ['natrue', 'nature'],
    ['Usage', 'usage'],
    ['%C3%A9tape', 'etape'],
    ['etap', 'etape'],
    ['objet', 'object'],
    ['contexte', 'context'],
    ['recipent', 'recipient'],
  ]) {
    t.strictSame(await told(written as string), [
      `Ce paramètre n'est pas connu : vouliez-vous « ${meant} » ?`,
    ]);
  }
  for (const far of ['x', 'utm_source', 'siret', '__proto__', 'constructor']) {
    t.strictSame(await told(far), ["Ce paramètre n'est pas connu."], far);
  }
  const { detail, errors } = (await app.inject(`${GOOD}&natrue=travaux&stage=x`)).json();
  t.equal(errors.length, 2);
  t.equal(
    detail,
    'À corriger : natrue, stage. Cette adresse prend : usage, object, recipient, context, etape, nature, date.',
  );
});

t.test(
  'no value is repeated, nor a name that could be a secret, and many names are told in few words',
  async (t) => {
    const app = await open(t);
    const secret = 'Zk3v9Qx7Lm2Rt8Wb5Yc1Nd6Pf4Hg0Js-aKuEiOoUyT_';
    for (const query of [
      `password=${secret}`,
      `cle=${secret}`,
      `${secret}=x`,
      secret,
      `x%0d%0a${secret}=1`,
    ]) {
      for (const url of [`${GOOD}&${query}`, `/v1/sources?${query}`]) {
        const response = await app.inject(url);
        t.equal(response.statusCode, 422, query);
        t.notMatch(response.body, secret.slice(0, 8), query);
        t.match(response.body, /^[^\p{Cc}]+$/u);
      }
    }
    const token = await app.inject(`/v1/sources?access_token=${secret}&natrue=x`);
    t.match(token.json(), { type: '/problemes/jeton-dans-adresse' }, 'that refusal comes first');
    t.notMatch(token.body, secret.slice(0, 8));
    const many = Array.from({ length: 300 }, (_, i) => `${'abcdefghij'[i % 10]}${i}=1`).join('&');
    const flood = await app.inject(`/v1/sources?${many}`);
    t.equal(flood.statusCode, 422);
    t.equal(flood.json().errors.length, 10);
    t.ok(flood.body.length < 2_000, `${flood.body.length}`);
    t.match(flood.json().detail, '290 noms');
  },
);

t.test('somebody who is not let in is not told what a route takes', async (t) => {
  const app = await open(t);
  const response = await app.inject({ url: `${GOOD}&natrue=x`, headers: { authorization: '' } });
  t.equal(response.statusCode, 401);
  t.notMatch(response.body, 'nature');
});

t.test('pages and probes may be decorated by what stands between', async (t) => {
  const app = await open(t);
  const pages = [
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/problemes/parametres-invalides',
    '/docs/',
  ];
  const page = (await app.inject('/docs/')).body;
  const [, script = ''] = /src="\.?\/?([^"]*swagger-ui-bundle\.js)"/.exec(page) ?? [];
  t.ok(script, 'the page has its script');
  for (const url of [...pages, `/docs/${script.replace(/^docs\//, '')}`]) {
    t.equal((await app.inject(`${url}?utm_source=lettre&_=1`)).statusCode, 200, url);
  }
});
