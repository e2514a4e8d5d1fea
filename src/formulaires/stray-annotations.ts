import type { UnfilledField } from './form-part.ts';
import { ANNOTATION, isJsonObject, type JsonObject, keywordOf } from './json-schema.ts';
import { unfilled } from './unfilled.ts';

/** Schemas by name: of properties that are certain to be of the form, and definitions, which those may refer to. */
const NAMED = ['properties', '$defs'];
const CONDITIONAL = new Set([
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'prefixItems',
  'contains',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
]);
const UNREAD = `« ${ANNOTATION} » n'est lu que des propriétés qu'a toujours le formulaire (properties, allOf, $ref, items d'une liste qui porte elle-même « ${ANNOTATION} ») : pas de celles d'une condition ou d'une alternative.`;

/** Annotations in places where nothing is filled: told, so that nobody waits for their values. */
export function strayAnnotations(schema: JsonObject): UnfilledField[] {
  const stray: UnfilledField[] = [];

  function look(value: unknown, pointer: string, isCertain: boolean): void {
    if (Array.isArray(value)) {
      for (const [i, one] of value.entries()) look(one, `${pointer}/${i}`, isCertain);
    } else if (isJsonObject(value)) lookAtSchema(value, pointer, isCertain);
  }

  function lookAtSchema(schema: JsonObject, pointer: string, isCertain: boolean): void {
    const annotation = keywordOf(schema, ANNOTATION);
    if (!isCertain && typeof annotation === 'string') {
      const reason = unfilled('emplacement_non_pris_en_charge', UNREAD);
      stray.push({ champ: `#${pointer}`, dossier: annotation, ...reason });
    }
    for (const [keyword, inner] of Object.entries(schema)) {
      const at = `${pointer}/${keyword}`;
      if (NAMED.includes(keyword)) lookAtNamed(inner, at, isCertain || keyword === '$defs');
      else if (CONDITIONAL.has(keyword)) look(inner, at, false);
      else if (keyword === 'allOf') look(inner, at, isCertain);
      else if (keyword === 'items') look(inner, at, isCertain && isList(schema, pointer));
    }
  }

  function lookAtNamed(named: unknown, pointer: string, isCertain: boolean): void {
    if (!isJsonObject(named)) return;
    for (const [name, schema] of Object.entries(named)) look(schema, `${pointer}/${name}`, isCertain);
  }

  look(schema, '', true);
  return stray;
}

/** A list that is filled: by its own annotation, or by that of whoever refers to it. */
function isList(schema: JsonObject, pointer: string): boolean {
  return keywordOf(schema, ANNOTATION) !== undefined || /^\/\$defs\/[^/]+$|\/allOf\/\d+$/.test(pointer);
}
