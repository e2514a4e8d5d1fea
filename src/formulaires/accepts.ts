import { format as FORMATS, type Schema, Validator } from '@cfworker/json-schema';
import type { Spend } from './effort.ts';
import { isJsonObject, type JsonObject, type JsonSchema, keywordOf, listedSchemas } from './json-schema.ts';
import type { Matches } from './patterns.ts';
import { definitionOf } from './read-schema.ts';

export type Scalar = string | number | boolean;

/** Whether a value is one that its schema accepts: the keyword that refuses it, or what could not be judged. */
export type Judgement = 'accepte' | { refusedBy: string } | 'non_verifiable';

/** Keywords that say something of a text, a number or a boolean by themselves. */
const ASSERTIONS = [
  'type',
  'const',
  'enum',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
];
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const SINGLES = ['not', 'if', 'then', 'else'] as const;
/** `url` is no format of JSON Schema, and `regex` would compile. */
const UNCHECKED_FORMATS = ['url', 'regex'];
/** References followed inside one another: beyond, they go round. */
const MAX_REFERENCES = 16;

class Unverifiable extends Error {}

/**
 * Judges texts, numbers and booleans by the schema of their property. What the schema says of them is copied
 * first, references followed and each `pattern` already matched, so that the validator, which interprets schemas
 * and generates no code, is left nothing that could run for long or lead elsewhere.
 */
export function createAccepts(root: JsonObject, { matches, spend }: { matches: Matches; spend: Spend }) {
  function copyFor(schema: JsonSchema, value: Scalar): JsonSchema {
    function copy(schema: JsonSchema, references: number): JsonSchema {
      if (references > MAX_REFERENCES) throw new Unverifiable();
      if (!isJsonObject(schema)) return schema;
      spend(1 + listedSchemas(schema, 'enum').length);
      const kept = new Map<string, unknown>();
      for (const keyword of ASSERTIONS) {
        if (Object.hasOwn(schema, keyword)) kept.set(keyword, schema[keyword]);
      }
      const format = formatIn(schema);
      if (format !== null) kept.set('format', format);
      const all = [
        ...listedSchemas(schema, 'allOf').map((one) => copy(one, references)),
        ...referredTo(schema).map((one) => copy(one, references + 1)),
        ...(holdsPattern(schema) ? [] : [false]),
      ];
      if (all.length > 0) kept.set('allOf', all);
      for (const keyword of LISTS.slice(1)) {
        const listed = listedSchemas(schema, keyword);
        if (listed.length > 0)
          kept.set(
            keyword,
            listed.map((one) => copy(one, references)),
          );
      }
      for (const keyword of SINGLES) {
        const single = keywordOf(schema, keyword);
        if (single !== undefined) kept.set(keyword, copy(single as JsonSchema, references));
      }
      return Object.fromEntries(kept);
    }

    function holdsPattern(schema: JsonObject): boolean {
      const pattern = keywordOf(schema, 'pattern');
      if (typeof pattern !== 'string' || typeof value !== 'string') return true;
      const holds = matches(pattern, value);
      if (holds === null) throw new Unverifiable();
      return holds;
    }

    return copy(schema, 0);
  }

  function referredTo(schema: JsonObject): JsonSchema[] {
    const reference = keywordOf(schema, '$ref');
    const found = typeof reference === 'string' ? definitionOf(root, reference) : undefined;
    return found === undefined ? [] : [found];
  }

  return (schema: JsonSchema, value: Scalar): Judgement => {
    try {
      const { valid, errors } = new Validator(copyFor(schema, value) as Schema, '2020-12').validate(value);
      return valid ? 'accepte' : { refusedBy: refusalIn(errors) };
    } catch (error) {
      if (error instanceof Unverifiable) return 'non_verifiable';
      throw error;
    }
  };
}
export type Accepts = ReturnType<typeof createAccepts>;

function formatIn(schema: JsonObject): string | null {
  const format = keywordOf(schema, 'format');
  const isKnown = typeof format === 'string' && Object.hasOwn(FORMATS, format);
  return isKnown && !UNCHECKED_FORMATS.includes(format) ? format : null;
}

/** The innermost is told last. A boolean schema that refuses stands for a pattern, unless the caller wrote it. */
function refusalIn(errors: { keyword: string }[]): string {
  const last = errors.findLast(({ keyword }) => keyword !== 'allOf')?.keyword ?? 'schema';
  return last === 'false' ? 'pattern' : last;
}
