/** A JSON schema, as fast-json-stringify wants it. */
export type JsonSchema = { [keyword: string]: unknown };

/**
 * The schema of a value that is there, as precise as one written by hand. Where it is null, anything may come:
 * a union would be checked at each answer, which costs more than it saves.
 */
export function jsonSchemaOf(value: unknown): JsonSchema {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { type: 'array', items: value.map(jsonSchemaOf).reduce(common, {}) };
  if (typeof value === 'object') {
    const properties = Object.entries(value).map(([name, one]) => [name, jsonSchemaOf(one)]);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  return { type: typeof value };
}

/** The items of a list share one schema; those that differ are left as they are. */
function common(all: JsonSchema, one: JsonSchema, index: number): JsonSchema {
  return index === 0 || JSON.stringify(all) === JSON.stringify(one) ? one : {};
}
