import { subscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { createAccessStore } from '../../src/access/access-store.ts';
import { habilitationOf } from '../../src/access/demonstration.ts';
import type { Habilitation } from '../../src/access/habilitation.ts';
import { createIssueToken } from '../../src/access/issue-token.ts';
import { createMemoryRateBudget } from '../../src/access/rate-budget.ts';
import { createSigningKeys } from '../../src/access/signing-keys.ts';
import type { Witness, Witnessed } from '../../src/access/witness.ts';
import { loadConfig } from '../../src/config.ts';
import { openAccess } from '../../src/open-access.ts';
import type { AccessRule } from '../../src/plugins/access-gate.ts';
import { createJournalWitness } from '../../src/routes/journal-witness.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { build, collectOf, fact, GOOD, journalInto, SIRET } from '../helpers/app.ts';
import { askAgainWhenShed } from '../helpers/ask-again.ts';
import { emptyFolder, openedAt } from '../helpers/databases.ts';
import { sure } from '../helpers/tokens.ts';

const DAY_MS = 86_400_000;
const now = () => NOON_MS;
const OTHER = '203.0.113.9';
const METRICS_TOKEN = 'lecteur-des-mesures';

interface Granting {
  change?: Partial<Habilitation>;
  tokenEndsMs?: number;
}

interface Line {
  nature: string;
  route: string;
  qui: { habilitation: string | null; agent: string | null };
  quoi: object;
  issue: object;
  motifs?: Record<string, number>;
}

/** An application and what is granted in it, with all that was witnessed. */
async function setUp(t: Test, { isDemonstration = true, logged = [] as object[] } = {}) {
  const place = { DATA_DIR: emptyFolder(t) };
  const store = createAccessStore({ database: openedAt(t, place), now });
  sure(await store.prepare());
  const issue = createIssueToken({ store, keys: createSigningKeys({ folder: place.DATA_DIR, store }), now });
  const access = await openAccess({
    config: { ...loadConfig({ METRICS_TOKEN }), ...place },
    demonstration: isDemonstration ? {} : null,
    rates: createMemoryRateBudget({ now }),
    attempts: createMemoryRateBudget({ now }),
    log: pino({ level: 'silent' }),
    now,
  });
  t.teardown(() => access.close());
  const witnessed: Witnessed[] = [];
  let isRemembered = true;
  const lines: Line[] = [];
  const journal = journalInto(lines);
  const write = createJournalWitness({ journal, now });
  const witness: Witness = (one, leave) => {
    witnessed.push(one);
    write(one, (isWritten) => leave(isWritten && isRemembered));
  };
  let collections = 0;
  const collect = collectOf({
    insee_etablissement: fact('obtenu', null),
    urssaf_attestation_vigilance: fact('obtenu'),
  });
  const counted: typeof collect = (collecting) => {
    collections++;
    return collect(collecting);
  };
  const app = await build(t, counted, logged, { access, witness, journal });
  askAgainWhenShed(app);
  let granted = 0;
  return {
    app,
    store,
    witnessed,
    lines,
    collections: () => collections,
    forget: () => {
      isRemembered = false;
    },
    async grant({ change = {}, tokenEndsMs = NOON_MS + DAY_MS }: Granting = {}) {
      const id = `h${++granted}`;
      const whole = {
        ...habilitationOf('marche_public', NOON_MS + DAY_MS),
        demonstration: false,
        ...change,
        id,
      };
      sure(await store.grant(whole));
      const issued = sure(await issue(id, tokenEndsMs));
      await access.register.refresh();
      return { token: issued.token, refresh: () => access.register.refresh() };
    },
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

interface Case {
  status: number;
  /** The reason that is witnessed. */
  reason: string;
  /** Whether the journal names the habilitation: it is known whose token it was. */
  isKnown?: boolean;
  /** Changes what is asked. */
  ask?(address: string): string;
  from?: string;
  /** @param isForCompany whom the address is for: a company, or bodies */
  headers?(
    world: World,
    isForCompany: boolean,
    asked: { method: Route['method']; url: string },
  ): Promise<Record<string, string>>;
}

const COMPANY: Partial<Habilitation> = { audience: 'entreprise', usage: null, sources: [] };
const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

/** What is refused on every address that is for bearers of tokens. */
const REFUSED: Record<string, Case> = {
  'no token': { status: 401, reason: 'jeton_absent' },
  'an empty header': { status: 401, reason: 'jeton_absent', headers: async () => ({ authorization: '' }) },
  garbage: { status: 401, reason: 'jeton_refuse', headers: async () => bearing('n’importe quoi') },
  'a token without a signature': {
    status: 401,
    reason: 'jeton_refuse',
    headers: async ({ grant }) => bearing(unsigned((await grant()).token)),
  },
  'a token that says something else than what was signed': {
    status: 401,
    reason: 'jeton_refuse',
    headers: async ({ grant }) => bearing(tampered((await grant()).token, (await grant()).token)),
  },
  'the token of another gateway': {
    status: 401,
    reason: 'jeton_refuse',
    headers: async () => bearing((await (await setUp(t)).grant()).token),
  },
  'an expired token': {
    status: 401,
    reason: 'jeton_expire',
    headers: async ({ grant }) => bearing((await grant({ tokenEndsMs: NOON_MS - 1_000 })).token),
  },
  'a token of an expired habilitation': {
    status: 401,
    reason: 'habilitation_expiree',
    headers: async ({ grant }) => {
      const expire_le = new Date(NOON_MS - 1_000).toISOString();
      return bearing((await grant({ change: { expire_le } })).token);
    },
  },
  'a revoked token': {
    status: 401,
    reason: 'jeton_revoque',
    headers: async ({ grant, store }) => {
      const { token, refresh } = await grant();
      for (const { id } of sure(await store.read()).credentials) sure(await store.revokeCredential(id));
      await refresh();
      return bearing(token);
    },
  },
  'a token of a revoked habilitation': {
    status: 401,
    reason: 'habilitation_revoquee',
    headers: async ({ grant, store }) => {
      const { token, refresh } = await grant();
      for (const { habilitation } of sure(await store.read()).habilitations)
        sure(await store.revokeHabilitation(habilitation.id));
      await refresh();
      return bearing(token);
    },
  },
  'a wrong network': {
    status: 403,
    reason: 'reseau',
    isKnown: true,
    from: OTHER,
    headers: async ({ grant }) =>
      bearing((await grant({ change: { reseaux: ['192.0.2.0/24', '2001:db8::/32'] } })).token),
  },
  'a demonstration token from another address': {
    status: 403,
    reason: 'demonstration',
    isKnown: true,
    from: OTHER,
    headers: async ({ grant }) => bearing((await grant({ change: { demonstration: true } })).token),
  },
  'a demonstration token that a proxy of this machine passes on': {
    status: 403,
    reason: 'demonstration',
    isKnown: true,
    headers: async ({ grant }) => ({
      ...bearing((await grant({ change: { demonstration: true } })).token),
      'x-forwarded-for': '127.0.0.1',
    }),
  },
  'somebody whom the address is not for': {
    status: 403,
    reason: 'audience',
    isKnown: true,
    headers: async ({ grant }, isForCompany) =>
      bearing((await grant(isForCompany ? {} : { change: COMPANY })).token),
  },
  'too many in the minute': {
    status: 429,
    reason: 'debit',
    isKnown: true,
    headers: async ({ app, grant }, isForCompany, asked) => {
      const debit = { par_minute: 1, familles: {} };
      const { token } = await grant({ change: { ...(isForCompany && COMPANY), debit } });
      await app.inject({ ...asked, headers: bearing(token) });
      return bearing(token);
    },
  },
};

/** Likewise, but nothing can be granted afterwards. */
const REFUSED_LAST: Record<string, Case> = {
  'a token signed with a revoked key': {
    status: 401,
    reason: 'jeton_refuse',
    headers: async ({ grant, store }) => {
      const { token, refresh } = await grant();
      for (const { kid } of sure(await store.read()).keys) sure(await store.revokeKey(kid));
      await refresh();
      return bearing(token);
    },
  },
};

/** What is refused, for what is asked, on every address of a dossier. */
const REFUSED_DOSSIERS: Record<string, Case> = {
  'a wrong usage': {
    status: 403,
    reason: 'usage',
    isKnown: true,
    ask: (address) => address.replace('marche_public', 'aide_publique'),
    headers: async ({ grant }) => bearing((await grant()).token),
  },
  'a wrong recipient': {
    status: 403,
    reason: 'destinataire',
    isKnown: true,
    ask: (address) => address.replace(/recipient=\d+/, 'recipient=41816609600069'),
    headers: async ({ grant }) => bearing((await grant()).token),
  },
};

/** What is refused where sources are asked. */
const REFUSED_COLLECTIONS: Record<string, Case> = {
  'too many dossiers of a family': {
    status: 429,
    reason: 'debit',
    isKnown: true,
    headers: async ({ app, grant }, _isForCompany, asked) => {
      const { token } = await grant({ change: { debit: { par_minute: 100, familles: { urssaf: 1 } } } });
      const headers = { ...bearing(token), 'cache-control': 'no-cache' };
      await app.inject({ ...asked, headers });
      return headers;
    },
  },
};

/** What is refused on addresses that give one protected thing. */
const REFUSED_DOCUMENTS: Record<string, Case> = {
  'a source that was not granted': {
    status: 403,
    reason: 'source',
    isKnown: true,
    headers: async ({ grant }) =>
      bearing((await grant({ change: { sources: ['insee_etablissement'] } })).token),
  },
};

/** On addresses that are for a company: it is another one. */
const REFUSED_COMPANIES: Record<string, Case> = {
  'another company': {
    status: 403,
    reason: 'destinataire',
    isKnown: true,
    headers: async ({ grant }) => bearing((await grant({ change: COMPANY })).token),
  },
};

/** On addresses that are not for the public. */
const REFUSED_PUBLIC: Record<string, Case> = {
  'the public asking protected data': {
    status: 403,
    reason: 'audience',
    isKnown: true,
    headers: async ({ grant }) => bearing((await grant({ change: { audience: 'public' } })).token),
  },
};

function unsigned(token: string): string {
  const [, payload] = token.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
}

function tampered(token: string, other: string): string {
  const [head, , signature] = token.split('.');
  return [head, other.split('.')[1], signature].join('.');
}

interface Route {
  method: 'GET' | 'HEAD' | 'POST';
  url: string;
  config?: { access?: AccessRule };
}

/** Every route of every application, as fastify itself registers them. */
const registered = new WeakMap<FastifyInstance, Route[]>();
subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: FastifyInstance };
  const routes: Route[] = [];
  registered.set(fastify, routes);
  fastify.addHook('onRoute', (route) => void routes.push(route as Route));
});

async function routesOf(app: FastifyInstance) {
  await app.ready();
  const routes = registered.get(app) ?? [];
  return routes.flatMap(({ method, url, config }) =>
    [method].flat().map((one) => ({ method: one, url, access: config?.access })),
  );
}

const VALUES: Record<string, string> = {
  siret: SIRET,
  siren: SIRET.slice(0, 9),
  source: 'urssaf_attestation_vigilance',
  sha256: 'a'.repeat(64),
};

/** An address of the route that would be answered, if it were asked by whom it is for. */
function addressOf(url: string): string {
  const path = url.replace(/:(\w+)|\*/g, (_, name) => VALUES[name] ?? 'x');
  return url.startsWith(DOSSIER) ? `${path}?${GOOD.split('?')[1]}` : path;
}

const DOSSIER = '/v1/dossiers/:siret';

/** What must be refused on a route, by its address and by whom it says it is for. */
function casesOf({ method, url, access }: Awaited<ReturnType<typeof routesOf>>[0]): [string, Case][] {
  if (typeof access !== 'object') return [];
  const isDossier = url.startsWith(DOSSIER);
  const collects = isDossier && !url.includes(':source');
  return Object.entries({
    ...REFUSED,
    ...(!access.audiences.includes('public') && REFUSED_PUBLIC),
    ...(access.audiences.includes('entreprise') && REFUSED_COMPANIES),
    ...(isDossier && REFUSED_DOSSIERS),
    // A HEAD before would be another route.
    ...(collects && method === 'GET' && REFUSED_COLLECTIONS),
    ...(url.includes(':source') && REFUSED_DOCUMENTS),
    ...REFUSED_LAST,
  });
}

t.test('every route says whom it is for, and what is open is what is meant to be', async (t) => {
  const { app } = await setUp(t);
  const routes = await routesOf(app);
  const isHead = ({ method }: { method: string }) => method === 'HEAD';
  const open = routes
    .filter((route) => !isHead(route))
    .filter(({ access, url }) => access === 'open' && !/^\/(docs|problemes)\b/.test(url));
  t.strictSame(open.map(({ method, url }) => `${method} ${url}`).sort(), [
    'GET /livez',
    'GET /openapi.json',
    'GET /readyz',
    'GET /v1/formulaires',
    'GET /v1/formulaires/:id',
    'GET /v1/sources',
    'POST /oauth/token',
  ]);
  t.ok(
    routes.some(({ url }) => url === '/v1/dossiers/:siret'),
    'routes are really read',
  );
  for (const { url, access } of routes) t.ok(access, `${url} has a rule`);
});

t.test('a route without a rule stops the start', async (t) => {
  const { app } = await setUp(t);
  app.get('/v1/oubli', async () => ({ secret: true }));
  await t.rejects(async () => app.ready(), { message: /\/v1\/oubli/ });
});

t.test('whatever is refused is refused on every route, has one line, and gives nothing', async (t) => {
  const guarded = (await routesOf((await setUp(t)).app)).filter(({ access }) => typeof access === 'object');
  t.ok(guarded.length >= 8, 'routes are really read');
  for (const route of guarded) {
    const { method, url } = route;
    await t.test(`${method} ${url}`, async (t) => {
      const world = await setUp(t);
      for (const [what, { status, reason, isKnown = false, ask, from, headers }] of casesOf(route)) {
        const address = addressOf(url);
        const isForCompany = url.startsWith('/v1/entreprises/');
        const sent = (await headers?.(world, isForCompany, { method, url: address })) ?? {
          authorization: '',
        };
        const before = { lines: world.lines.length, collected: world.collections() };
        const response = await world.app.inject({
          method,
          url: ask?.(address) ?? address,
          headers: sent,
          ...(from && { remoteAddress: from }),
        });
        t.equal(response.statusCode, status, what);
        if (method !== 'HEAD') t.match(response.json(), { type: /^\/problemes\//, status, detail: String });
        t.notMatch(response.body, /"data"|insee|urssaf_att/, `${what}: no data`);
        t.equal(world.collections(), before.collected, `${what}: nobody is asked`);
        const lines = world.lines.slice(before.lines);
        const nothing = { conservees: '0', demandees: '0', empreinte: null };
        const issue = { resultat: 'refuse', statut: status, motif: reason };
        t.match(lines, [{ nature: 'acces', route: url, quoi: nothing, issue }], `${what}: its line`);
        t.equal(lines.length, 1, `${what}: one line`);
        t.equal(lines[0]?.qui.habilitation != null, isKnown, `${what}: who, where it is known`);
        if (status === 401) t.match(response.headers['www-authenticate'], /^Bearer realm=/);
        if (status === 429) t.match(response.headers['retry-after'], /^\d+$/);
      }
    });
  }
});

t.test('a route that watches over the machine is refused from elsewhere, whatever the token', async (t) => {
  const world = await setUp(t);
  const watching = (await routesOf(world.app)).filter(({ access }) => access === 'machine');
  t.ok(watching.length > 0);
  for (const { method, url } of watching) {
    for (const headers of [
      { authorization: '' },
      bearing('n’importe quoi'),
      bearing((await world.grant()).token),
    ]) {
      const before = world.lines.length;
      const response = await world.app.inject({ method, url, headers, remoteAddress: OTHER });
      t.equal(response.statusCode, 403);
      t.notMatch(response.body, /process_|nodejs_/);
      t.match(world.lines.slice(before), [{ route: url, issue: { statut: 403, motif: 'machine' } }]);
      t.equal(world.lines.length, before + 1);
    }
  }
});

t.test('a route that is open gives the same whoever asks, and has no line', async (t) => {
  const world = await setUp(t);
  const open = (await routesOf(world.app)).filter(
    ({ method, access }) => access === 'open' && method === 'GET',
  );
  const good = bearing((await world.grant()).token);
  for (const { url } of open) {
    const ask = async (headers: Record<string, string>) =>
      (await world.app.inject({ url: addressOf(url), headers: { 'x-request-id': 'toujours-1', ...headers } }))
        .body;
    const body = await ask({ authorization: '' });
    t.equal(await ask(bearing('n’importe quoi')), body, url);
    t.equal(await ask(good), body, url);
  }
  t.equal(world.collections(), 0);
  t.strictSame(world.lines, []);
});

t.test('a token in the address of any route is refused, with one line', async (t) => {
  const world = await setUp(t);
  const routes = await routesOf(world.app);
  // More than have a line of their own in a minute: from so many places.
  for (const [i, { method, url }] of routes.entries()) {
    const before = world.lines.length;
    const asked = `${addressOf(url)}${addressOf(url).includes('?') ? '&' : '?'}jeton=abc`;
    const response = await world.app.inject({ method, url: asked, remoteAddress: `203.0.113.${i}` });
    t.equal(response.statusCode, 400, `${method} ${url}`);
    t.match(world.lines.slice(before), [{ issue: { statut: 400, motif: 'jeton_dans_adresse' } }]);
    t.equal(world.lines.length, before + 1);
  }
});

t.test('a flood of refusals is counted: a few have their line, one line says how many others', async (t) => {
  const { app, lines, grant } = await setUp(t);
  const flood = async (headers: Record<string, string>, remoteAddress: string) => {
    for (let i = 0; i < 100; i++) {
      t.equal(
        (await app.inject({ url: GOOD, headers, remoteAddress })).statusCode,
        401 + 2 * Number('x' in headers),
      );
    }
  };
  const { token } = await grant({ change: { reseaux: ['192.0.2.0/24'] } });
  await flood({ authorization: '' }, OTHER);
  await flood({ ...bearing(token), x: '' }, OTHER);
  await flood({ authorization: '' }, '2001:db8::1');
  const before = lines.length;
  t.ok(before <= 20 + 60 + 20, `${before} lines for 300 refusals`);
  await app.close();
  t.match(lines.slice(before), [
    { nature: 'refus', qui: { habilitation: null }, motifs: { jeton_absent: 160 } },
    { nature: 'refus', qui: { habilitation: 'h1' }, motifs: { reseau: 40 } },
  ]);
  t.equal(lines.length, before + 2);
});

t.test('whom of the body is asking is in the journal, and nowhere else', async (t) => {
  const logged: object[] = [];
  const { app, lines, grant } = await setUp(t, { logged });
  const headers = { ...bearing((await grant()).token), 'x-agent-id': 'agent-4711@exemple.fr' };
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${GOOD}`;
  const bodies: string[] = [];
  for (const path of [url, url, url.replace('marche_public', 'socle')])
    bodies.push(await (await fetch(path, { headers })).text());
  t.match(
    lines.map(({ qui }) => qui.agent),
    Array(3).fill('agent-4711@exemple.fr'),
  );
  t.equal(lines.length, 3);
  t.notMatch(JSON.stringify([logged, bodies]), /4711/);
  for (const bad of ['', 'deux mots', 'é', 'a'.repeat(129)]) {
    const response = await app.inject({ url: GOOD, headers: { ...headers, 'x-agent-id': bad } });
    t.equal(response.statusCode, 422);
    t.match(response.json(), { errors: [{ parameter: 'X-Agent-Id', detail: String }] });
  }
  const { authorization: _, ...anonymous } = headers;
  await app.inject({ url: GOOD, headers: { ...anonymous, authorization: '' } });
  t.equal(lines.at(-1)?.qui.agent, null, 'nobody can speak for a body that is not known');
});

t.test('a token in the address is refused everywhere, even a good one in the header beside it', async (t) => {
  const { app, grant, witnessed } = await setUp(t);
  const { token } = await grant();
  const addresses = [
    `${GOOD}&access_token=${token}`,
    `${GOOD}&jeton=abc`,
    `${GOOD}&acces%73_token=abc`,
    `${GOOD}&x=${token}`,
    `/v1/dossiers/${token}`,
    `/livez?token=${token}`,
    `/nulle-part?x=${token}`,
  ];
  for (const url of addresses) {
    const response = await app.inject({ url, headers: bearing(token) });
    t.equal(response.statusCode, 400, url.slice(0, 40));
    t.match(response.json(), { type: '/problemes/jeton-dans-adresse' });
    t.notMatch(response.body, token);
  }
  t.equal(witnessed.filter(({ reason }) => reason === 'jeton_dans_adresse').length, addresses.length);
});

t.test('a demonstration token opens nothing of real administrations', async (t) => {
  const { app, grant } = await setUp(t, { isDemonstration: false });
  const { token } = await grant({ change: { demonstration: true } });
  t.equal((await app.inject({ url: GOOD, headers: bearing(token) })).statusCode, 403);
});

t.test('metrics are for this machine, or for who bears their token', async (t) => {
  const { app } = await setUp(t);
  const read = (remoteAddress: string, authorization = '') =>
    app.inject({ url: '/metrics', remoteAddress, headers: { authorization } });
  t.equal((await read('127.0.0.1')).statusCode, 200);
  t.equal((await read(OTHER)).statusCode, 403);
  t.equal((await read(OTHER, 'Bearer autre')).statusCode, 403);
  t.equal((await read(OTHER, `Bearer ${METRICS_TOKEN}`)).statusCode, 200);
});

t.test('a source that is not granted is not asked, and its piece says so', async (t) => {
  const { app, grant } = await setUp(t);
  const { token } = await grant({ change: { sources: ['insee_etablissement', 'insee_unite_legale'] } });
  const { data } = (await app.inject({ url: GOOD, headers: bearing(token) })).json();
  t.match(data.pieces.urssaf_attestation_vigilance, {
    statut: 'non_autorise',
    erreur: { code: 'habilitation' },
  });
  t.equal(data.pieces.insee_etablissement.statut, 'obtenu');
});

t.test('kept bytes are for those who may be shown the same, and for nobody else', async (t) => {
  const { app, grant, collections } = await setUp(t);
  const all = await grant();
  const few = await grant({ change: { sources: ['insee_etablissement'] } });
  const twin = await grant({
    change: { organisme: { siret: '13002526500013' as never, nom: 'Autre service' } },
  });
  const ask = async ({ token }: { token: string }) => {
    const response = await app.inject({ url: GOOD, headers: bearing(token) });
    return { body: response.body, timing: response.headers['server-timing'] };
  };
  const first = await ask(all);
  t.notMatch(
    (await ask(few)).body,
    '"urssaf_attestation_vigilance","administration":"Urssaf","libelle":"Attestation de vigilance","statut":"obtenu"',
  );
  t.equal(collections(), 2, 'what was made for other rights is not read');
  const again = await ask(twin);
  t.equal(collections(), 2, 'the same rights share');
  t.equal(again.body, first.body);
  t.match(again.timing, /^conserve/);
});

t.test('a revocation holds on the short way of kept dossiers too', async (t) => {
  const { app, grant, store } = await setUp(t);
  const { token, refresh } = await grant();
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${GOOD}`;
  const ask = async () => (await fetch(url, { headers: bearing(token) })).status;
  t.strictSame([await ask(), await ask()], [200, 200]);
  sure(await store.revokeHabilitation('h1'));
  await refresh();
  t.equal(await ask(), 401);
});

t.test(
  'an access that cannot be accounted for gives nothing, on the short way and the long one',
  async (t) => {
    const { app, grant, forget, witnessed } = await setUp(t);
    const { token } = await grant();
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${GOOD}`;
    const ask = async () => (await fetch(url, { headers: bearing(token) })).status;
    t.equal(await ask(), 200);
    t.equal(await ask(), 200);
    t.match(witnessed, [
      { reason: null, status: 200, kept: [], digest: String },
      { reason: null, status: 200, collected: [], digest: String },
    ]);
    forget();
    t.equal(await ask(), 503);
    t.equal((await fetch(url.replace(SIRET, '41816609600069'), { headers: bearing(token) })).status, 503);
  },
);

t.test('what is left of the rate is said as the current draft writes it', async (t) => {
  const { app, grant } = await setUp(t);
  const { token } = await grant({ change: { debit: { par_minute: 5, familles: {} } } });
  for (const left of [4, 3]) {
    const { headers } = await app.inject({ url: GOOD, headers: bearing(token) });
    t.equal(headers['ratelimit-policy'], '"habilitation";q=5;w=60');
    t.match(headers.ratelimit, new RegExp(`^"habilitation";r=${left};t=\\d+$`));
  }
});
