import { z } from 'zod';
import { type Champ, keyNamed, keyOf } from '../formulaires/champ.ts';
import { segmentsOf } from '../formulaires/json-pointer.ts';
import { isJsonObject } from '../formulaires/json-schema.ts';
import { Problem } from '../problems.ts';
import { parsed } from './parsed.ts';

const MAX_CHAMPS = 1_000;
const MAX_LINKED = 500;
const MAX_OPTIONS = 5_000;

const identifier = z
  .union([z.int().positive(), z.string().regex(/^[A-Za-z0-9+/_-]{1,60}={0,2}$/)], {
    error: "L'identifiant est le numéro du champ, ou celui du descripteur de la démarche.",
  })
  .describe('Numéro stable du champ, ou `id` du descripteur');

const pointer = z
  .string({ error: 'Le pointeur dans le dossier est un texte.' })
  .max(250, { error: 'Ce pointeur est trop long.' })
  .refine((text) => segmentsOf(text) !== null, {
    error: "C'est un pointeur JSON dans le dossier, comme /identite/denomination.",
  });

const typeName = z
  .string({ error: 'Le type du champ est un texte.' })
  .max(60, { error: 'Ce type est trop long.' })
  .optional();

const fieldSchema = z.object({
  id: identifier,
  type: typeName.describe('`text`, `drop_down_list`…'),
  __typename: typeName.describe('Au lieu de `type`, celui du descripteur : `TextChampDescriptor`…'),
  label: z.string().nullish(),
  options: z
    .array(z.string(), { error: 'Les valeurs de la liste sont des textes.' })
    .max(MAX_OPTIONS, { error: `Une liste a au plus ${MAX_OPTIONS} valeurs.` })
    .nullish(),
  otherOption: z.boolean().nullish().describe('Vrai quand la liste prend une autre valeur que les siennes'),
  'x-dlnuf': pointer
    .optional()
    .describe(
      "Où est la valeur : un pointeur dans `data` du dossier ou, dans un bloc répétable, dans l'élément",
    ),
});

const isTyped = ({ type, __typename }: { type?: string | undefined; __typename?: string | undefined }) =>
  type !== undefined || __typename !== undefined;
const TYPED = { error: 'Le type du champ manque.', path: ['type'] };

const fieldsOf = <F extends z.ZodType>(field: F) =>
  z
    .array(field, { error: 'Les champs de la démarche manquent.' })
    .min(1, { error: 'Donnez au moins un champ.' })
    .max(MAX_CHAMPS, { error: `Une démarche a ici au plus ${MAX_CHAMPS} champs.` });

const champDescriptors = fieldsOf(
  fieldSchema
    .extend({
      champDescriptors: z
        .array(fieldSchema.refine(isTyped, TYPED))
        .max(MAX_CHAMPS, { error: `Un bloc a ici au plus ${MAX_CHAMPS} champs.` })
        .nullish()
        .describe("Les champs d'un bloc répétable"),
    })
    .refine(isTyped, TYPED),
);

export const champsAsked = z.object({
  champs: champDescriptors.optional(),
  descripteur: z
    .looseObject({})
    .optional()
    .describe(
      'Au lieu de `champs`, ce que le service publie de la démarche, entier : `/preremplir/{démarche}/schema`, ou la réponse de `demarcheDescriptor` ou de `demarche` en GraphQL',
    ),
  correspondances: z
    .record(z.string(), pointer)
    .optional()
    .describe(
      'Pour les champs sans `x-dlnuf` : par `id`, numéro ou clé `champ_…` du champ, le pointeur dans le dossier',
    ),
});

/** What a caller says of the procedure. */
export interface AskedChamps {
  champs: Champ[];
  /** The number that the descriptor gives to the procedure. */
  numero: number | null;
}

/** @throws Problem 422 naming what is wrong */
export function askedChamps({ champs, descripteur, correspondances }: Record<string, unknown>): AskedChamps {
  if ((champs === undefined) === (descripteur === undefined)) {
    throw invalid('/champs', 'Donnez « champs », ou « descripteur », et un seul des deux.');
  }
  const links = linksIn(correspondances);
  const found = descripteur === undefined ? null : descriptorIn(descripteur);
  const fields = found
    ? parsed(z.object({ descripteur: z.object({ champDescriptors }) }), { descripteur: found }, 'pointer')
        .descripteur.champDescriptors
    : parsed(z.object({ champs: champDescriptors }), { champs }, 'pointer').champs;
  const read = fields.map((field) => champOf(field, links));
  refuseTooMany(read, found ? '/descripteur' : '/champs');
  refuseStray(read, links);
  const { number } = found ?? {};
  return { champs: read, numero: Number.isSafeInteger(number) ? (number as number) : null };
}

/** By key of the field. */
function linksIn(correspondances: unknown): Map<string, string> {
  const schema = z.object({
    correspondances: z.record(z.string(), pointer, {
      error: 'Les correspondances sont un objet : par champ, son pointeur dans le dossier.',
    }),
  });
  if (correspondances === undefined) return new Map();
  if (isJsonObject(correspondances) && Object.keys(correspondances).length > MAX_LINKED)
    throw invalid('/correspondances', `Les correspondances sont ${MAX_LINKED} au plus.`);
  const links = Object.entries(parsed(schema, { correspondances }, 'pointer').correspondances);
  return new Map(links.map(([name, dossier]) => [keyNamed(name), dossier]));
}

/** What the service wraps a descriptor in: its GraphQL answers, and the revisions of a procedure. */
const WRAPPINGS = [
  'data',
  'demarcheDescriptor',
  'demarche',
  'activeRevision',
  'publishedRevision',
  'revision',
  'draftRevision',
];

/** The part of what was pasted that has the fields, and the number of the procedure where there is one. */
function descriptorIn(pasted: unknown): Record<string, unknown> {
  let part = pasted;
  let number: unknown;
  for (let depth = 0; depth <= WRAPPINGS.length && isJsonObject(part); depth++) {
    const inside: Record<string, unknown> = part;
    number ??= inside.number;
    if (Array.isArray(inside.champDescriptors)) return { ...inside, number };
    part = WRAPPINGS.map((name) => (Object.hasOwn(inside, name) ? inside[name] : null)).find(isJsonObject);
  }
  const detail =
    'Ce n’est pas un descripteur de démarche : il n’a pas de « champDescriptors », ni lui, ni sa révision.';
  throw invalid('/descripteur', detail);
}

type Field = z.output<typeof fieldSchema> & { champDescriptors?: Field[] | null | undefined };

function champOf(field: Field, links: ReadonlyMap<string, string>): Champ {
  return {
    id: field.id,
    type: field.__typename ?? field.type ?? '',
    libelle: field.label,
    options: field.options ?? undefined,
    autre: field.otherOption ?? undefined,
    champs: field.champDescriptors?.map((inner) => champOf(inner, links)),
    dossier: field['x-dlnuf'] ?? links.get(keyOf(field.id)) ?? null,
  };
}

function refuseTooMany(champs: readonly Champ[], pointer: string): void {
  const all = champs.flatMap((champ) => [champ, ...(champ.champs ?? [])]);
  const linked = all.filter(({ dossier }) => dossier !== null);
  if (all.length <= MAX_CHAMPS && linked.length <= MAX_LINKED) return;
  throw invalid(
    pointer,
    `Une démarche a ici au plus ${MAX_CHAMPS} champs, dont ${MAX_LINKED} reliés au dossier, ceux des blocs répétables compris.`,
  );
}

/** A link to a field that the procedure does not have is a mistake, which nobody would otherwise see. */
function refuseStray(champs: readonly Champ[], links: ReadonlyMap<string, string>): void {
  const keys = new Set(
    champs.flatMap(({ id, champs = [] }) => [keyOf(id), ...champs.map((one) => keyOf(one.id))]),
  );
  const stray = [...links.keys()].find((key) => !keys.has(key));
  if (stray !== undefined) {
    throw invalid(`/correspondances/${stray}`, "La démarche n'a pas de champ de cet identifiant.");
  }
}

export function invalid(pointer: string, detail: string): Problem {
  return new Problem('parametres-invalides', { detail, errors: [{ pointer, detail }] });
}
