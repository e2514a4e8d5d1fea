import t, { type Test } from 'tap';
import type { Witnessed } from '../../src/access/witness.ts';
import { build, collectOf, fact, RECIPIENT, SIRET } from '../helpers/app.ts';

const URL = '/v1/formulaires/preremplissage';
const ASKED = { siret: SIRET, usage: 'marche_public', object: '2026-001', recipient: RECIPIENT };
const SCHEMA = {
  type: 'object',
  properties: { vigilance: { 'x-dlnuf': '/social/msa/situation' }, siret: { 'x-dlnuf': '/siret' } },
};

async function setUp(t: Test, isRemembered = true) {
  const told: Witnessed[] = [];
  const app = await build(
    t,
    collectOf({ msa_conformite_cotisations: fact('obtenu', { situation: 'a_jour' }) }),
    [],
    {
      witness(witnessed, leave) {
        told.push(witnessed);
        leave(isRemembered);
      },
    },
  );
  const post = (payload: unknown, headers = {}) =>
    app.inject({ method: 'POST', url: URL, payload: payload as object, headers });
  return { app, post, told };
}

t.test('a form is answered with values, their age, and what is left; its access is told first', async (t) => {
  const { post, told } = await setUp(t);
  const response = await post({ ...ASKED, schema: SCHEMA });
  t.equal(response.statusCode, 200);
  t.match(response.headers, { 'cache-control': 'private, no-store', vary: /authorization/ });
  const { data } = response.json();
  t.strictSame(data.valeurs, { vigilance: 'a_jour', siret: SIRET });
  t.match(data.remplis[0], {
    source: 'msa_conformite_cotisations',
    obtenu_le: '2026-11-23T10:00:00Z',
    age_secondes: 3600,
  });
  t.strictSame(data.a_completer.properties, {});
  t.match(told.at(-1), {
    method: 'POST',
    route: URL,
    status: 200,
    asked: { siret: SIRET, object: '2026-001' },
  });
  t.ok(told.at(-1)?.collected.includes('msa_conformite_cotisations'));
});

t.test('what cannot be accounted for does not leave', async (t) => {
  const { post } = await setUp(t, false);
  const response = await post({ ...ASKED, formulaire: 'dc1' });
  t.equal(response.statusCode, 503);
  t.notMatch(response.body, 'a_jour');
});

t.test('each bad value is named where it is in the body', async (t) => {
  const { post } = await setUp(t);
  const pointers = async (payload: unknown) => {
    const response = await post(payload);
    t.equal(response.statusCode, 422, response.body);
    t.match(response.headers, { 'content-type': /problem\+json/ });
    return response.json().errors.map(({ pointer }: { pointer: string }) => pointer);
  };
  t.strictSame(await pointers({}), ['/siret', '/usage', '/object', '/recipient']);
  t.strictSame(await pointers({ ...ASKED, siret: 12 }), ['/siret']);
  t.strictSame(await pointers(ASKED), ['/schema']);
  t.strictSame(await pointers({ ...ASKED, formulaire: 'dc1', schema: {} }), ['/schema']);
  t.strictSame(await pointers({ ...ASKED, formulaire: '../dc1' }), ['/formulaire']);
  t.strictSame(await pointers({ ...ASKED, schema: { $ref: 'file:///etc/passwd' } }), ['/schema/$ref']);
});

t.test('a name that is not documented is refused: a slip in one would change what is asked', async (t) => {
  const { app, post, told } = await setUp(t);
  const response = await post({ ...ASKED, schema: SCHEMA, natrue: 'travaux_batiment' });
  t.match([response.statusCode, response.json().errors], [422, [{ pointer: '/natrue' }]]);
  const several = await post({ ...ASKED, schema: SCHEMA, natrue: 'travaux_batiment', recipient: 'x' });
  t.match(several.json().errors, [{ pointer: '/recipient' }, { pointer: '/natrue' }], 'all at once');
  const champs = await app.inject({
    method: 'POST',
    url: '/v1/formulaires/demarche-numerique',
    payload: { ...ASKED, champs: [], envoyez: true },
  });
  t.match([champs.statusCode, champs.json().errors], [422, [{ pointer: '/envoyez' }]]);
  t.strictSame(told, []);
});

t.test('hostile bodies are refused, or answered, and never fail', async (t) => {
  const { app } = await setUp(t);
  const deep = `${'{"properties":{"a":'.repeat(2_000)}{}${'}}'.repeat(2_000)}`;
  const bodies: Record<string, [string, number]> = {
    deep: [`{"schema":${deep},${JSON.stringify(ASKED).slice(1)}`, 422],
    large: [JSON.stringify({ ...ASKED, schema: { description: 'a'.repeat(1_100_000) } }), 413],
    polluting: ['{"__proto__":{"siret":"1"}}', 400],
    list: ['[1]', 422],
    text: ['siret', 400],
    traversal: [
      JSON.stringify({ ...ASKED, schema: { properties: { a: { 'x-dlnuf': '/../../etc' } } } }),
      200,
    ],
    inherited: [
      JSON.stringify({ ...ASKED, schema: { properties: { a: { 'x-dlnuf': '/constructor/name' } } } }),
      200,
    ],
  };
  for (const [name, [payload, status]] of Object.entries(bodies)) {
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: URL, payload, headers });
    t.equal(response.statusCode, status, name);
    if (status === 200) t.match(response.json().data.non_remplis, [{ raison: 'pointeur_inconnu' }], name);
  }
});

t.test('a token of another usage, or none, fills nothing', async (t) => {
  const { post } = await setUp(t);
  t.equal((await post({ ...ASKED, formulaire: 'dc1' }, { authorization: '' })).statusCode, 401);
  const other = await post({ ...ASKED, formulaire: 'dc1', recipient: '21750001600019' });
  t.equal(other.statusCode, 403);
});

t.test('ready-made forms are listed and read by anybody', async (t) => {
  const { app } = await setUp(t);
  const list = (await app.inject({ url: '/v1/formulaires', headers: { authorization: '' } })).json().data;
  t.match(list[0], { id: 'dc1', usages: ['marche_public'], href: '/v1/formulaires/dc1' });
  for (const { href } of list) {
    const response = await app.inject(href);
    t.equal(response.statusCode, 200);
    t.match(response.json(), { $schema: /2020-12/, type: 'object' });
  }
  t.equal((await app.inject('/v1/formulaires/dc9')).statusCode, 404);
});
