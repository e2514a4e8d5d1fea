import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Rights } from '../access/rights.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { createDossierReading, type DossierReading } from '../formulaires/dossier-reading.ts';
import { formOf, forms } from '../formulaires/forms.ts';
import type { JsonObject } from '../formulaires/json-schema.ts';
import { readSchema, type SchemaFault } from '../formulaires/read-schema.ts';
import { Problem } from '../problems.ts';
import { bodyQuestionOf, type DossierQuestion, dossierParams, dossierQuery } from './dossier-question.ts';
import { parsed } from './parsed.ts';

/** What every form is filled for: a company, asked about as for its dossier. */
export const dossierAsked = dossierParams.extend(dossierQuery.shape);

export const formAsked = dossierAsked.extend({
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Un JSON Schema 2020-12 dont les propriétés portent `x-dlnuf` : le pointeur JSON, dans `data` du dossier, de la valeur attendue',
    ),
  formulaire: z
    .enum(forms.map(({ id }) => id))
    .optional()
    .describe("Au lieu d'un schéma, un formulaire prêt à l'emploi : voir `GET /v1/formulaires`"),
});

/** Questions are read by their own rules, which name every bad value: only what else a body holds is read here. */
const anyBody = z.looseObject({}, { error: 'Envoyez un objet JSON.' });

export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  return parsed(anyBody, request.body, 'pointer');
}

export interface FormQuestion {
  question: DossierQuestion;
  /** Id of a ready-made form. */
  formulaire: string | null;
  schema: JsonObject;
}

/** @throws Problem naming what is wrong with the question, or else with the schema */
export function formQuestionOf(
  request: FastifyRequest,
  asking: { nowMs: number; rights: Rights },
): FormQuestion {
  const { schema, formulaire, ...asked } = bodyOf(request);
  const question = bodyQuestionOf(asked as never, request, asking);
  if ((schema === undefined) === (formulaire === undefined)) {
    throw refusedSchema([
      { pointer: '', detail: 'Donnez « schema », ou « formulaire », et un seul des deux.' },
    ]);
  }
  if (formulaire === undefined) return { question, formulaire: null, schema: acceptedSchema(schema) };
  const form = formOf(String(formulaire));
  if (form) return { question, formulaire: form.id, schema: form.schema };
  const detail = `Le formulaire est l'un de : ${forms.map(({ id }) => id).join(', ')}.`;
  throw new Problem('parametres-invalides', { detail, errors: [{ pointer: '/formulaire', detail }] });
}

/** @throws Problem */
export function acceptedSchema(value: unknown): JsonObject {
  const read = readSchema(value);
  if (Array.isArray(read)) throw refusedSchema(read);
  return read as JsonObject;
}

export function refusedSchema(faults: readonly SchemaFault[]): Problem {
  const errors = faults.map(({ pointer, detail }) => ({ pointer: `/schema${pointer}`, detail }));
  return new Problem('parametres-invalides', { detail: 'Le schéma ne peut pas être lu.', errors });
}

export interface Reading {
  dossier: Dossier;
  question: DossierQuestion;
  /** The body that asks: the name of another one, for which it may ask, is not known. */
  organisme: { siret: string; nom: string };
  nowMs: number;
}

/** What a form reads of a dossier and of what was asked. */
export function readingOf({ dossier, question, organisme, nowMs }: Reading): DossierReading {
  const { tracing, usage, procedure, date, rights } = question;
  const { object: objet, recipient: destinataire, context: contexte } = tracing;
  return createDossierReading({
    dossier,
    demande: {
      objet,
      destinataire,
      destinataire_nom: destinataire === organisme.siret ? organisme.nom : null,
      contexte,
      usage: usage.id,
      ...procedure,
      date,
    },
    isPublic: rights.isPublic,
    nowMs,
  });
}
