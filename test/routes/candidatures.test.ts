import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { decodeJwt } from 'jose';
import t, { type Test } from 'tap';
import type { Holder } from '../../src/access/register.ts';
import type { AppOptions } from '../../src/app.ts';
import { LONGEST_LINE_MS } from '../../src/collection/quota-line.ts';
import { NOON_MS } from '../helpers/answer.ts';
import {
  accessOf,
  askedFor,
  build,
  collectOf,
  fact,
  jobsOf,
  journalInto,
  RECIPIENT,
  SIRET,
} from '../helpers/app.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { until } from '../helpers/start-gateway.ts';
import { sure } from '../helpers/tokens.ts';

const OTHER = '41816609600069';
const BODY = { siret: SIRET, object: '2026-001', recipient: RECIPIENT };
const KNOWN = collectOf({ insee_etablissement: fact('obtenu') });
const ENDS_MS = 30_000;

function post(
  app: FastifyInstance,
  payload: unknown,
  more: { url?: string; headers?: Record<string, string> } = {},
) {
  const headers = { 'content-type': 'application/json', ...more.headers };
  return app.inject({
    method: 'POST',
    url: more.url ?? '/v1/candidatures',
    payload: JSON.stringify(payload),
    headers,
  });
}

async function endOf(app: FastifyInstance, url: string) {
  let body: { data: { statut: string } } | null = null;
  await until(async () => {
    body = (await app.inject({ url })).json();
    return body?.data.statut !== 'en_cours';
  }, ENDS_MS);
  return body as never as ReturnType<typeof JSON.parse>;
}

/** The pointers or parameters that a 422 names. */
function faultsIn(response: { statusCode: number; json(): ReturnType<typeof JSON.parse> }): string[] {
  const { errors = [] } = response.json();
  return [
    String(response.statusCode),
    ...errors.map((one: Record<string, string>) => one.pointer ?? one.parameter),
  ];
}

await t.test('a consortium is posted, collected member by member, and read', async (t) => {
  const app = await build(t, KNOWN);
  const membres = [{ siret: OTHER, role: 'cotraitant' }];
  const posted = await post(app, { ...BODY, membres });
  t.equal(posted.statusCode, 202);
  t.match(posted.headers['retry-after'], /^\d+$/);
  const location = String(posted.headers.location);
  t.equal(posted.json().links.self, location);
  const { data, links } = await endOf(app, location);
  t.equal(data.statut, 'terminee');
  t.strictSame(data.progression, { entreprises: 2, terminees: 2, sources_en_attente: 0 });
  t.match(data.entreprises, [
    { siret: SIRET, role: 'mandataire', dossier: { data: { siret: SIRET, usage: 'marche_public' } } },
    { siret: OTHER, role: 'cotraitant' },
  ]);
  t.ok(data.entreprises[0].constats.length > 0);
  t.match(data.a_demander, [{ siret: SIRET, pieces: [{}] }, { siret: OTHER }]);
  t.equal(links.suivante, null);
  const page = (await app.inject({ url: `${location}?limite=1` })).json();
  t.equal(page.links.suivante, `${location}?apres=1&limite=1`);
  t.equal(page.data.entreprises.length, 1);
});

await t.test('as events: progress, each company, and the whole at the end', async (t) => {
  const app = await build(t, KNOWN);
  const { location } = (await post(app, BODY)).headers;
  const { body, headers } = await app.inject({
    url: String(location),
    headers: { accept: 'text/event-stream' },
  });
  t.match(headers['content-type'], /^text\/event-stream/);
  const events = [...body.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  t.equal(events[0], 'progression');
  t.strictSame(events.slice(-2), ['entreprise', 'suivi']);
});

/** A job that goes on and on, of a gateway that listens. */
async function endless(t: Test) {
  const now = () => NOON_MS;
  const { access, tokens } = await accessOf(t, now);
  const failed = { statut: 'indisponible', erreur: null, nouvel_essai_le: null } as const;
  const app = await build(t, async () => new Map([['insee_etablissement', askedFor(failed)]]), [], {
    access,
    now,
  });
  const headers = { authorization: `Bearer ${tokens.marche_public}`, accept: 'text/event-stream' };
  const { location } = (await post(app, BODY, { headers })).headers;
  const url = `${await app.listen({ port: 0 })}${location}`;
  return { access, tokens, open: () => fetch(url, { headers }) };
}

await t.test('events end with the token that asked for them', async (t: Test) => {
  const { access, tokens, open } = await endless(t);
  const { titre } = decodeJwt(tokens.marche_public ?? '');
  const { body } = await open();
  // As the register holds it: what revokes it there is tried elsewhere.
  Object.assign(access.register.credential(String(titre)) ?? {}, { revokedAtMs: NOON_MS });
  const text = await new Response(body).text();
  t.match(text, /^event: progression$/m);
  t.notMatch(text, /^event: suivi$/m);
});

await t.test('one habilitation does not take all the places of those who follow', async (t: Test) => {
  const { open } = await endless(t);
  const answers = await Promise.all(Array.from({ length: 101 }, open));
  t.strictSame(
    answers.map(({ status }) => status).filter((status) => status !== 200),
    [503],
  );
  for (const { body } of answers) await body?.cancel();
});

await t.test('an aid is asked for under the usage of the habilitation', async (t) => {
  const app = await build(t, KNOWN);
  for (const usage of ['aide_publique', 'subvention_association']) {
    const url = `/v1/demandes#${usage}`;
    const { headers, statusCode } = await post(app, BODY, { url });
    t.equal(statusCode, 202);
    const { data } = await endOf(app, `${headers.location}#${usage}`);
    t.match(data, { nature: 'demande', usage, entreprises: [{ role: 'demandeur' }] });
  }
  t.equal((await post(app, BODY, { url: '/v1/demandes' })).statusCode, 403, 'with a token for procurement');
});

await t.test('what cannot be posted is told value by value', async (t) => {
  const app = await build(t, KNOWN);
  const member = (siret: string, role = 'cotraitant') => ({ siret, role });
  const cases: [payload: unknown, faults: string[]][] = [
    [{}, ['/siret', '/object', '/recipient']],
    [null, ['/']],
    [[], ['/']],
    [{ ...BODY, siret: '55203253400640' }, ['/siret']],
    [{ ...BODY, siret: [SIRET] }, ['/siret']],
    [{ ...BODY, membres: [member(SIRET)] }, ['/membres/0/siret']],
    [{ ...BODY, membres: [member(OTHER), member(OTHER, 'sous_traitant')] }, ['/membres/1/siret']],
    [{ ...BODY, membres: [member(OTHER, 'chef')] }, ['/membres/0/role']],
    [{ ...BODY, membres: [member(RECIPIENT)] }, ['/recipient']],
    [{ ...BODY, membres: Array.from({ length: 31 }, (_, i) => member(siretNumber(i))) }, ['/membres']],
    [{ ...BODY, date: '1990-01-01' }, ['/date']],
    [{ ...BODY, inconnu: 1, autre: 2 }, ['/inconnu', '/autre']],
    [{ ...BODY, membres: [{ ...member(OTHER), nom: 'x' }] }, ['/membres/0/nom']],
  ];
  for (const [payload, faults] of cases) {
    t.strictSame(
      faultsIn(await post(app, payload)),
      ['422', ...faults],
      JSON.stringify(payload).slice(0, 120),
    );
  }
});

await t.test('an opening of bids is of a thousand companies at most, each once', async (t) => {
  const app = await build(t, KNOWN);
  const opening = (candidats: string[]) =>
    post(app, { object: 'o', recipient: RECIPIENT, candidats }, { url: '/v1/ouvertures' });
  const many = Array.from({ length: 1_001 }, (_, i) => siretNumber(i));
  t.strictSame(faultsIn(await opening(many)), ['422', '/candidats']);
  t.strictSame(faultsIn(await opening([SIRET, OTHER, SIRET])), ['422', '/candidats/2']);
  t.strictSame(faultsIn(await opening([])), ['422', '/candidats']);
  t.equal((await opening(Array(6_000).fill(SIRET))).statusCode, 413);
  const { headers, statusCode } = await opening(many.slice(0, 1_000));
  t.equal(statusCode, 202);
  let view = { statusCode: 0, json: (): ReturnType<typeof JSON.parse> => null };
  // A process that is busy with a thousand sheds for a while.
  await until(async () => {
    view = await app.inject({ url: `${headers.location}?limite=0` });
    return view.statusCode === 200;
  }, ENDS_MS);
  const { data } = view.json();
  t.strictSame([data.progression.entreprises, data.entreprises], [1_000, []]);
});

await t.test('a company of an opening stands in line for its quotas as long as there is one', async (t) => {
  const waited: number[] = [];
  const app = await build(t, (collecting) => {
    waited.push(collecting.waitMs);
    return KNOWN(collecting);
  });
  const opening = { object: 'o', recipient: RECIPIENT, candidats: [SIRET] };
  const { location } = (await post(app, opening, { url: '/v1/ouvertures' })).headers;
  await endOf(app, String(location));
  t.ok(Number(waited[0]) >= LONGEST_LINE_MS);
});

await t.test('processes share the companies that an opening collects at once', async (t) => {
  let underWay = 0;
  let most = 0;
  const slowly: AppOptions['collect'] = async (collecting) => {
    most = Math.max(most, ++underWay);
    await setTimeout(20);
    underWay--;
    return KNOWN(collecting);
  };
  const app = await build(t, slowly, [], { jobs: { ...jobsOf(t, () => NOON_MS), processes: () => 8 } });
  const candidats = Array.from({ length: 9 }, (_, i) => siretNumber(i));
  const opening = { object: 'o', recipient: RECIPIENT, candidats };
  const { location } = (await post(app, opening, { url: '/v1/ouvertures' })).headers;
  await endOf(app, String(location));
  t.equal(most, 2, 'sixteen by eight of them');
});

await t.test('a key that comes again gives the same answer, and nothing is posted twice', async (t) => {
  const app = await build(t, KNOWN);
  const headers = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
  const first = await post(app, BODY, { headers });
  await endOf(app, String(first.headers.location));
  const again = await post(app, BODY, { headers });
  t.strictSame(
    [again.statusCode, again.headers.location, again.body],
    [202, first.headers.location, first.body],
  );
  const other = await post(app, { ...BODY, object: '2026-002' }, { headers });
  t.match([other.statusCode, other.json().type], [422, '/problemes/cle-deja-employee']);
  const without = await post(app, BODY);
  t.not(without.headers.location, first.headers.location);
});

await t.test('of two that come at once with one key, one is told to wait', async (t) => {
  const { store, queue } = jobsOf(t, () => NOON_MS);
  const slow = Promise.withResolvers<void>();
  const slowly: typeof store.post = async (posting) => {
    await slow.promise;
    return store.post(posting);
  };
  const app = await build(t, KNOWN, [], { jobs: { store: { ...store, post: slowly }, queue } });
  const headers = { 'idempotency-key': 'k-1' };
  const first = post(app, BODY, { headers });
  const second = post(app, BODY, { headers });
  const refused = await Promise.race([first, second]);
  t.match([refused.statusCode, refused.json().type], [409, '/problemes/depot-en-cours']);
  slow.resolve();
  const statuses = (await Promise.all([first, second])).map(({ statusCode }) => statusCode);
  t.strictSame(statuses.sort(), [202, 409]);
});

await t.test('a key that is none is refused', async (t) => {
  const app = await build(t, KNOWN);
  for (const key of ['', '""', '"', 'é', 'a b', 'x'.repeat(256), '"a"b"']) {
    const answer = await post(app, BODY, { headers: { 'idempotency-key': key } });
    t.strictSame(faultsIn(answer), ['422', 'Idempotency-Key'], key);
  }
});

await t.test('others are answered between two companies of a page', async (t) => {
  const app = await build(t, KNOWN);
  const membres = Array.from({ length: 30 }, (_, i) => ({ siret: siretNumber(i), role: 'cotraitant' }));
  const location = String((await post(app, { ...BODY, membres })).headers.location);
  await endOf(app, location);
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });
  const { data } = (await app.inject({ url: `${location}?limite=31` })).json();
  clearImmediate(next);
  t.equal(data.entreprises.length, 31);
  t.ok(turns >= 31, `${turns} turns`);
});

await t.test('nobody else reads it, and nothing tells whether it is there', async (t) => {
  const app = await build(t, KNOWN);
  const location = String((await post(app, BODY)).headers.location);
  await endOf(app, location);
  const id = location.split('/').at(-1);
  const paths = [
    `${location}#aide_publique`,
    `/v1/ouvertures/${id}`,
    '/v1/candidatures/00000000-0000-4000-8000-000000000000',
    '/v1/candidatures/1',
    `/v1/candidatures/${id}'--`,
    `/v1/ouvertures/${id}/a-demander`,
  ];
  for (const url of paths) {
    const { instance, ...problem } = (await app.inject({ url })).json();
    t.match(problem, { status: 404, type: '/problemes/suivi-inconnu' }, url);
  }
  t.equal((await app.inject({ url: location, headers: { authorization: '' } })).statusCode, 401);
  t.equal((await app.inject({ url: `${location}?limite=32` })).statusCode, 422);
});

await t.test('the journal has a line before sources are asked, and one when a dossier leaves', async (t) => {
  const lines: Record<string, { siren?: string; empreinte?: string | null }>[] = [];
  const app = await build(t, KNOWN, [], { journal: journalInto(lines) });
  const { location } = (await post(app, BODY)).headers;
  await endOf(app, String(location));
  t.match(lines[0], { route: '/v1/candidatures', quoi: { siren: SIRET.slice(0, 9), empreinte: null } });
  t.match(lines.at(-1), {
    route: '/v1/candidatures/:id',
    quoi: { siren: SIRET.slice(0, 9), empreinte: /^.{43}$/ },
  });
});

await t.test(
  'what is left to ask of an opening has its address, and a line for each company named',
  async (t) => {
    const lines: Record<string, { siren?: string; empreinte?: string | null }>[] = [];
    const app = await build(t, KNOWN, [], { journal: journalInto(lines) });
    const opening = { object: 'o', recipient: RECIPIENT, candidats: [SIRET, OTHER] };
    const location = String((await post(app, opening, { url: '/v1/ouvertures' })).headers.location);
    const { links } = await endOf(app, location);
    t.equal(links.a_demander, `${location}/a-demander`);
    const before = lines.length;
    const answer = await app.inject({ url: links.a_demander });
    t.equal(answer.statusCode, 200);
    const { data } = answer.json();
    t.match(data, {
      statut: 'terminee',
      fin_estimee_le: null,
      progression: { entreprises: 2, terminees: 2 },
    });
    t.strictSame(data.a_demander[0].entreprises, [SIRET, OTHER]);
    const told = lines.slice(before);
    t.strictSame(
      told.map(({ quoi }) => quoi?.siren),
      [SIRET, OTHER].map((siret) => siret.slice(0, 9)),
    );
    t.match(told[0], { route: '/v1/ouvertures/:id/a-demander', quoi: { empreinte: /^.{43}$/ } });
  },
);

await t.test('while it goes on, what is left to ask tells when to read it again', async (t) => {
  const held = Promise.withResolvers<void>();
  const app = await build(t, async (collecting) => {
    await held.promise;
    return KNOWN(collecting);
  });
  const opening = { object: 'o', recipient: RECIPIENT, candidats: [SIRET] };
  const location = String((await post(app, opening, { url: '/v1/ouvertures' })).headers.location);
  const { headers, json } = await app.inject({ url: `${location}/a-demander` });
  t.match(headers['retry-after'], /^\d+$/);
  t.match(json().data, { statut: 'en_cours', a_demander: [] });
  held.resolve();
});

await t.test('while the journal cannot be written, nothing is posted, read or asked', async (t) => {
  let isOpen = true;
  let asked = 0;
  const collect: AppOptions['collect'] = (collecting) => {
    asked++;
    return KNOWN(collecting);
  };
  const journal = { ...journalInto([]), isOpen: () => isOpen };
  const app = await build(t, collect, [], { journal });
  const { location } = (await post(app, BODY)).headers;
  await endOf(app, String(location));
  isOpen = false;
  const before = asked;
  t.equal((await post(app, BODY)).statusCode, 503);
  t.equal((await app.inject({ url: String(location) })).statusCode, 503);
  t.equal(asked, before);
});

await t.test('a habilitation that is revoked stops its jobs, without another call', async (t: Test) => {
  const collect: AppOptions['collect'] = async ({ sources }) => {
    const failed = { statut: 'indisponible', erreur: null, nouvel_essai_le: null } as const;
    const asked = {
      outcome: failed,
      perime: false,
      from: 'called',
      freshUntilMs: null,
      entry: null,
    } as const;
    return new Map(sources.map(({ source }) => [source.id, asked]));
  };
  let holder: Holder | null = null;
  let nowMs = Date.parse('2026-11-23T11:00:00Z');
  const jobs = jobsOf(t, () => nowMs);
  const app = await build(t, collect, [], {
    jobs,
    now: () => nowMs,
    witness: (witnessed, leave) => {
      holder = witnessed.holder ?? holder;
      leave(true);
    },
  });
  const { location } = (await post(app, BODY)).headers;
  const read = async () => (await app.inject({ url: String(location) })).json().data;
  await until(async () => (await read()).entreprises[0].statut === 'en_cours', ENDS_MS);
  t.equal((await read()).statut, 'en_cours');
  // As the register holds it: what revokes it there is tried elsewhere.
  Object.assign(holder as never as Holder, { isRevoked: true });
  nowMs += 3_600_000;
  const { store } = jobs;
  const id = String(location).split('/').at(-1) ?? '';
  await until(async () => sure(await store.find(id))?.job.state === 'interrompue', ENDS_MS);
  t.equal(
    (await app.inject({ url: String(location) })).statusCode,
    401,
    'nor does it read what was collected',
  );
});
