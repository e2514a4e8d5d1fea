import type { DossierReading } from './dossier-reading.ts';
import { type FilledField, fillForm, type UnfilledField } from './fill.ts';
import { ANNOTATION, type JsonObject } from './json-schema.ts';
import type { SchemaFault } from './read-schema.ts';
import { unfilled } from './unfilled.ts';

/** A field of a procedure of Démarche numérique, and where in the dossier its value is. */
export interface Champ {
  /** Its stable number, or the identifier of the procedure's descriptor: base64 of `Champ-` and this number. */
  id: string | number;
  /** `text`, or as the descriptor calls it, `TextChampDescriptor`. */
  type: string;
  /** Of a drop-down list: the values that it has. */
  options?: readonly string[] | undefined;
  dossier: string;
}

export interface PrefillBody {
  /** What the service is sent: flat, texts and lists of texts. */
  corps: Record<string, string | string[]>;
  filled: FilledField[];
  /** What it would drop without a word, and what is not known. */
  unfilled: UnfilledField[];
}

const TEXT = { type: 'string' };
/** What the service takes of each type of field; it drops anything else, and says nothing. */
const ACCEPTED: Readonly<Record<string, JsonObject>> = {
  text: TEXT,
  textarea: TEXT,
  formatted: TEXT,
  address: TEXT,
  engagement_juridique: TEXT,
  referentiel: TEXT,
  decimal_number: { type: 'number' },
  integer_number: { type: 'integer' },
  email: { type: 'string', format: 'email' },
  phone: { type: 'string', pattern: '^\\+?[0-9 .]{6,20}$' },
  iban: { type: 'string', pattern: '^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,40}$' },
  siret: { type: 'string', pattern: '^[0-9]{14}$' },
  civilite: { enum: ['M.', 'Mme'] },
  pays: { type: 'string', pattern: '^[A-Z]{2}$' },
  regions: { type: 'string', pattern: '^[0-9]{2}$' },
  departements: { type: 'string', pattern: '^([0-9]{2,3}|2[AB])$' },
  epci: { type: 'string', pattern: '^[0-9]{9}$' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$' },
  yes_no: { type: 'boolean' },
  checkbox: { type: 'boolean' },
};
const REFUSED =
  "Démarche numérique ne préremplit pas ce type de champ, et l'écarterait sans le dire : à demander dans la démarche.";

/** The body that prefills a file of a procedure, and all that the service would drop of it in silence. */
export function prefillBodyOf(
  champs: readonly Champ[],
  reading: DossierReading,
): PrefillBody | SchemaFault[] {
  const read = champs.map((champ) => ({ champ, key: keyOf(champ.id), schema: schemaOf(champ) }));
  const properties = read.flatMap(({ champ, key, schema }) =>
    schema ? [[key, { ...schema, [ANNOTATION]: champ.dossier }]] : [],
  );
  const form = fillForm({ type: 'object', properties: Object.fromEntries(properties) }, reading);
  if (Array.isArray(form)) return form;
  const refused = read
    .filter(({ schema }) => schema === null)
    .map(({ champ, key }) => ({
      champ: `/${key}`,
      dossier: champ.dossier,
      ...unfilled('type_refuse_par_le_service', REFUSED),
    }));
  const corps = Object.entries(form.values).map(([key, value]) => [key, asSent(value)]);
  return {
    corps: Object.fromEntries(corps),
    filled: form.filled,
    unfilled: [...form.unfilled, ...refused],
  };
}

function asSent(value: unknown): string | string[] {
  return Array.isArray(value) ? value.map(String) : String(value);
}

/** `champ_`, and the identifier without the signs that pad it. */
export function keyOf(id: string | number): string {
  const encoded = typeof id === 'number' ? Buffer.from(`Champ-${id}`).toString('base64') : id;
  return `champ_${encoded.replace(/=/g, '')}`;
}

/** Null for what the service takes no value of. */
function schemaOf({ type, options }: Champ): JsonObject | null {
  const name = typeName(type);
  if (name === 'drop_down_list') return { enum: options ?? [] };
  if (name === 'multiple_drop_down_list') return { type: 'array', items: { enum: options ?? [] } };
  return Object.hasOwn(ACCEPTED, name) ? (ACCEPTED[name] as JsonObject) : null;
}

/** `DropDownListChampDescriptor` → `drop_down_list`. */
function typeName(type: string): string {
  const bare = type.replace(/ChampDescriptor$/, '');
  return bare.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
