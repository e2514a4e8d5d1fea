import { isJsonObject, type JsonObject, type JsonSchema } from './json-schema.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** What is left to ask, as a schema of its own: it has not the identity of the one it comes from. */
export function remainingSchema({ title, $defs }: JsonObject, rest: JsonSchema | null): JsonObject {
  const { $id, $defs: _, ...kept } = isJsonObject(rest) ? rest : { title, type: 'object', properties: {} };
  const used = definitionsUsed(kept, isJsonObject($defs) ? $defs : {});
  return { $schema: DIALECT, ...kept, ...(used.length > 0 && { $defs: Object.fromEntries(used) }) };
}

/** The definitions that references lead to, from one to the next. */
function definitionsUsed(schema: JsonObject, definitions: JsonObject): [string, unknown][] {
  const used = new Map<string, unknown>();
  const waiting: unknown[] = [schema];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    for (const [keyword, value] of Object.entries(one)) {
      const name = keyword === '$ref' && typeof value === 'string' ? nameIn(value) : null;
      if (name !== null && !used.has(name) && Object.hasOwn(definitions, name)) {
        used.set(name, definitions[name]);
        waiting.push(definitions[name]);
      } else waiting.push(value ?? null);
    }
  }
  return [...used];
}

function nameIn(reference: string): string {
  return reference.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
}
