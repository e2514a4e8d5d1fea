import { isAnswered } from './is-answered.ts';
import { type JsonObject, type JsonSchema, keywordOf } from './json-schema.ts';

export type Inner = (schema: unknown, isCertain?: boolean) => JsonSchema;

export function setOrDelete(left: Map<string, unknown>, keyword: string, entries: unknown[][]): void {
  if (entries.length === 0) left.delete(keyword);
  else left.set(keyword, Object.fromEntries(entries));
}

/** Of `anyOf` or `oneOf`, what is still possible. @returns false when none is any more */
export function alternatives(
  keyword: 'anyOf' | 'oneOf',
  reduced: JsonSchema[],
  left: Map<string, unknown>,
): boolean {
  if (reduced.length === 0) return true;
  const possible = reduced.filter((one) => one !== false);
  const isDecided =
    keyword === 'anyOf'
      ? possible.some(isAnswered)
      : possible.length === 1 && isAnswered(possible[0] as JsonSchema);
  if (!isDecided) left.set(keyword, possible);
  return possible.length > 0;
}

/** @returns false when what must not hold does */
export function negation(schema: JsonObject, left: Map<string, unknown>, inner: Inner): boolean {
  const negated = keywordOf(schema, 'not');
  if (negated === undefined) return true;
  const reduced = inner(negated);
  if (reduced === false) left.delete('not');
  else left.set('not', reduced);
  return reduced === false || !isAnswered(reduced);
}

/** What a condition asks: the branch that is decided, or else both are left. */
export function branches(schema: JsonObject, left: Map<string, unknown>, inner: Inner): JsonSchema[] {
  const reduced = inner(keywordOf(schema, 'if'));
  left.delete('then');
  left.delete('else');
  const branch = (keyword: 'then' | 'else') => inner(keywordOf(schema, keyword) ?? true);
  if (reduced === false) return [branch('else')];
  if (isAnswered(reduced)) return [branch('then')];
  left.set('if', reduced);
  for (const keyword of ['then', 'else'] as const) {
    if (keywordOf(schema, keyword) !== undefined) left.set(keyword, branch(keyword));
  }
  return [];
}
