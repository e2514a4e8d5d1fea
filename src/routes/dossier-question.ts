import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Tracing } from '../collection/call-source.ts';
import { isSiret, type Siret, sirenOf } from '../dossier/siret.ts';
import { USAGES } from '../dossier/usage.ts';
import { Problem } from '../problems.ts';
import type { UsageDefinition } from '../usages/usage-definition.ts';
import { usages } from '../usages/usages.ts';

const OBJECT_MAX = 250;

function siretSchema(what: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? `${what} manque.` : `${what} est donné plusieurs fois.`),
    })
    .regex(/^[0-9]{14}$/, { abort: true, error: `${what} compte 14 chiffres, sans espace.` })
    .refine(isSiret, { error: `${what} est mal recopié : sa clé de contrôle ne correspond pas.` });
}

function freeText(what: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? `${what} manque.` : `${what} est donné plusieurs fois.`),
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
});

const WAIT_DEFAULT_SECONDS = 5;
const WAIT_MAX_SECONDS = 30;

export interface DossierQuestion {
  siret: Siret;
  usage: UsageDefinition;
  tracing: Tracing;
  waitMs: number;
  refresh: boolean;
}

/** @throws Problem naming every bad parameter */
export function dossierQuestionOf({ params, query, headers }: FastifyRequest): DossierQuestion {
  const path = dossierParams.safeParse(params);
  const rest = dossierQuery.safeParse(query);
  const errors = [path, rest]
    .flatMap(({ error }) => error?.issues ?? [])
    .map(({ path, message }) => ({
      parameter: path.join('.'),
      detail: message,
    }));
  if (!path.success || !rest.success) throw invalid(errors);
  const siret = path.data.siret as Siret;
  const { usage, object, recipient, context } = rest.data;
  if (sirenOf(recipient as Siret) === sirenOf(siret)) {
    throw invalid([
      { parameter: 'recipient', detail: "Le destinataire ne peut pas être l'entreprise elle-même." },
    ]);
  }
  return {
    siret,
    usage: usages[usage],
    tracing: { context: context ?? usages[usage].libelle, object, recipient },
    waitMs: waitSecondsOf(headers.prefer) * 1000,
    refresh: /(^|,)\s*no-cache\s*($|[,;=])/i.test(headers['cache-control'] ?? ''),
  };
}

function invalid(errors: { parameter: string; detail: string }[]): Problem {
  const names = errors.map(({ parameter }) => parameter).join(', ');
  return new Problem('parametres-invalides', { detail: `À corriger : ${names}.`, errors });
}

/** `Prefer: wait=N` (RFC 7240), in seconds. A preference that makes no sense is ignored, as the RFC asks. */
export function waitSecondsOf(prefer: string | string[] | undefined): number {
  const wait = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec([prefer].flat().join(','));
  return wait ? Math.min(Number(wait[1]), WAIT_MAX_SECONDS) : WAIT_DEFAULT_SECONDS;
}
