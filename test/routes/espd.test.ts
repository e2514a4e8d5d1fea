import t, { type Test } from 'tap';
import type { Witnessed } from '../../src/access/witness.ts';
import type { AppOptions } from '../../src/app.ts';
import type { Collecting } from '../../src/collection/collect.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { accessOf, build, collectOf, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';
import { requestXml } from '../helpers/espd-request.ts';
import { at, faultsIn, readXml } from '../helpers/espd-rules.ts';

const ESPD = GOOD.replace('?', '/espd?');
const XML = { 'content-type': 'application/xml' };
const OUTCOMES = {
  dgfip_attestation_fiscale: {
    ...fact('obtenu', { date_delivrance: null, date_periode_analysee: null }),
  },
};

async function setUp(t: Test, parts: Partial<AppOptions> = {}) {
  const told: Witnessed[] = [];
  const asked: Collecting[] = [];
  const collect = collectOf(OUTCOMES);
  const witness: AppOptions['witness'] = (witnessed, leave) => {
    told.push(witnessed);
    leave(true);
  };
  const app = await build(
    t,
    (collecting) => {
      asked.push(collecting);
      return collect(collecting);
    },
    [],
    { witness, ...parts },
  );
  const post = (payload: string, { url = ESPD, headers = XML }: { url?: string; headers?: object } = {}) =>
    app.inject({ method: 'POST', url, headers: headers as Record<string, string>, payload });
  return { app, asked, told, post };
}

t.test('a dossier is given as an ESPD response, and the access is told before', async (t) => {
  const { app, told } = await setUp(t);
  const response = await app.inject(ESPD);
  t.equal(response.statusCode, 200);
  t.match(response.headers, {
    'content-type': 'application/xml; charset=utf-8',
    'content-disposition': /^attachment; filename="DUME prerempli\.xml"/,
    'cache-control': 'private, no-store',
    'content-security-policy': /^sandbox;/,
    vary: /authorization/,
  });
  t.notMatch(response.headers['content-disposition'], new RegExp(SIRET.slice(0, 9)));
  t.strictSame(faultsIn(response.body), []);
  t.match(told.at(-1), { method: 'GET', route: '/v1/dossiers/:siret/espd', status: 200 });
  t.match(told.at(-1)?.asked, { siret: SIRET, object: '2026-001', recipient: RECIPIENT });
});

t.test('a posted request is completed, and told as it was asked', async (t) => {
  const { post, told } = await setUp(t);
  const response = await post(requestXml());
  t.equal(response.statusCode, 200);
  t.strictSame(faultsIn(response.body), []);
  t.match(told.at(-1), { method: 'POST', route: '/v1/dossiers/:siret/espd', status: 200 });
});

t.test('evidence is where the gateway is called, or where it says that it is', async (t) => {
  const endpointOf = (xml: string) =>
    at(
      readXml(xml),
      'cac:ContractingParty',
      'cac:Party',
      'cac:ServiceProviderParty',
      'cac:Party',
      'cbc:EndpointID',
    );
  const { app } = await setUp(t);
  const called = await app.inject({ url: ESPD, headers: { host: 'appel.example:8080' } });
  t.strictSame(endpointOf(called.body), ['http://appel.example:8080']);
  const publicUrl = 'https://passerelle.example';
  const { app: named } = await setUp(t, { publicUrl });
  t.strictSame(endpointOf((await named.inject(ESPD)).body), [publicUrl]);
});

t.test(
  'a request that cannot be read is refused before anybody is asked, and says why in French',
  async (t) => {
    const { post, asked } = await setUp(t);
    for (const body of [
      'bonjour',
      '',
      '<a/>',
      requestXml({ before: '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>' }),
      requestXml({ profile: 'ESPD-EDMv2.1.1' }),
      '<a>'.repeat(50_000),
    ]) {
      const response = await post(body);
      t.equal(response.statusCode, 422, body.slice(0, 40));
      t.match(response.json(), { type: '/problemes/demande-dume-refusee', detail: /\.$/ });
      t.notMatch(response.body, /passwd|at .*\.ts/);
    }
    t.equal((await post(`<a>${'x'.repeat(1024 * 1024)}</a>`)).statusCode, 413);
    t.match((await post('{}', { headers: { 'content-type': 'application/json' } })).json(), {
      status: 415,
      detail: 'Envoyez « Content-Type: application/xml ».',
    });
    t.equal(asked.length, 0);
  },
);

t.test('a request of several lots is answered for the one that is named', async (t) => {
  const { post } = await setUp(t);
  const body = requestXml({ lots: ['LOT-0001', 'LOT-0002'] });
  t.match((await post(body)).json(), { status: 422, errors: [{ parameter: 'lot' }] });
  t.equal((await post(body, { url: `${ESPD}&lot=LOT-0009` })).statusCode, 422);
  const response = await post(body, { url: `${ESPD}&lot=LOT-0002` });
  t.strictSame(at(readXml(response.body), 'cac:ProcurementProjectLot', 'cbc:ID'), ['LOT-0002']);
});

t.test('the role is the one asked for, and one of the list', async (t) => {
  const { app } = await setUp(t);
  const root = readXml((await app.inject(`${ESPD}&role=subcont`)).body);
  const path = ['cac:EconomicOperatorParty', 'cac:EconomicOperatorRole', 'cbc:RoleCode'];
  t.strictSame(at(root, ...path), ['subcont']);
  t.match((await app.inject(`${ESPD}&role=chef`)).json(), { status: 422, errors: [{ parameter: 'role' }] });
});

t.test('what a dossier is refused for, its ESPD is refused for', async (t) => {
  const { access, tokens } = await accessOf(t, () => NOON_MS);
  const app = await build(t, collectOf({}), [], { access });
  const statusFor = async (name: string | null, url = ESPD, method: 'GET' | 'POST' = 'GET') => {
    const authorization = name === null ? '' : `Bearer ${tokens[name]}`;
    const payload = method === 'POST' ? { payload: requestXml() } : {};
    return (await app.inject({ method, url, headers: { ...XML, authorization }, ...payload })).statusCode;
  };
  for (const method of ['GET', 'POST'] as const) {
    t.equal(await statusFor(null, ESPD, method), 401);
    for (const other of ['public', 'entreprise', 'socle']) {
      t.equal(await statusFor(other, ESPD, method), 403, `${method} ${other}`);
    }
    const elsewhere = ESPD.replace(RECIPIENT, '35600000000048');
    t.equal(await statusFor('marche_public', elsewhere, method), 403);
    t.equal(await statusFor('marche_public', ESPD, method), 404, 'no source knows the company');
    t.equal(await statusFor('socle', ESPD.replace('marche_public', 'socle'), method), 422, 'no ESPD for it');
  }
});

t.test('an ESPD that is not accounted for does not leave', async (t) => {
  const { app } = await setUp(t, { witness: (_, leave) => leave(false) });
  t.equal((await app.inject(ESPD)).statusCode, 503);
});
