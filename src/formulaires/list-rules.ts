import { broken, type Part, UNVERIFIABLE } from './form-part.ts';
import type { JsonObject, JsonSchema } from './json-schema.ts';
import { holds } from './layers.ts';
import { type Unfilled, unfilled } from './unfilled.ts';

const MAX_ITEMS = 200;
/** Of a list, they depend on more than the elements by themselves. */
const UNREAD_OF_LISTS = ['prefixItems', 'contains', 'unevaluatedItems'];

/** Why a list of so many elements cannot be filled, whatever they are; null when it can. */
export function faultOfList(layers: readonly JsonObject[], length: number): Unfilled | null {
  const most = Math.min(MAX_ITEMS, ...layers.flatMap(({ maxItems }) => (maxItems as number) ?? []));
  if (length > most) return broken('maxItems');
  const isUnread = UNREAD_OF_LISTS.some((keyword) => holds(layers, keyword));
  return isUnread ? unfilled('contrainte_non_verifiable', UNVERIFIABLE) : null;
}

export function hasTwins(values: readonly unknown[]): boolean {
  return new Set(values.map((one) => JSON.stringify(one))).size < values.length;
}

/** Element by element what is left of each, and as many more as are wanted at the least. */
export function restOfList(
  layers: readonly JsonObject[],
  parts: readonly Part[],
  items: JsonSchema,
): JsonSchema | null {
  const least = Math.max(0, ...layers.flatMap(({ minItems }) => (minItems as number) ?? []));
  if (parts.length >= least && parts.every(({ rest }) => rest === null)) return null;
  const { title, description } = Object.assign({}, ...layers.toReversed()) as JsonObject;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    type: 'array',
    ...(parts.length > 0 && { prefixItems: parts.map(({ rest }) => rest ?? true) }),
    items: parts.length < least ? items : false,
    minItems: Math.max(least, parts.length),
  };
}
