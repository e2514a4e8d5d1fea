import t from 'tap';
import type { DossierReading } from '../../src/formulaires/dossier-reading.ts';
import { type FilledForm, fillForm } from '../../src/formulaires/fill.ts';
import { valueAt } from '../../src/formulaires/json-pointer.ts';
import { readSchema } from '../../src/formulaires/read-schema.ts';
import { unfilled } from '../../src/formulaires/unfilled.ts';

const KNOWN = {
  nom: 'ATELIER DES QUAIS',
  siret: '00001140300029',
  effectif: 34.25,
  actif: true,
  jour: '2015-05-18',
  type: 'societe',
  lignes: ['1 RUE A', '44000 NANTES'],
  exercices: [
    { clos: '2025-12-31', montant: 20 },
    { clos: '2024-12-31', montant: null },
  ],
};

const ORIGIN = {
  origine: 'administration' as const,
  source: 'insee_unite_legale',
  administration: 'Insee',
  obtenu_le: '2026-11-23T10:00:00Z',
  age_secondes: 5,
  perime: false,
  validite: 'inconnue' as const,
  se_rapporte_a: null,
  source_a_jour_au: null,
};
const reading: DossierReading = {
  read(segments) {
    const value = valueAt(KNOWN, segments) ?? null;
    return value === null ? { unfilled: unfilled('inconnu', 'Inconnu.') } : { value };
  },
  originOf: () => ORIGIN,
};

function fill(schema: object): FilledForm {
  const read = readSchema(schema);
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  const form = fillForm(read as never, reading);
  if (Array.isArray(form)) throw new Error(JSON.stringify(form));
  t.notOk(Array.isArray(readSchema(form.remaining)), 'what is left is a schema');
  return form;
}
const of = (pointer: string, more: object = {}) => ({ 'x-dlnuf': pointer, ...more });
const properties = (named: object, more: object = {}) => ({ type: 'object', properties: named, ...more });
const reasons = ({ unfilled }: FilledForm) =>
  Object.fromEntries(unfilled.map(({ champ, raison }) => [champ, raison]));

t.test('known values leave the schema of what is left, with their names in `required`', async (t) => {
  const form = fill(
    properties(
      {
        nom: of('/nom', { type: 'string' }),
        avis: { type: 'string' },
        ville: of('/ville', { type: 'string' }),
      },
      { required: ['nom', 'avis'] },
    ),
  );
  t.strictSame(form.values, { nom: KNOWN.nom });
  t.match(form.filled, [{ champ: '/nom', dossier: '/nom', source: 'insee_unite_legale', age_secondes: 5 }]);
  t.strictSame(reasons(form), { '/ville': 'inconnu' });
  t.match(form.remaining, { required: ['avis'] });
  t.strictSame(Object.keys(form.remaining.properties as object), ['avis', 'ville']);
});

t.test(
  'an object inside is asked for as long as something of it is, and required only for that',
  async (t) => {
    const inner = properties({ nom: of('/nom'), note: { type: 'string' } }, { required: ['nom'] });
    const form = fill(properties({ a: inner, b: properties({ nom: of('/nom') }) }, { required: ['a', 'b'] }));
    t.strictSame(form.values, { a: { nom: KNOWN.nom }, b: { nom: KNOWN.nom } });
    t.strictSame(form.remaining.required, undefined);
    t.strictSame(form.remaining.properties, { a: properties({ note: { type: 'string' } }) });
  },
);

t.test('nothing is left of a form that is known whole', async (t) => {
  const { remaining } = fill(
    properties({ nom: of('/nom') }, { required: ['nom'], additionalProperties: false }),
  );
  t.strictSame(remaining.properties, {});
  t.notOk('required' in remaining);
});

t.test('a value that its own schema refuses is not filled, and neither cut nor changed', async (t) => {
  const cases: Record<string, [object, string]> = {
    maxLength: [of('/nom', { type: 'string', maxLength: 10 }), 'contrainte_non_respectee'],
    pattern: [of('/nom', { pattern: '^[0-9]+$' }), 'contrainte_non_respectee'],
    maximum: [of('/effectif', { maximum: 10 }), 'contrainte_non_respectee'],
    enum: [of('/nom', { enum: ['A', 'B'] }), 'contrainte_non_respectee'],
    format: [of('/nom', { format: 'email' }), 'contrainte_non_respectee'],
    integer: [of('/effectif', { type: 'integer' }), 'type_incompatible'],
    boolean: [of('/nom', { type: 'boolean' }), 'type_incompatible'],
    hour: [of('/jour', { type: 'string', format: 'date-time' }), 'contrainte_non_respectee'],
    look: [of('/nom', { pattern: '(?=A)' }), 'contrainte_non_verifiable'],
    nested: [of('/nom', { allOf: [{ $ref: '#/$defs/court' }] }), 'contrainte_non_respectee'],
    proto: [of('/nom', { format: '__proto__', maxLength: 2 }), 'contrainte_non_respectee'],
  };
  for (const [name, [schema, raison]] of Object.entries(cases)) {
    const form = fill({
      $defs: { court: { maxLength: 3 } },
      ...properties({ a: schema }, { required: ['a'] }),
    });
    t.strictSame(form.values, {}, name);
    t.strictSame(reasons(form), { '/a': raison }, name);
    t.strictSame(form.remaining.required, ['a'], name);
  }
});

t.test('references and conditions of one value are followed', async (t) => {
  const form = fill({
    $defs: { siret: { type: 'string', pattern: '^[0-9]{14}$' }, inutile: true },
    ...properties({
      a: { $ref: '#/$defs/siret', 'x-dlnuf': '/siret' },
      b: of('/siret', { anyOf: [{ type: 'null' }, { type: 'string', pattern: '^0+1' }] }),
      c: of('/lignes', { type: 'string' }),
      d: of('/actif', { enum: ['oui', 'non'] }),
      e: { $ref: '#/$defs/siret' },
    }),
  });
  t.strictSame(form.values, { a: KNOWN.siret, b: KNOWN.siret, c: '1 RUE A, 44000 NANTES', d: 'oui' });
  t.strictSame(
    Object.keys(form.remaining.$defs as object),
    ['siret'],
    'definitions that serve no more are gone',
  );
});

t.test('a list is filled element by element, and what is left is asked element by element', async (t) => {
  const items = properties(
    { clos: of('/clos'), montant: of('/montant', { type: 'number' }) },
    { required: ['clos', 'montant'] },
  );
  const form = fill(properties({ e: of('/exercices', { type: 'array', items }) }, { required: ['e'] }));
  t.strictSame(form.values, { e: [{ clos: '2025-12-31', montant: 20 }, { clos: '2024-12-31' }] });
  t.strictSame(reasons(form), { '/e/1/montant': 'inconnu' });
  t.match((form.remaining.properties as Record<string, object>).e, {
    type: 'array',
    minItems: 2,
    items: false,
    prefixItems: [true, { required: ['montant'] }],
  });
  const short = fill(properties({ e: of('/exercices', { type: 'array', items, maxItems: 1 }) }));
  t.strictSame(short.values, {});
  t.strictSame(reasons(short), { '/e': 'contrainte_non_respectee' });
  t.strictSame(fill(properties({ l: of('/lignes', { type: 'array', items: { type: 'string' } }) })).values, {
    l: KNOWN.lignes,
  });
});

t.test('conditions that known values decide are decided', async (t) => {
  const ifSociete = { properties: { type: { const: 'societe' } }, required: ['type'] };
  const form = fill(
    properties(
      { type: of('/type', { enum: ['societe', 'association'] }), capital: {}, rna: {} },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      { if: ifSociete, then: { required: ['capital'] }, else: { required: ['rna'] } },
    ),
  );
  t.match(form.remaining.allOf, [{ required: ['capital'] }]);
  t.notOk('if' in form.remaining);
  const or = fill(
    properties({ nom: of('/nom'), b: {} }, { anyOf: [{ required: ['nom'] }, { required: ['b'] }] }),
  );
  t.notOk('anyOf' in or.remaining);
  const depends = fill(
    properties({ nom: of('/nom'), b: {} }, { dependentRequired: { nom: ['b'] }, minProperties: 2 }),
  );
  t.match(depends.remaining, { required: ['b'], minProperties: 1 });
});

t.test('values that together break a rule of the form are not filled', async (t) => {
  const form = fill(
    properties({ type: of('/type') }, { oneOf: [{ properties: { type: { const: 'autre' } } }] }),
  );
  t.strictSame(form.values, {});
  t.strictSame(reasons(form), { '/type': 'contrainte_non_respectee' });
});

t.test('an annotation where nothing is filled is told', async (t) => {
  const form = fill(properties({ a: { anyOf: [properties({ b: of('/nom') })] } }));
  t.strictSame(reasons(form), { '#/properties/a/anyOf/0/properties/b': 'emplacement_non_pris_en_charge' });
});

t.test('references that go round, or multiply, end', async (t) => {
  const round = { a: properties({ nom: of('/nom'), suite: { $ref: '#/$defs/a' } }) };
  const form = fill({ $defs: round, ...properties({ a: { $ref: '#/$defs/a' } }) });
  t.strictSame(form.values, { a: { nom: KNOWN.nom } });
  const self = fill({
    $defs: { a: { $ref: '#/$defs/a' } },
    ...properties({ a: { $ref: '#/$defs/a', 'x-dlnuf': '/nom' } }),
  });
  t.strictSame(reasons(self), { '/a': 'contrainte_non_verifiable' });
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => {
      const $ref = `#/$defs/d${i + 1}`;
      return [`d${i}`, properties({ a: { $ref }, b: { $ref }, c: of('/nom') })];
    }),
  );
  const schema = readSchema({ $defs: { ...$defs, d30: true }, ...properties({ a: { $ref: '#/$defs/d0' } }) });
  t.match(fillForm(schema as never, reading), [{ pointer: '', detail: /simplifiez/ }]);
});

t.test('a long chain of references, asked for many times, is too much', async (t) => {
  const chain = Array.from({ length: 400 }, (_, i) => [`d${i}`, { allOf: [{ $ref: `#/$defs/d${i + 1}` }] }]);
  const asked = Array.from({ length: 60 }, (_, i) => [`p${i}`, of('/nom', { $ref: '#/$defs/d0' })]);
  const $defs = { ...Object.fromEntries(chain), d400: { type: 'string' } };
  const schema = readSchema({ $defs, ...properties(Object.fromEntries(asked)) });
  t.match(fillForm(schema as never, reading), [{ pointer: '', detail: /simplifiez/ }]);
});
