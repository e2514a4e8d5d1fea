import type { Spend } from './effort.ts';
import {
  ANNOTATION,
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  keywordOf,
  listedSchemas,
  namedSchemas,
} from './json-schema.ts';
import { definitionOf } from './read-schema.ts';

/** References that were followed to come where one is. */
export type Path = ReadonlySet<string>;

export interface Layered {
  layers: JsonObject[];
  path: Path;
}

/** Reads schemas as one: what holds for a value in any case is spread over a schema, its references and its `allOf`. */
export function createLayers(root: JsonObject, spend: Spend) {
  /** A reference that leads back to where one comes from is not followed again. */
  function spread(schema: JsonSchema, path: Path, layers: JsonObject[]): Path {
    spend(1);
    if (!isJsonObject(schema)) return path;
    layers.push(schema);
    const reference = keywordOf(schema, '$ref');
    const isNew = typeof reference === 'string' && !path.has(reference);
    // The path is copied, which costs what it is long.
    if (isNew) spend(path.size);
    let within: Path = isNew ? new Set([...path, reference]) : path;
    const others = [...listedSchemas(schema, 'allOf')];
    if (isNew) others.push(definitionOf(root, reference) ?? true);
    for (const other of others) within = spread(other, within, layers);
    return within;
  }
  return (schema: JsonSchema, path: Path): Layered => {
    const layers: JsonObject[] = [];
    return { path: spread(schema, path, layers), layers };
  };
}

export function annotationIn(layers: readonly JsonObject[]): string | undefined {
  const annotated = layers.find((layer) => Object.hasOwn(layer, ANNOTATION));
  return annotated && String(annotated[ANNOTATION]);
}

/** Each property, and all that is said of it. */
export function propertiesIn(layers: readonly JsonObject[]): Map<string, JsonSchema[]> {
  const named = layers.flatMap((layer) => namedSchemas(layer, 'properties'));
  const grouped = Map.groupBy(named, ([name]) => name);
  return new Map([...grouped].map(([name, all]) => [name, all.map(([, schema]) => schema)]));
}

export function togetherOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [first, ...others] = schemas;
  if (first === undefined) return true;
  return others.length === 0 ? first : { allOf: schemas };
}

export function holds(layers: readonly JsonObject[], keyword: string): boolean {
  return layers.some((layer) => Object.hasOwn(layer, keyword));
}
