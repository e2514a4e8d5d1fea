import fc from 'fast-check';
import t from 'tap';
import { endpoints } from '../../src/sandbox/endpoints.ts';
import { BLACKLISTED_JTI } from '../../src/sandbox/token.ts';
import {
  codesOf,
  MSA,
  SIREN,
  SIRET,
  startSandbox,
  traced,
  UNKNOWN_SIREN,
  VIGILANCE,
} from './start-sandbox.ts';

const API_JSON = 'application/vnd.api+json';

const SAMPLES: Record<string, string> = {
  siren: SIREN,
  siret: SIRET,
  siret_or_eori: `FR${SIRET}`,
  siren_or_rna: 'W751000001',
  siren_or_siret_or_rna: SIRET,
  year: '2024',
  month: '09',
};

await t.test(
  'every endpoint answers on each of its versions, and asks the question of its row',
  async (t) => {
    const { get, asked } = await startSandbox(t, { quotas: false });
    for (const { id, versions, path } of endpoints) {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => SAMPLES[name] ?? '');
      for (const version of versions) {
        const answer = await get(traced(`/v${version}${filled}`));
        t.equal(answer.status, 200, `${id} v${version}`);
        t.equal(asked.at(-1)?.endpoint, id);
        t.equal(asked.at(-1)?.today, '2026-11-23');
      }
    }
  },
);

await t.test('a success has the content type of API Entreprise, without a charset', async (t) => {
  const { get } = await startSandbox(t);
  const { headers, json } = await get(MSA);
  t.equal(headers['content-type'], API_JSON);
  t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/);
  t.same(Object.keys(json), ['data', 'links', 'meta']);
});

await t.test(
  'the question holds the identifier and the parameters the endpoint knows, no others',
  async (t) => {
    const { get, asked } = await startSandbox(t);
    await get(
      traced(`/v3/gip_mds/etablissements/${SIRET}/effectifs_mensuels/02/annee/2026`, '&profondeur=3'),
    );
    t.match(asked.at(-1), { identifier: SIRET });
    t.same(asked.at(-1)?.parameters, {
      month: '02',
      year: '2026',
      profondeur: '3',
      nature_effectif: 'moyen',
    });
  },
);

await t.test('an unknown nature of headcount silently means the default one', async (t) => {
  const { get, asked } = await startSandbox(t);
  const path = `/v3/gip_mds/unites_legales/${SIREN}/effectifs_annuels/2025`;
  await get(traced(path, '&nature_effectif=boeth'));
  await get(traced(path, '&nature_effectif=inconnue'));
  t.same(
    asked.map(({ parameters }) => parameters.nature_effectif),
    ['boeth', 'moyen'],
  );
});

await t.test('the day of the question is the one in Paris', async (t) => {
  const { get, asked, clock } = await startSandbox(t);
  clock.nowMs = Date.parse('2026-06-30T22:30:00Z');
  await get(MSA);
  t.equal(asked.at(-1)?.today, '2026-07-01');
});

await t.test('a company that nobody knows is a 404 in the name of the provider', async (t) => {
  const { get } = await startSandbox(t);
  const answer = await get(traced(`/v4/urssaf/unites_legales/${UNKNOWN_SIREN}/attestation_vigilance`));
  t.equal(answer.status, 404);
  t.equal(answer.headers['content-type'], API_JSON);
  const [error] = answer.json.errors;
  t.match(error, { code: '04003', title: 'Entité non trouvée', meta: { provider: 'ACOSS' } });
  t.notOk('source' in error);
});

await t.test('an answer of any status keeps the one the data gives it', async (t) => {
  const body = { errors: [{ code: '01005', meta: { provider: 'INSEE' } }] };
  const { get } = await startSandbox(t, { answerQuestion: () => ({ status: 451, body }) });
  const answer = await get(traced(`/v4/insee/sirene/etablissements/${SIRET}`));
  t.equal(answer.status, 451);
  t.same(answer.json, body);
});

await t.test('a token is taken from each of the three places where it may be', async (t) => {
  const { get, token } = await startSandbox(t);
  const none = await get(MSA, { token: null });
  t.equal(none.status, 401);
  t.equal(none.headers['content-type'], 'application/json');
  t.same(none.json.errors[0].source, { parameter: 'token' });
  t.equal((await get(MSA, { token: null, headers: { 'x-api-key': token } })).status, 200);
  t.equal((await get(`${MSA}&token=${token}`, { token: null })).status, 200);
  t.equal((await get(MSA, { token: null, headers: { authorization: `bearer ${token}` } })).status, 401);
});

await t.test('each way a token can be refused has its code', async (t) => {
  const { get, mint, clock } = await startSandbox(t);
  const shortLived = await mint({ lifetimeDays: 1 });
  t.equal((await get(MSA, { token: shortLived })).status, 200);
  t.same(codesOf(await get(MSA, { token: await mint({ jti: BLACKLISTED_JTI }) })), ['00105']);
  t.same(codesOf(await get(MSA, { token: await mint({ secret: 'x'.repeat(32) }) })), ['00101']);
  t.same(codesOf(await get(MSA, { token: await mint({ uid: 'NOT-A-UUID' }) })), ['00101']);
  t.same(codesOf(await get(MSA, { token: 'a.b.c' })), ['00101']);
  clock.nowMs += 86_400_000;
  t.same(codesOf(await get(MSA, { token: shortLived })), ['00103']);
});

await t.test('a token without one of the scopes of an endpoint is refused there only', async (t) => {
  const { get, mint } = await startSandbox(t);
  const token = await mint({ scopes: ['cotisations_msa'] });
  t.equal((await get(MSA, { token })).status, 200);
  const refused = await get(VIGILANCE, { token });
  t.equal(refused.status, 403);
  t.same(codesOf(refused), ['00100']);
  const vat = traced(`/v3/european_commission/unites_legales/${SIREN}/numero_tva`);
  t.equal((await get(vat, { token })).status, 200, 'needs no scope at all');
});

await t.test('the privileges of a token are its scopes, and need no tracing parameter', async (t) => {
  const { get, mint } = await startSandbox(t);
  const token = await mint({ scopes: ['open_data'] });
  t.same((await get('/privileges', { token })).json, { data: { privileges: ['open_data'] } });
  t.equal((await get('/privileges', { token: null })).status, 401);
});

await t.test('all missing tracing parameters are told at once, blank ones too', async (t) => {
  const { get } = await startSandbox(t);
  const path = `/v3/msa/etablissements/${SIRET}/conformite_cotisations`;
  const none = await get(path);
  t.equal(none.status, 422);
  t.equal(none.headers['content-type'], 'application/json');
  t.same(codesOf(none), ['00201', '00202', '00203']);
  t.notOk('x-response-cached' in none.headers);
  t.same(codesOf(await get(`${path}?context=a&object=%20&recipient=10000001700010`)), ['00202']);
});

await t.test('a recipient that is not a SIRET is refused, after the version', async (t) => {
  const { get } = await startSandbox(t);
  const bad = '?context=a&object=b&recipient=12345678901234';
  const refused = await get(`/v3/msa/etablissements/${SIRET}/conformite_cotisations${bad}`);
  t.equal(refused.status, 422);
  t.equal(refused.headers['content-type'], 'application/json');
  t.same(codesOf(refused), ['00210']);
  const version = await get(`/v4/msa/etablissements/${SIRET}/conformite_cotisations${bad}`);
  t.equal(version.status, 404);
  t.same(codesOf(version), ['00402']);
  t.equal(version.headers['x-response-cached'], 'false');
});

await t.test('each malformed path or query parameter has its code', async (t) => {
  const { get } = await startSandbox(t);
  const cases: [path: string, code: string, more?: string][] = [
    ['/v4/urssaf/unites_legales/552032535/attestation_vigilance', '00301'],
    ['/v3/msa/etablissements/55203253400647/conformite_cotisations', '00302'],
    ['/v3/msa/etablissements/5520/conformite_cotisations', '00302'],
    ['/v3/douanes/etablissements/FR12/immatriculations_eori', '00304'],
    [`/v4/djepva/api-association/associations/${SIRET}`, '00333'],
    ['/v3/data_subvention/associations/X1/subventions', '00330'],
    [`/v3/gip_mds/etablissements/${SIRET}/effectifs_mensuels/9/annee/2026`, '00305'],
    [`/v3/gip_mds/unites_legales/${SIREN}/effectifs_annuels/2027`, '00307'],
    [`/v3/dgfip/unites_legales/${SIREN}/liasses_fiscales/20x5`, '00307'],
    [`/v3/dgfip/unites_legales/${SIREN}/liasses_fiscales/2026`, '00315'],
    [`/v3/dgfip/unites_legales/${SIREN}/liens_capitalistiques/2005`, '00315'],
    [`/v3/ademe/etablissements/${SIRET}/certification_rge`, '00313', '&limit=1001'],
    [`/v3/gip_mds/etablissements/${SIRET}/effectifs_mensuels/09/annee/2026`, '00390', '&profondeur=14'],
  ];
  for (const [path, code, more] of cases) {
    const refused = await get(traced(path, more));
    t.equal(refused.status, 422, path);
    t.equal(refused.headers['content-type'], API_JSON);
    t.same(codesOf(refused), [code]);
  }
});

await t.test(
  'a SIRET of La Poste, or one around a malformed SIREN, is accepted as the hub does',
  async (t) => {
    const { get } = await startSandbox(t);
    for (const siret of ['35600000012345', '00000000000000', '12345678200002']) {
      const { status } = await get(traced(`/v3/msa/etablissements/${siret}/conformite_cotisations`));
      t.equal(status, 200, siret);
    }
  },
);

await t.test('an identical request in flight is a conflict; one that differs at all is not', async (t) => {
  const gate = Promise.withResolvers<void>();
  const threeInFlight = Promise.withResolvers<void>();
  let inFlight = 0;
  const sleep = () => {
    inFlight += 1;
    if (inFlight === 3) threeInFlight.resolve();
    return gate.promise;
  };
  const { get, stage, mint } = await startSandbox(t, { sleep });
  await stage('msa_conformite_cotisations', { latencyMs: 5_000 });
  const answers = [
    get(MSA),
    get(MSA.replace('object=dossier', 'object=autre')),
    get(MSA, { token: await mint() }),
  ];
  await threeInFlight.promise;
  const refused = await get(`${MSA.replace('context=marche&', '')}&context=marche`);
  t.equal(refused.status, 409, 'the order of the parameters does not matter');
  t.equal(refused.headers['content-type'], 'application/json');
  t.same(codesOf(refused), ['00015']);
  gate.resolve();
  for (const answer of await Promise.all(answers)) t.equal(answer.status, 200);
  await stage('msa_conformite_cotisations', {});
  t.equal((await get(MSA)).status, 200, 'the answer has released it');
});

await t.test('a request refused for its parameters leaves its lock for a minute', async (t) => {
  const { get, clock } = await startSandbox(t);
  for (const path of [MSA.replace('context=marche', ''), MSA.replace('/v3/', '/v5/')]) {
    t.not((await get(path)).status, 409);
    t.equal((await get(path)).status, 409);
    clock.nowMs += 60_000;
    t.not((await get(path)).status, 409);
  }
  const malformed = MSA.replace(SIRET, '1');
  t.same([(await get(malformed)).status, (await get(malformed)).status], [422, 422], 'but not for its path');
});

await t.test('a version that is gone, and a path that never was, are plain text', async (t) => {
  const { get } = await startSandbox(t);
  const unknown = await get('/v3/nulle/part');
  t.same([unknown.status, unknown.headers['content-type']], [404, 'text/plain']);
  const gone = await get('/v2/etablissements/1');
  t.same([gone.status, gone.headers['content-type']], [410, 'text/plain']);
  t.equal((await get(`/v3/inpi/unites_legales/${SIREN}/actes`)).status, 410);
  t.equal((await get('/v2/ping')).status, 200);
  t.ok(unknown.headers['x-request-id']);
});

await t.test(
  'version 3 of a certificate is a document and its life, and a refusal of Urssaf an error',
  async (t) => {
    const data = { document_url: 'x', document_url_expires_in: 86_400, entity_status: { code: 'ok' } };
    const refusal = { entity_status: { code: 'refus_de_delivrance' } };
    const meta = { extractor_error: 'invalid_file' };
    const { get } = await startSandbox(t, {
      answerQuestion: ({ identifier }) => {
        return { status: 200, body: { data: identifier === SIREN ? data : refusal, links: {}, meta } };
      },
    });
    const third = VIGILANCE.replace('/v4/', '/v3/');
    const delivered = { data: { document_url: 'x', expires_in: 86_400 }, links: {}, meta: {} };
    t.same((await get(third)).json, delivered, 'nor is anything read in the document');
    const refused = await get(third.replace(SIREN, '356000000'));
    t.equal(refused.status, 502);
    t.same(codesOf(refused), ['04503']);
    t.equal((await get(VIGILANCE.replace(SIREN, '356000000'))).status, 200, 'a success in version 4');
  },
);

await t.test('version 3 of Sirene tells activities in the older nomenclature', async (t) => {
  const unit = { activite_principale: 'NAF2025', activite_principale_naf_rev2: 'NAFRev2' };
  const { get } = await startSandbox(t, {
    answerQuestion: () => ({
      status: 200,
      body: { data: { ...unit, unite_legale: unit }, links: {}, meta: {} },
    }),
  });
  const { json } = await get(traced(`/v3/insee/sirene/etablissements/${SIRET}`));
  t.same(json.data, { activite_principale: 'NAFRev2', unite_legale: { activite_principale: 'NAFRev2' } });
});

await t.test('garbage is refused, never a crash nor a 500', async (t) => {
  const { get, bugs } = await startSandbox(t, { quotas: false });
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', '%', '%zz', '%ff', SIRET, '../..', '', 'W751000001', 'constructor'),
  );
  const piece = fc.oneof(text.map(encodeURIComponent), fc.constantFrom('%', '%ff', '%00', '..', '[]', '&&='));
  const path = fc.constantFrom(
    ...endpoints.map((endpoint) => `/v3${endpoint.path}`),
    '/ping/{a}',
    '/{a}/{b}',
  );
  await fc.assert(
    fc.asyncProperty(path, piece, piece, piece, async (path, a, b, c) => {
      const filled = path.replaceAll(/\{\w+\}/g, () => a);
      const { status } = await get(`${filled}?context=${b}&object=${c}&recipient=10000001700010&${c}=${b}`);
      return status < 500;
    }),
    { numRuns: 300 },
  );
  t.same(bugs, []);
  t.equal(
    (await get('/v3/ping', { method: 'POST', body: '{', headers: { 'content-type': 'a/b' } })).status,
    404,
  );
});

await t.test('a bug in the data is a loud 500 that says nothing of its cause', async (t) => {
  const { get, bugs } = await startSandbox(t, {
    answerQuestion: () => {
      throw new Error('secret');
    },
  });
  const answer = await get(MSA);
  t.equal(answer.status, 500);
  t.same(codesOf(answer), ['00500']);
  t.notMatch(answer.text, /secret/);
  t.match(bugs, [{ message: 'secret' }]);
  t.equal((await get(MSA)).status, 500, 'and its lock was released');
});
