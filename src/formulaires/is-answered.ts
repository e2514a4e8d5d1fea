import { type JsonSchema, listedSchemas, requiredIn } from './json-schema.ts';

/** Keywords that ask for nothing by themselves: those that describe, and those that bound what is given besides. */
const ASK_NOTHING = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'maxProperties',
]);

/** Whether nothing is left to ask of what a reduced schema describes. */
export function isAnswered(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema).every(
    ([keyword, value]) =>
      ASK_NOTHING.has(keyword) ||
      keyword.startsWith('x-') ||
      (keyword === 'type' && value === 'object') ||
      (keyword === 'minProperties' && value === 0),
  );
}

export function asksAnything(schema: JsonSchema): boolean {
  return requiredIn(schema).length > 0 || listedSchemas(schema, 'allOf').some(asksAnything);
}
