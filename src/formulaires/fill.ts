import { createAccepts, type Scalar } from './accepts.ts';
import { candidatesFor, type Expectation } from './coerce.ts';
import type { DossierReading, Origin } from './dossier-reading.ts';
import { createSpend, TooMuchEffort } from './effort.ts';
import { pointerTo, segmentsOf } from './json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonSchema, keywordOf, listedSchemas } from './json-schema.ts';
import { annotationIn, createLayers, type Path, propertiesIn, togetherOf } from './layers.ts';
import { createMatches } from './patterns.ts';
import type { SchemaFault } from './read-schema.ts';
import { createReduce, isAnswered, type Known } from './reduce.ts';
import { remainingSchema } from './remaining-schema.ts';
import { strayAnnotations } from './stray-annotations.ts';
import { type Unfilled, unfilled } from './unfilled.ts';

export interface FilledField extends Origin {
  /** JSON pointer into the form. */
  champ: string;
  /** JSON pointer into the dossier. */
  dossier: string;
}

export interface UnfilledField extends Unfilled {
  champ: string;
  dossier: string;
}

export interface FilledForm {
  values: JsonObject;
  filled: FilledField[];
  unfilled: UnfilledField[];
  /** What is left to ask: a JSON Schema 2020-12. */
  remaining: JsonObject;
}

/** What came of a part of a form. */
interface Part {
  /** Undefined when nothing of it is known. */
  value: unknown;
  /** Null when nothing of it is left to ask. */
  rest: JsonSchema | null;
  filled: FilledField[];
  unfilled: UnfilledField[];
}

interface Place {
  /** In the form. */
  champ: readonly string[];
  /** In the dossier: from where pointers inside are read. */
  base: readonly string[];
  path: Path;
}

const MAX_STEPS = 200_000;
const MAX_ITEMS = 200;
/** Of a list, they depend on more than the elements by themselves. */
const UNREAD_OF_LISTS = ['prefixItems', 'contains', 'unevaluatedItems'];

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

  /** What a value is expected to be, alternatives included: which of them it is, is judged afterwards. */
  function expectationOf(schema: JsonSchema, path: Path): Expectation {
    const { layers, path: within } = layersOf(schema, path);
    const alternatives = layers
      .flatMap((layer) => [...listedSchemas(layer, 'anyOf'), ...listedSchemas(layer, 'oneOf')])
      .map((one) => expectationOf(one, within));
    const members = layers.flatMap((layer) => [
      ...listedSchemas(layer, 'enum'),
      ...(Object.hasOwn(layer, 'const') ? [layer.const] : []),
    ]);
    spend(members.length);
    return {
      types: [
        ...layers.flatMap(({ type }) => type ?? []),
        ...alternatives.flatMap(({ types }) => types),
      ] as string[],
      formats: [
        ...layers.flatMap(({ format }) => format ?? []),
        ...alternatives.flatMap(({ formats }) => formats),
      ] as string[],
      members: [...members, ...alternatives.flatMap((one) => one.members)],
    };
  }

  return (schema: JsonObject): Part => fillAt(schema, { champ: [], base: [], path: new Set() });
}

const OTHER_TYPE =
  "La valeur du dossier n'est pas du type que ce champ attend : elle ne peut s'y écrire sans être changée.";
const UNVERIFIABLE =
  "Une contrainte du schéma n'est pas évaluée (motif trop long, ou propre à un moteur d'expressions, élément d'une liste) : la valeur n'est pas reprise.";

function broken(keyword: string): Unfilled {
  return unfilled(
    'contrainte_non_respectee',
    `La valeur du dossier ne respecte pas « ${keyword} » du schéma : elle n'est ni tronquée, ni changée.`,
  );
}

function nothing(schema: JsonSchema): Part {
  return { value: undefined, rest: schema, filled: [], unfilled: [] };
}

function left(schema: JsonSchema, { champ, base }: Place, reason: Unfilled): Part {
  const { raison, explication, source, nouvel_essai_le } = reason;
  const field = {
    champ: pointerTo(champ),
    dossier: pointerTo(base),
    raison,
    explication,
    source,
    nouvel_essai_le,
  };
  return { ...nothing(schema), unfilled: [field] };
}

/** Each value fits its own property, and all together they break a rule of the form. */
function contradicted(schema: JsonSchema, { filled, unfilled }: Pick<Part, 'filled' | 'unfilled'>): Part {
  const reason = broken("l'ensemble des conditions");
  return {
    ...nothing(schema),
    unfilled: [...unfilled, ...filled.map(({ champ, dossier }) => ({ champ, dossier, ...reason }))],
  };
}

function reportsOf(parts: readonly Part[]): Pick<Part, 'filled' | 'unfilled'> {
  return { filled: parts.flatMap((part) => part.filled), unfilled: parts.flatMap((part) => part.unfilled) };
}

function holds(layers: readonly JsonObject[], keyword: string): boolean {
  return layers.some((layer) => Object.hasOwn(layer, keyword));
}

function faultOfList(layers: readonly JsonObject[], length: number): Unfilled | null {
  const most = Math.min(MAX_ITEMS, ...layers.flatMap(({ maxItems }) => (maxItems as number) ?? []));
  if (length > most) return broken('maxItems');
  const isUnread = UNREAD_OF_LISTS.some((keyword) => holds(layers, keyword));
  return isUnread ? unfilled('contrainte_non_verifiable', UNVERIFIABLE) : null;
}

function hasTwins(values: readonly unknown[]): boolean {
  return new Set(values.map((one) => JSON.stringify(one))).size < values.length;
}

/** Element by element what is left of each, and as many more as are wanted at the least. */
function restOfList(
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
