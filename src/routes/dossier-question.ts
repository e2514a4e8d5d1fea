import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Rights } from '../access/rights.ts';
import type { Tracing } from '../collection/call-source.ts';
import { isSiret, type Siren, type Siret, sirenOf } from '../dossier/siret.ts';
import { type Day, dayIn, dayOf } from '../dossier/time.ts';
import { USAGES } from '../dossier/usage.ts';
import { Problem } from '../problems.ts';
import { ETAPES, NATURES, type Procedure } from '../usages/procedure.ts';
import type { UsageDefinition } from '../usages/usage-definition.ts';
import { usages } from '../usages/usages.ts';
import { pathsOf } from './parsed.ts';

const OBJECT_MAX = 250;

function textFault(what: string, input: unknown): string {
  if (input === undefined) return `${what} manque.`;
  return Array.isArray(input) ? `${what} est donné plusieurs fois.` : `${what} est un texte.`;
}

export function siretSchema(what: string) {
  return z
    .string({
      error: (issue) => textFault(what, issue.input),
    })
    .regex(/^[0-9]{14}$/, { abort: true, error: `${what} compte 14 chiffres, sans espace.` })
    .refine(isSiret, { error: `${what} est mal recopié : sa clé de contrôle ne correspond pas.` });
}

export function freeText(what: string) {
  return z
    .string({
      error: (issue) => textFault(what, issue.input),
    })
    .trim()
    .min(1, { error: `${what} est vide.` })
    .max(OBJECT_MAX, { error: `${what} dépasse ${OBJECT_MAX} caractères.` })
    .refine((value) => !/\p{Cc}/u.test(value), { error: `${what} contient un caractère de contrôle.` });
}

export const dossierParams = z.object({
  siret: siretSchema('Le SIRET').describe("SIRET de l'établissement"),
});

export const dossierQuery = z.object({
  usage: z
    .enum(USAGES, {
      error: (issue) =>
        issue.input === undefined ? "L'usage manque." : `L'usage est l'un de : ${USAGES.join(', ')}.`,
    })
    .describe('Décide des sources interrogées, des exigences examinées et de ce qui reste à demander'),
  object: freeText("L'objet").describe('Numéro de la procédure qui justifie la demande'),
  recipient: siretSchema('Le SIRET du destinataire').describe(
    "SIRET de l'organisme public qui utilisera les données ; jamais celui de l'entreprise",
  ),
  context: freeText('Le contexte')
    .optional()
    .describe("Cadre de la demande ; par défaut, l'usage en toutes lettres"),
  etape: oneOf(ETAPES, "L'étape")
    .optional()
    .describe(
      'Étape de la procédure, pour `marche_public` seulement : décide des sources utiles et des exigences ; par défaut, `attribution`',
    ),
  nature: oneOf(NATURES, 'La nature')
    .optional()
    .describe(
      "Nature du marché, pour `marche_public` seulement. Sans elle, les caisses et qualifications du BTP ne sont demandées que si l'activité de l'entreprise en relève",
    ),
  date: z
    .string({ error: 'La date est donnée plusieurs fois.' })
    .refine((value) => value.length === 10 && dayIn(value) !== null, {
      error: "La date s'écrit AAAA-MM-JJ et existe au calendrier.",
    })
    .optional()
    .describe(
      "Jour auquel les exigences sont examinées, AAAA-MM-JJ : la date limite de remise des offres, par exemple. Par défaut, aujourd'hui à Paris ; de cinq ans avant à un an après",
    ),
});

export const agentHeader = {
  'x-agent-id': z
    .string()
    .optional()
    .describe(
      "Identifiant de l'agent qui demande, chez l'organisme : inscrit au journal, montré à l'organisme seulement. 128 caractères ASCII visibles au plus",
    ),
};

export function oneOf<const V extends readonly string[]>(values: V, what: string) {
  return z.enum(values, {
    error: ({ input }) =>
      Array.isArray(input)
        ? `${what} est à donner une seule fois.`
        : `${what} est à choisir parmi : ${values.join(', ')}.`,
  });
}

const PAST_YEARS = 5;
const FUTURE_YEARS = 1;

const WAIT_DEFAULT_SECONDS = 5;
const WAIT_MAX_SECONDS = 30;

export interface DossierQuestion {
  siret: Siret;
  siren: Siren;
  usage: UsageDefinition;
  procedure: Procedure;
  /** Day on which requirements are examined; null for the day on which the dossier is constituted. */
  date: Day | null;
  tracing: Tracing;
  waitMs: number;
  refresh: boolean;
  /** What the caller may be shown. */
  rights: Rights;
}

/** In a body, where no hook has looked at the names. */
const nothingElse = dossierQuery.strict();

/**
 * @param nowMs epoch milliseconds
 * @param rights what the caller may be shown
 * @param schema that says which names are taken
 * @throws Problem naming every bad parameter
 */
export function dossierQuestionOf(
  { params, query, headers }: Pick<FastifyRequest, 'params' | 'query' | 'headers'>,
  { nowMs, rights }: { nowMs: number; rights: Rights },
  schema: typeof dossierQuery = dossierQuery,
): DossierQuestion {
  const path = dossierParams.safeParse(params);
  const rest = schema.safeParse(query);
  const errors = [path, rest]
    .flatMap(({ error }) => error?.issues ?? [])
    .flatMap(pathsOf)
    .map(({ path, message }) => ({
      parameter: path.join('.'),
      detail: message,
    }));
  if (!path.success || !rest.success) throw invalid(errors);
  const siret = path.data.siret as Siret;
  const siren = sirenOf(siret);
  const { usage, object, recipient, context, date } = rest.data;
  const senseless = [
    ...(sirenOf(recipient as Siret) === siren
      ? [{ parameter: 'recipient', detail: "Le destinataire ne peut pas être l'entreprise elle-même." }]
      : []),
    ...senselessFor(usages[usage], rest.data),
    ...outOfBounds(date, nowMs),
  ];
  if (senseless.length > 0) throw invalid(senseless);
  return {
    siret,
    siren,
    usage: usages[usage],
    procedure: { etape: rest.data.etape ?? usages[usage].defaultEtape, nature: rest.data.nature ?? null },
    date: date ?? null,
    tracing: { context: context ?? usages[usage].libelle, object, recipient },
    waitMs: waitSecondsOf(headers.prefer) * 1000,
    refresh: isRefresh(headers['cache-control']),
    rights,
  };
}

interface BadParameter {
  parameter: string;
  detail: string;
}

/**
 * The same question, asked in a body.
 *
 * @throws Problem naming every bad value
 */
export function bodyQuestionOf(
  { siret, ...query }: z.input<typeof dossierQuery> & z.input<typeof dossierParams>,
  { headers }: Pick<FastifyRequest, 'headers'>,
  asking: { nowMs: number; rights: Rights },
): DossierQuestion {
  try {
    return dossierQuestionOf({ params: { siret }, query, headers }, asking, nothingElse);
  } catch (error) {
    throw error instanceof Problem ? inBody(error) : error;
  }
}

function inBody({ slug, details }: Problem): Problem {
  const errors = details.errors?.map(({ parameter, detail }) => ({ pointer: `/${parameter}`, detail }));
  return new Problem(slug, { ...details, ...(errors && { errors }) });
}

/** Parameters that the usage does not know. */
export function senselessFor(
  usage: UsageDefinition,
  { etape, nature }: Pick<z.output<typeof dossierQuery>, 'etape' | 'nature'>,
): BadParameter[] {
  const detail = `N'a pas de sens pour l'usage ${usage.id}.`;
  return [
    ...(etape && !usage.etapes.includes(etape) ? [{ parameter: 'etape', detail }] : []),
    ...(nature && !usage.natures.includes(nature) ? [{ parameter: 'nature', detail }] : []),
  ];
}

/** Further, no source could have said anything of that day, nor could anybody need it. */
export function outOfBounds(date: Day | undefined, nowMs: number): BadParameter[] {
  if (date === undefined) return [];
  const today = Temporal.PlainDate.from(dayOf(nowMs));
  const [first, last] = [today.subtract({ years: PAST_YEARS }), today.add({ years: FUTURE_YEARS })];
  if (first.toString() <= date && date <= last.toString()) return [];
  return [{ parameter: 'date', detail: `La date est comprise entre le ${first} et le ${last}.` }];
}

/** What, beside the company and the usage, a dossier depends on: as it is kept, shared, and asked for again. */
export function variantOf({
  procedure: { etape, nature },
  date,
}: Pick<DossierQuestion, 'procedure' | 'date'>) {
  return `${etape ?? ''} ${nature ?? ''} ${date ?? ''}`;
}

function isRefresh(cacheControl = ''): boolean {
  return /(^|,)\s*no-cache\s*($|[,;=])/i.test(cacheControl);
}

function invalid(errors: BadParameter[]): Problem {
  const names = errors.map(({ parameter }) => parameter).join(', ');
  return new Problem('parametres-invalides', { detail: `À corriger : ${names}.`, errors });
}

/** `Prefer: wait=N` (RFC 7240), in seconds. A preference that makes no sense is ignored, as the RFC asks. */
export function waitSecondsOf(prefer: string | string[] | undefined): number {
  const wait = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec([prefer].flat().join(','));
  return wait ? Math.min(Number(wait[1]), WAIT_MAX_SECONDS) : WAIT_DEFAULT_SECONDS;
}
