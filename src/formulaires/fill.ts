import { createAccepts, type Scalar } from './accepts.ts';
import { candidatesFor, type Expectation } from './coerce.ts';
import type { DossierReading } from './dossier-reading.ts';
import { createSpend, TooMuchEffort } from './effort.ts';
import { createExpectationOf } from './expectation.ts';
import {
  broken,
  contradicted,
  type FilledField,
  left,
  nothing,
  OTHER_TYPE,
  type Part,
  type Place,
  reportsOf,
  UNVERIFIABLE,
  type UnfilledField,
} from './form-part.ts';
import { isAnswered } from './is-answered.ts';
import { pointerTo, segmentsOf } from './json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonSchema, keywordOf } from './json-schema.ts';
import { annotationIn, createLayers, holds, propertiesIn, togetherOf } from './layers.ts';
import { faultOfList, hasTwins, restOfList } from './list-rules.ts';
import { createMatches } from './patterns.ts';
import type { SchemaFault } from './read-schema.ts';
import { createReduce, type Known } from './reduce.ts';
import { remainingSchema } from './remaining-schema.ts';
import { strayAnnotations } from './stray-annotations.ts';
import { unfilled } from './unfilled.ts';

export interface FilledForm {
  values: JsonObject;
  filled: FilledField[];
  unfilled: UnfilledField[];
  /** What is left to ask: a JSON Schema 2020-12. */
  remaining: JsonObject;
}

const MAX_STEPS = 200_000;

/** Fills a form from a dossier. @param schema as `readSchema` accepts it */
export function fillForm(schema: JsonObject, reading: DossierReading): FilledForm | SchemaFault[] {
  try {
    const { value, rest, filled, unfilled } = createFill(schema, reading)(schema);
    return {
      values: (value ?? {}) as JsonObject,
      filled,
      unfilled: [...unfilled, ...strayAnnotations(schema)],
      remaining: remainingSchema(schema, rest),
    };
  } catch (error) {
    if (error instanceof TooMuchEffort) return [{ pointer: '', detail: TOO_MUCH }];
    throw error;
  }
}

const TOO_MUCH =
  'Ses références ou ses listes de valeurs se multiplient au-delà de ce qui est lu : simplifiez-le.';

function createFill(root: JsonObject, reading: DossierReading) {
  const spend = createSpend(MAX_STEPS);
  const accepts = createAccepts(root, { matches: createMatches(), spend });
  const reduceBy = createReduce(root, { accepts, spend });
  const layersOf = createLayers(root, spend);
  const expectationOf = createExpectationOf(layersOf, spend);

  function fillAt(schema: JsonSchema, place: Place): Part {
    const { layers, path } = layersOf(schema, place.path);
    const annotation = annotationIn(layers);
    const within = { ...place, path };
    if (annotation === undefined) {
      return propertiesIn(layers).size > 0 ? fillObject(schema, layers, within) : nothing(schema);
    }
    const base = [...place.base, ...(segmentsOf(annotation) ?? [])];
    const found = reading.read(base);
    if ('unfilled' in found) return left(schema, { ...within, base }, found.unfilled);
    return fillValue(schema, layers, found.value, { ...within, base });
  }

  function fillValue(schema: JsonSchema, layers: JsonObject[], value: unknown, place: Place): Part {
    const expectation = expectationOf(schema, place.path);
    if (Array.isArray(value) && (expectation.types.includes('array') || holds(layers, 'items'))) {
      return fillList(schema, layers, value, place);
    }
    if (isJsonObject(value) && propertiesIn(layers).size > 0) return fillObject(schema, layers, place);
    return fillScalar(schema, value, expectation, place);
  }

  function fillScalar(schema: JsonSchema, value: unknown, expectation: Expectation, place: Place): Part {
    const candidates = candidatesFor(value, expectation);
    const judgements = candidates.map((one) => accepts(schema, one));
    const accepted = judgements.indexOf('accepte');
    if (accepted >= 0) return filled(candidates[accepted] as Scalar, place);
    if (candidates.length === 0) return left(schema, place, unfilled('type_incompatible', OTHER_TYPE));
    const [first] = judgements;
    if (judgements.includes('non_verifiable') || typeof first !== 'object') {
      return left(schema, place, unfilled('contrainte_non_verifiable', UNVERIFIABLE));
    }
    return left(schema, place, broken(first.refusedBy));
  }

  function fillObject(schema: JsonSchema, layers: JsonObject[], place: Place): Part {
    const parts = [...propertiesIn(layers)].map(([name, schemas]): [string, Part] => [
      name,
      fillAt(togetherOf(schemas), { ...place, champ: [...place.champ, name] }),
    ]);
    const known = new Map<string, Known>(parts.filter(([, { value }]) => value !== undefined));
    const all = reportsOf(parts.map(([, part]) => part));
    if (known.size === 0) return { value: undefined, rest: schema, ...all };
    const reduced = reduceBy(schema, known);
    if (reduced === false) return contradicted(schema, all);
    const value = Object.fromEntries([...known].map(([name, one]) => [name, one.value]));
    return { value, rest: isAnswered(reduced) ? null : reduced, ...all };
  }

  function fillList(schema: JsonSchema, layers: JsonObject[], values: unknown[], place: Place): Part {
    const fault = faultOfList(layers, values.length);
    if (fault) return left(schema, place, fault);
    const items = togetherOf(layers.flatMap((layer) => keywordOf(layer, 'items') ?? []) as JsonSchema[]);
    const parts = values.map((value, i) => {
      const at = { ...place, champ: [...place.champ, String(i)], base: [...place.base, String(i)] };
      return isJsonObject(value)
        ? fillAt(items, at)
        : fillValue(items, layersOf(items, place.path).layers, value, at);
    });
    const lost = parts.find(({ value }) => value === undefined);
    if (lost) return left(schema, place, lost.unfilled[0] ?? unfilled('type_incompatible', OTHER_TYPE));
    const filledValues = parts.map(({ value }) => value);
    if (layers.some(({ uniqueItems }) => uniqueItems === true) && hasTwins(filledValues)) {
      return left(schema, place, broken('uniqueItems'));
    }
    const own = filled(filledValues, place);
    const { filled: inner, unfilled: missing } = reportsOf(parts);
    const rest = restOfList(layers, parts, items);
    return { value: filledValues, rest, filled: [...own.filled, ...inner], unfilled: missing };
  }

  function filled(value: unknown, { champ, base }: Place): Part {
    const field = { champ: pointerTo(champ), dossier: pointerTo(base), ...reading.originOf(base) };
    return { value, rest: null, filled: [field], unfilled: [] };
  }

  return (schema: JsonObject): Part => fillAt(schema, { champ: [], base: [], path: new Set() });
}
