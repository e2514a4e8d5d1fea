/** A JSON Schema, or a part of one: read from outside, so nothing is known of its keywords but that it is valid. */
export type JsonSchema = boolean | JsonObject;
export interface JsonObject {
  readonly [keyword: string]: unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keyword of a schema, never what an object inherits. */
export function keywordOf(schema: JsonSchema, keyword: string): unknown {
  return isJsonObject(schema) && Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
}

/** Its subschemas by name, for `properties`, `$defs` and their like. */
export function namedSchemas(schema: JsonSchema, keyword: string): [string, JsonSchema][] {
  const named = keywordOf(schema, keyword);
  return isJsonObject(named) ? (Object.entries(named) as [string, JsonSchema][]) : [];
}

/** Its subschemas in order, for `allOf`, `anyOf`, `oneOf`. */
export function listedSchemas(schema: JsonSchema, keyword: string): JsonSchema[] {
  const listed = keywordOf(schema, keyword);
  return Array.isArray(listed) ? listed : [];
}

export function requiredIn(schema: JsonSchema): string[] {
  const required = keywordOf(schema, 'required');
  return Array.isArray(required) ? required : [];
}

/** Our annotation: where in the dossier the value of a property is. */
export const ANNOTATION = 'x-dlnuf';
