import t from 'tap';
import { readSchema } from '../../src/formulaires/read-schema.ts';

/** Where a schema is refused; nothing when it is accepted. */
function refusals(schema: unknown): string[] {
  const read = readSchema(schema);
  return Array.isArray(read) ? read.map(({ pointer }) => pointer) : [];
}

function nested(depth: number): object {
  let schema: object = { type: 'string' };
  for (let i = 0; i < depth; i++) schema = { properties: { a: schema } };
  return schema;
}

t.test('a schema of the 2020-12 dialect is accepted, with or without saying so', async (t) => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://mairie.example/formulaire',
    $defs: { nom: { type: 'string' } },
    type: 'object',
    properties: { nom: { $ref: '#/$defs/nom', 'x-dlnuf': '/identite/denomination' }, if: true },
  };
  t.equal(readSchema(schema), schema);
  t.strictSame(refusals({ ...schema, $schema: undefined, $id: undefined }), ['/$schema']);
  t.strictSame(refusals({}), []);
});

t.test('what is no JSON Schema is refused where it is wrong', async (t) => {
  for (const value of [null, [], 'a', 3, true]) t.strictSame(refusals(value), [''], String(value));
  t.ok(refusals({ properties: { a: { type: 'objet' } } }).includes('/properties/a/type'));
  t.strictSame(refusals({ properties: { a: { minLength: -1 } } }), ['/properties/a/minLength']);
  t.strictSame(refusals({ $schema: 'http://json-schema.org/draft-07/schema#' }), ['/$schema']);
});

t.test('references lead to a definition of the same schema, or are refused', async (t) => {
  for (const $ref of ['http://interne.example/a', '#', '#/properties/a', '#/$defs/absent', '../a', 3]) {
    t.strictSame(refusals({ properties: { a: { $ref } } }), ['/properties/a/$ref'], String($ref));
  }
  t.strictSame(refusals({ properties: { a: { $dynamicRef: '#a' } } }), ['/properties/a/$dynamicRef']);
  t.strictSame(refusals({ properties: { a: { $id: 'b' } } }), ['/properties/a/$id']);
});

t.test('a pointer that is none is refused; names of properties and data are not keywords', async (t) => {
  for (const pointer of ['identite', '/a~2', 3, `/${'a'.repeat(300)}`, '/a'.repeat(20)]) {
    t.strictSame(refusals({ 'x-dlnuf': pointer }), ['/x-dlnuf'], String(pointer));
  }
  t.strictSame(refusals({ properties: { $ref: true, 'x-dlnuf': true }, const: { $ref: 'a' } }), []);
});

t.test('what would be too much to read is refused', async (t) => {
  t.strictSame(refusals(nested(20)), []);
  t.match(refusals(nested(200)), [/^\/properties\/a/]);
  t.equal(refusals({ enum: Array.from({ length: 30_000 }, (_, i) => i) }).length, 1);
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`p${i}`, true]));
  t.strictSame(refusals({ properties: wide }), ['/properties']);
  const annotated = Array.from({ length: 600 }, () => ({ 'x-dlnuf': '/siret' }));
  t.equal(refusals({ allOf: annotated }).length, 1);
  t.strictSame(refusals(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')), [
    '/properties/__proto__',
  ]);
});
