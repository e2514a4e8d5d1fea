import { z } from 'zod';

const sirenSchema = z.string().regex(/^\d{9}$/);
const siretSchema = z.string().regex(/^\d{14}$/);
const text = z.string().max(1_000);
const digest = z.string().regex(/^[\w-]{43}$/);
/** See pieces.ts. */
const mask = z.string().regex(/^[0-9a-f]{1,64}$/);

/** Who asks, on whose behalf, under which legal basis. */
const askerSchema = z.object({
  habilitation: text.nullable(),
  /** The public body that the habilitation was granted to; null for a company. */
  organisme: siretSchema.nullable(),
  denomination: text.nullable(),
  editeur: text.nullable(),
  agent: text.nullable(),
  base_legale: text.nullable(),
});
export type JournalAsker = Readonly<z.infer<typeof askerSchema>>;

/** Somebody who could not be told. */
export const nobody: JournalAsker = {
  habilitation: null,
  organisme: null,
  denomination: null,
  editeur: null,
  agent: null,
  base_legale: null,
};

/** For whom, and why. */
const purposeSchema = z.object({
  destinataire: siretSchema.nullable(),
  usage: text.nullable(),
  objet: text.nullable(),
  contexte: text.nullable(),
});
export type JournalPurpose = Readonly<z.infer<typeof purposeSchema>>;

/** Whose data, and which: never a value. */
const disclosureSchema = z.object({
  siren: sirenSchema.nullable(),
  /** Pieces that were kept, and pieces that their source was asked for. */
  conservees: mask,
  demandees: mask,
  /** SHA-256 of the body, base64url; null where none is known yet. */
  empreinte: digest.nullable(),
});
export type JournalDisclosure = Readonly<z.infer<typeof disclosureSchema>>;

const outcomeSchema = z.object({
  /** `inconnu`: no source knows the company, so that nothing was given. */
  resultat: z.enum(['repondu', 'inconnu', 'refuse']),
  statut: z.int(),
  /** Why it was refused. */
  motif: text.nullable(),
});
export type JournalOutcome = Readonly<z.infer<typeof outcomeSchema>>;

export const accessSchema = z.object({
  n: z.int(),
  nature: z.literal('acces'),
  le: z.iso.datetime(),
  requete: text,
  route: text.nullable(),
  qui: askerSchema,
  pourquoi: purposeSchema,
  quoi: disclosureSchema,
  issue: outcomeSchema,
});
export type AccessLine = z.infer<typeof accessSchema>;

/** A company contests an access to its data; the body that asked sees it. */
export const contestationSchema = z.object({
  n: z.int(),
  nature: z.literal('contestation'),
  le: z.iso.datetime(),
  requete: text,
  qui: askerSchema,
  siren: sirenSchema,
  /** Of the body that asked. */
  organisme: siretSchema.nullable(),
  /** The line contested. */
  acces: text,
  texte: z.string(),
});
export type ContestationLine = z.infer<typeof contestationSchema>;

/** Refusals that had no line of their own, because there were too many of them. */
export const refusalsSchema = z.object({
  n: z.int(),
  nature: z.literal('refus'),
  le: z.iso.datetime(),
  /** When the first of them was. */
  depuis: z.iso.datetime(),
  qui: askerSchema,
  /** How many, by why. */
  motifs: z.record(text, z.int()),
});
export type RefusalsLine = z.infer<typeof refusalsSchema>;

/** Whole months that were deleted because their time was over. */
export const purgeSchema = z.object({
  n: z.int(),
  nature: z.literal('purge'),
  le: z.iso.datetime(),
  /** The last month deleted, `2023-10`. */
  jusqu_a: z.string().regex(/^\d{4}-\d{2}$/),
  chaines: z.int(),
});
export type PurgeLine = z.infer<typeof purgeSchema>;

/** An access as it happens; its line is numbered by the chain that it goes into. */
export interface Access {
  /** Epoch milliseconds. */
  atMs: number;
  requestId: string;
  /** As declared; null for an address that does not exist. */
  route: string | null;
  asker: JournalAsker;
  purpose: JournalPurpose;
  disclosure: JournalDisclosure;
  outcome: JournalOutcome;
}

/** The parts of a line that come again are made into text once, for as long as they live. */
const texts = new WeakMap<object, string>();

function textOf(part: object): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const made = JSON.stringify(part);
  texts.set(part, made);
  return made;
}

/** As declared: there are a few dozens. */
const routeTexts = new Map<string | null, string>();

function routeText(route: string | null): string {
  const known = routeTexts.get(route);
  if (known !== undefined) return known;
  const made = JSON.stringify(route);
  routeTexts.set(route, made);
  return made;
}

/**
 * The rest of a line (see `numbered`): thousands are made in a second. The request's id is made of characters
 * that JSON need not escape.
 */
export function accessText({ atMs, requestId, route, asker, purpose, disclosure, outcome }: Access): string {
  const when = instantOf(atMs);
  const where = `"nature":"acces","le":"${when}","requete":"${requestId}"`;
  const why = `"route":${routeText(route)},"qui":${textOf(asker)},"pourquoi":${textOf(purpose)}`;
  return `${where},${why},"quoi":${textOf(disclosure)},"issue":${textOf(outcome)}}`;
}

export function contestationText(line: Omit<ContestationLine, 'n' | 'nature'>): string {
  return restOf({ nature: 'contestation', ...line });
}

export function refusalsText(line: Omit<RefusalsLine, 'n' | 'nature'>): string {
  return restOf({ nature: 'refus', ...line });
}

export function purgeText(line: Omit<PurgeLine, 'n' | 'nature'>): string {
  return restOf({ nature: 'purge', ...line });
}

export function restOf(members: object): string {
  return JSON.stringify(members).slice(1);
}

let last = { ms: Number.NaN, text: '' };

/** To the millisecond, RFC 3339 in UTC. Many lines are of the same. */
function instantOf(ms: number): string {
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}
