import { type Champ, keyOf, typeOf } from './champ.ts';
import { plainPointer, pointerFor, sayingPlaces } from './champ-places.ts';
import { asksNothing, doubtOf, refusalOf, schemaOf } from './champ-types.ts';
import type { DossierReading } from './dossier-reading.ts';
import { fillForm } from './fill.ts';
import type { FilledField, UnfilledField } from './form-part.ts';
import { ANNOTATION, isJsonObject, type JsonObject } from './json-schema.ts';
import type { SchemaFault } from './read-schema.ts';
import { unfilled } from './unfilled.ts';

/** A value as the service reads it: a text, a list, or the rows of a repetition. */
export type Sent = string | Sent[] | { [key: string]: Sent };

export interface SentField extends FilledField {
  /** What the service may still refuse of it, in a sentence. */
  a_verifier: string | null;
}

/** A field of the procedure of which it is not said where in the dossier its value is. */
export interface UnlinkedField {
  champ: string;
  libelle: string | null;
  type: string;
  /** Whether the service would take a value. */
  preremplissable: boolean;
}

export interface PrefillBody {
  corps: Record<string, Sent>;
  filled: SentField[];
  /** What it would drop without a word, and what is not known. */
  unfilled: UnfilledField[];
  unlinked: UnlinkedField[];
}

/** A field that is linked to the dossier, or one of a linked repetition. */
interface Linked {
  /** `/champ_…`, and in a repetition `/champ_…/champ_…`. */
  champ: string;
  field: Champ & { dossier: string };
}

/** The body that prefills a file of a procedure, and all that the service would drop of it in silence. */
export function prefillBodyOf(
  champs: readonly Champ[],
  reading: DossierReading,
): PrefillBody | SchemaFault[] {
  const form = fillForm({ type: 'object', properties: propertiesOf(champs) }, sayingPlaces(reading));
  if (Array.isArray(form)) return form;
  const doubts = new Map(linkedIn(champs).map(({ champ, field }) => [champ, doubtOf(field)]));
  const corps = Object.entries(form.values).map(([key, value]) => [key, sent(value)]);
  return {
    corps: Object.fromEntries(corps),
    filled: form.filled.filter(isWhole).map((field) => ({
      ...field,
      dossier: plainPointer(field.dossier),
      a_verifier: doubts.get(field.champ.replace(/\/\d+/g, '')) ?? null,
    })),
    unfilled: [...form.unfilled.map(plain), ...setAside(champs)],
    unlinked: unlinkedIn(champs),
  };
}

/** Of a place, its codes are no values by themselves. */
function isWhole({ dossier }: FilledField): boolean {
  return !/\/@[^/]*\/\d+$/.test(dossier);
}

function plain<F extends { dossier: string }>(field: F): F {
  return { ...field, dossier: plainPointer(field.dossier) };
}

function sent(value: unknown): Sent {
  if (Array.isArray(value)) return value.map(sent);
  if (!isJsonObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sent(one)]));
}

function isRepetition(champ: Champ): boolean {
  return typeOf(champ) === 'repetition';
}

function propertiesOf(champs: readonly Champ[]): JsonObject {
  return Object.fromEntries(
    champs.flatMap((champ) => {
      const schema = isRepetition(champ) ? rowsOf(champ) : schemaOf(champ);
      if (champ.dossier === null || schema === null) return [];
      return [[keyOf(champ.id), { ...schema, [ANNOTATION]: pointerFor(typeOf(champ), champ.dossier) }]];
    }),
  );
}

/** Null when none of its fields takes anything. */
function rowsOf({ champs = [] }: Champ): JsonObject | null {
  const properties = propertiesOf(champs.filter((champ) => !isRepetition(champ)));
  return Object.keys(properties).length === 0
    ? null
    : { type: 'array', items: { type: 'object', properties } };
}

function linkedIn(champs: readonly Champ[], within = ''): Linked[] {
  return champs.flatMap((field) => {
    const champ = `${within}/${keyOf(field.id)}`;
    const inner = isRepetition(field) && within === '' ? linkedIn(field.champs ?? [], champ) : [];
    const { dossier } = field;
    return dossier === null ? inner : [{ champ, field: { ...field, dossier } }, ...inner];
  });
}

const NO_ROW =
  "Ce bloc répétable n'a aucun champ relié que le service préremplisse : donnez ses champs, et leur place dans chaque élément de la liste.";
const OUTSIDE =
  "Ce champ est d'un bloc répétable : reliez d'abord le bloc à une liste du dossier, puis ce champ à chacun de ses éléments.";

/** What is linked, and not sent whatever its value. */
function setAside(champs: readonly Champ[]): UnfilledField[] {
  const linked = linkedIn(champs);
  const isLinked = new Set(linked.map(({ champ }) => champ));
  return linked.flatMap(({ champ, field }) => {
    const at = { champ, dossier: field.dossier };
    const parent = champ.slice(0, champ.lastIndexOf('/'));
    if (parent !== '' && !isLinked.has(parent)) {
      return [{ ...at, ...unfilled('emplacement_non_pris_en_charge', OUTSIDE) }];
    }
    if (isRepetition(field) && parent === '') {
      return rowsOf(field) ? [] : [{ ...at, ...unfilled('type_refuse_par_le_service', NO_ROW) }];
    }
    if (schemaOf(field)) return [];
    return [{ ...at, ...unfilled('type_refuse_par_le_service', refusalOf(field)) }];
  });
}

function unlinkedIn(champs: readonly Champ[], within = ''): UnlinkedField[] {
  return champs.flatMap((field) => {
    const champ = `${within}/${keyOf(field.id)}`;
    const inner = within === '' ? unlinkedIn(field.champs ?? [], champ) : [];
    if (field.dossier !== null || asksNothing(field)) return inner;
    const preremplissable = schemaOf(field) !== null || (isRepetition(field) && within === '');
    return [{ champ, libelle: field.libelle ?? null, type: typeOf(field), preremplissable }, ...inner];
  });
}
