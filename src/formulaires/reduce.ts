import type { Accepts } from './accepts.ts';
import { isScalar } from './coerce.ts';
import { alternatives, branches, type Inner, negation, setOrDelete } from './conditions.ts';
import type { Spend } from './effort.ts';
import { asksAnything, isAnswered } from './is-answered.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  keywordOf,
  listedSchemas,
  namedSchemas,
  requiredIn,
} from './json-schema.ts';
import { definitionOf } from './read-schema.ts';

/** A property that has its value, and what of it is left to ask: null when nothing is. */
export interface Known {
  value: unknown;
  rest: JsonSchema | null;
}

/**
 * What the schema of an object still asks once some of its properties are known: conditions that speak of these
 * are decided, so that known values and an answer to what is left, put together, satisfy the schema.
 */
export function createReduce(root: JsonObject, { accepts, spend }: { accepts: Accepts; spend: Spend }) {
  return function reduceBy(schema: JsonSchema, known: ReadonlyMap<string, Known>): JsonSchema {
    const placed = new Set<string>();
    const completeCount = [...known.values()].filter(({ rest }) => rest === null).length;

    /** @param isCertain whether it holds in any case: its known properties have been judged by it already */
    function reduce(schema: JsonSchema, isCertain: boolean, path: ReadonlySet<string>): JsonSchema {
      spend(1);
      if (!isJsonObject(schema)) return schema;
      const { $ref, properties, required, allOf, anyOf, oneOf, if: condition, ...others } = schema;
      const left = new Map<string, unknown>(Object.entries(others));
      const all: JsonSchema[] = [];
      const inner = (one: unknown, certain = false) => reduce(one as JsonSchema, certain, path);

      for (const one of listedSchemas(schema, 'allOf')) all.push(inner(one, isCertain));
      if (typeof $ref === 'string') all.push(referred($ref, isCertain, path));
      const kept = propertiesLeft(schema, isCertain);
      if (kept === null) return false;
      if (kept.length > 0) left.set('properties', Object.fromEntries(kept));
      const needed = [...requiredIn(schema).filter((name) => isAsked(name, isCertain)), ...triggered(schema)];
      if (needed.length > 0) left.set('required', [...new Set(needed)]);
      lessProperties(left);
      all.push(...dependents(schema, left, inner));
      for (const keyword of ['anyOf', 'oneOf'] as const) {
        if (
          !alternatives(
            keyword,
            listedSchemas(schema, keyword).map((one) => inner(one)),
            left,
          )
        )
          return false;
      }
      if (!negation(schema, left, inner)) return false;
      if (condition !== undefined) all.push(...branches(schema, left, inner));
      if (all.includes(false)) return false;
      const open = all.filter((one) => !isAnswered(one));
      if (open.length > 0) left.set('allOf', open);
      return Object.fromEntries(left);
    }

    function referred($ref: string, isCertain: boolean, path: ReadonlySet<string>): JsonSchema {
      const target = path.has($ref) ? undefined : definitionOf(root, $ref);
      spend(path.size);
      return target === undefined ? { $ref } : reduce(target, isCertain, new Set([...path, $ref]));
    }

    /** Null when a known value contradicts what is said of it. */
    function propertiesLeft(schema: JsonObject, isCertain: boolean): [string, JsonSchema][] | null {
      const left: [string, JsonSchema][] = [];
      for (const [name, property] of namedSchemas(schema, 'properties')) {
        const one = known.get(name);
        if (!one) left.push([name, property]);
        else if (isCertain) {
          if (one.rest !== null && !placed.has(name)) left.push([name, one.rest]);
          placed.add(name);
        } else if (one.rest !== null) left.push([name, property]);
        else if (isScalar(one.value) && typeof accepts(property, one.value) === 'object') return null;
      }
      return left;
    }

    function isAsked(name: string, isCertain: boolean): boolean {
      const one = known.get(name);
      return one === undefined || (isCertain && one.rest !== null && asksAnything(one.rest));
    }

    /** What properties that are there make necessary. */
    function triggered(schema: JsonObject): string[] {
      const rules = keywordOf(schema, 'dependentRequired');
      if (!isJsonObject(rules)) return [];
      return Object.entries(rules)
        .filter(([trigger]) => known.has(trigger))
        .flatMap(([, names]) => (names as string[]).filter((name) => !known.has(name)));
    }

    function lessProperties(left: Map<string, unknown>): void {
      for (const keyword of ['minProperties', 'maxProperties']) {
        const count = left.get(keyword);
        if (typeof count === 'number') left.set(keyword, Math.max(0, count - completeCount));
      }
    }

    return reduce(schema, true, new Set());

    function dependents(schema: JsonObject, left: Map<string, unknown>, inner: Inner): JsonSchema[] {
      const rules = keywordOf(schema, 'dependentRequired');
      if (isJsonObject(rules)) {
        const open = Object.entries(rules)
          .filter(([trigger]) => !known.has(trigger))
          .map(([trigger, names]) => [trigger, (names as string[]).filter((name) => !known.has(name))]);
        setOrDelete(left, 'dependentRequired', open);
      }
      const schemas = namedSchemas(schema, 'dependentSchemas');
      const open = schemas.filter(([trigger]) => !known.has(trigger));
      if (schemas.length > 0) {
        setOrDelete(
          left,
          'dependentSchemas',
          open.map(([trigger, one]) => [trigger, inner(one)]),
        );
      }
      return schemas.filter(([trigger]) => known.has(trigger)).map(([, one]) => inner(one));
    }
  };
}
