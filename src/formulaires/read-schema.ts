import { Ajv2020 } from 'ajv/dist/2020.js';
import { segmentsOf, valueAt } from './json-pointer.ts';
import { ANNOTATION, isJsonObject, type JsonObject, type JsonSchema } from './json-schema.ts';

/** What of a schema cannot be accepted. */
export interface SchemaFault {
  /** JSON pointer into the schema. */
  pointer: string;
  detail: string;
}

export const MAX_DEPTH = 48;
export const MAX_VALUES = 20_000;
export const MAX_PROPERTIES = 1_000;
export const MAX_ANNOTATIONS = 500;
const MAX_POINTER_LENGTH = 250;
const MAX_POINTER_SEGMENTS = 12;
const MAX_FAULTS = 20;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** They give a schema, or a part of it, another address: then `$ref` would no longer mean what it seems to. */
const REFUSED = ['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$anchor', '$vocabulary'];
/** Their values are data, not schemas. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);
/** Their values are schemas by name: a name is no keyword. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** Compiles the standard's own meta-schema only. A caller's schema is never but the data that it checks. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

/**
 * A schema that a caller sent, once its size, its references and its annotations have been looked at, and then
 * whether it is a schema of JSON Schema 2020-12.
 */
export function readSchema(value: unknown): JsonObject | SchemaFault[] {
  if (!isJsonObject(value)) return [{ pointer: '', detail: 'Le schéma est un objet JSON.' }];
  const faults = faultsOf(value);
  if (faults.length > 0) return faults;
  if (ajv.validateSchema(value)) return value;
  return (ajv.errors ?? []).slice(0, MAX_FAULTS).map(({ instancePath, message }) => ({
    pointer: instancePath,
    detail: `Ce n'est pas du JSON Schema 2020-12 valable : ${message}.`,
  }));
}

function faultsOf(root: JsonObject): SchemaFault[] {
  const faults: SchemaFault[] = [];
  const count = { values: 0, properties: 0, annotations: 0 };
  let isOverflown = false;
  const report = (pointer: string, detail: string) => {
    if (faults.length < MAX_FAULTS) faults.push({ pointer: pointer.slice(0, MAX_POINTER_LENGTH), detail });
  };

  function lookAtSchema(schema: JsonObject, pointer: string, depth: number): void {
    for (const [keyword, value] of Object.entries(schema)) {
      const at = `${pointer}/${keyword.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const detail = faultOfKeyword(root, { keyword, value, isRoot: pointer === '' });
      if (detail !== null) report(at, detail);
      if (keyword === ANNOTATION && ++count.annotations > MAX_ANNOTATIONS) tooMany(at);
      if (DATA.has(keyword)) lookAtData(value, at, depth + 1);
      else if (NAMED.has(keyword) && isJsonObject(value)) lookAtNamed(value, at, depth + 1);
      else lookAt(value, at, depth + 1);
    }
  }

  function lookAtNamed(named: JsonObject, pointer: string, depth: number): void {
    for (const [name, schema] of Object.entries(named)) {
      if (++count.properties > MAX_PROPERTIES) tooMany(pointer);
      if (name === '__proto__') report(`${pointer}/__proto__`, "Ce nom de propriété n'est pas accepté.");
      lookAt(schema, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
    }
  }

  function lookAt(value: unknown, pointer: string, depth: number): void {
    if (isTooMuch(pointer, depth)) return;
    if (Array.isArray(value)) {
      for (const [i, one] of value.entries()) lookAt(one, `${pointer}/${i}`, depth + 1);
    } else if (isJsonObject(value)) lookAtSchema(value, pointer, depth);
  }

  function lookAtData(value: unknown, pointer: string, depth: number): void {
    if (isTooMuch(pointer, depth) || typeof value !== 'object' || value === null) return;
    for (const one of Object.values(value)) lookAtData(one, pointer, depth + 1);
  }

  function isTooMuch(pointer: string, depth: number): boolean {
    if (depth > MAX_DEPTH && !isOverflown) report(pointer, `Le schéma dépasse ${MAX_DEPTH} niveaux.`);
    if (++count.values > MAX_VALUES) tooMany(pointer);
    return depth > MAX_DEPTH || isOverflown;
  }

  function tooMany(pointer: string): void {
    if (isOverflown) return;
    isOverflown = true;
    report(
      pointer,
      `Le schéma compte au plus ${MAX_VALUES} valeurs, ${MAX_PROPERTIES} propriétés et ${MAX_ANNOTATIONS} « ${ANNOTATION} ».`,
    );
  }

  lookAtSchema(root, '', 0);
  return faults;
}

function faultOfKeyword(
  root: JsonObject,
  { keyword, value, isRoot }: { keyword: string; value: unknown; isRoot: boolean },
): string | null {
  if (keyword === ANNOTATION) return faultOfPointer(value);
  if (keyword === '$ref') return faultOfReference(root, value);
  if (keyword === '$schema' && value !== DIALECT) return `Le dialecte accepté est ${DIALECT}.`;
  if (keyword === '$id' && !isRoot) return "« $id » n'est accepté qu'à la racine.";
  return REFUSED.includes(keyword) ? `« ${keyword} » n'est pas accepté.` : null;
}

function faultOfPointer(value: unknown): string | null {
  const form = `« ${ANNOTATION} » est un pointeur JSON dans le dossier, comme /identite/denomination.`;
  if (typeof value !== 'string' || value.length > MAX_POINTER_LENGTH) return form;
  const segments = segmentsOf(value);
  return segments === null || segments.length > MAX_POINTER_SEGMENTS ? form : null;
}

function faultOfReference(root: JsonObject, value: unknown): string | null {
  const isLocal = typeof value === 'string' && /^#\/\$defs\/[^/%]+$/.test(value);
  if (!isLocal) return 'Une référence mène à une définition du même schéma : #/$defs/nom.';
  return definitionOf(root, value) === undefined ? 'Cette référence ne mène à rien.' : null;
}

/** What a reference leads to, undefined when to nothing. */
export function definitionOf(root: JsonObject, reference: string): JsonSchema | undefined {
  const definition = valueAt(root, segmentsOf(reference.slice(1)) ?? []);
  return definition as JsonSchema | undefined;
}
