import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Dossier } from '../dossier/dossier.ts';
import { USAGES } from '../dossier/usage.ts';
import { type FilledForm, fillForm } from '../formulaires/fill.ts';
import type { FilledField, UnfilledField } from '../formulaires/form-part.ts';
import { formOf, forms, type ReadyForm } from '../formulaires/forms.ts';
import { RAISONS } from '../formulaires/unfilled.ts';
import { Problem, problemResponse, refused } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { AllowDossier } from './allow-dossier.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import { type FormQuestion, formAsked, formQuestionOf, readingOf, refusedSchema } from './form-question.ts';
import { dossierIn, type ReadDossier } from './read-dossier.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export const PREFILL_ROUTE = '/v1/formulaires/preremplissage';
const FORMS_ROUTE = '/v1/formulaires';
const FORM_ROUTE = '/v1/formulaires/:id';
const JSON_TYPE = 'application/json; charset=utf-8';

export interface FormsOptions extends Pick<AllowDossier, 'allow'> {
  access: Admission;
  read: ReadDossier;
  tell: TellAccess;
  now: () => number;
}

/** Forms that ask only what is not known: those that are ready, and those that callers send. */
export function formsRoutes(app: FastifyInstance, options: FormsOptions): void {
  const { access, allow, read, tell, now } = options;
  const config = { access: { audiences: ['agent', 'public'] as const } };

  app.post(PREFILL_ROUTE, { config, schema: prefillDocumentation }, async (request, reply) => {
    const { rights, habilitation } = access.admittedOf(request).holder;
    const asked = formQuestionOf(request, { nowMs: now(), rights });
    const question = await allow(request, reply, asked.question);
    const { rendition, told } = await read(request, reply, question);
    const dossier = dossierIn(rendition);
    const { organisme } = habilitation;
    const form = fillForm(asked.schema, readingOf({ dossier, question, organisme, nowMs: now() }));
    if (Array.isArray(form)) throw refusedSchema(form);
    const body = JSON.stringify(prefilledOf(asked, form, dossier));
    await tell(request, askedIn(question), told);
    return reply
      .headers({ vary: 'authorization', 'cache-control': 'private, no-store' })
      .type(JSON_TYPE)
      .send(body);
  });

  app.get(FORMS_ROUTE, { config: { access: 'open' }, schema: listDocumentation }, (_request, reply) => {
    reply.type(JSON_TYPE).send(JSON.stringify({ data: forms.map(describe) }));
  });

  app.get(FORM_ROUTE, { config: { access: 'open' }, schema: formDocumentation }, (request, reply) => {
    const form = formOf((request.params as { id: string }).id);
    if (!form) {
      const detail = `Les formulaires prêts à l'emploi sont : ${forms.map(({ id }) => id).join(', ')}.`;
      throw new Problem('route-inconnue', { detail });
    }
    reply.type('application/schema+json; charset=utf-8').send(JSON.stringify(form.schema));
  });
}

function describe({ id, titre, description, usages }: ReadyForm): z.infer<typeof readyFormSchema> {
  return { id, titre, description, usages: [...usages], href: `${FORMS_ROUTE}/${id}` };
}

const STALE = "Valeur conservée : la source ne répond pas pour l'instant. À vérifier avec l'entreprise.";
const EXPIRED = "La pièce d'où vient cette valeur n'est plus valide au jour examiné.";

function prefilledOf(
  { formulaire }: FormQuestion,
  { values, filled, unfilled, remaining }: FilledForm,
  { data, meta, links }: Dossier,
): z.infer<typeof prefilledSchema> {
  return {
    data: {
      siret: data.siret,
      formulaire,
      valeurs: { ...values },
      remplis: filled.map((field) => ({ ...field, modifiable: true, avertissement: warningOf(field) })),
      a_completer: { ...remaining },
      non_remplis: unfilled,
      completude: data.completude,
    },
    meta: { constitue_le: meta.constitue_le },
    links: { dossier: links.self },
  };
}

function warningOf({ perime, validite }: FilledField): string | null {
  if (perime) return STALE;
  return validite === 'expiree' ? EXPIRED : null;
}

const instant = z.iso.datetime().nullable();

const filledSchema: z.ZodType<FilledField & { modifiable: boolean; avertissement: string | null }> = z.object(
  {
    champ: z.string().describe('Pointeur JSON dans le formulaire'),
    dossier: z.string().describe('Pointeur JSON dans `data` du dossier, ou dans la demande (`/demande`)'),
    origine: z.enum(['administration', 'demande']),
    source: z.string().nullable().describe("Pièce d'où vient la valeur"),
    administration: z.string().nullable(),
    obtenu_le: instant.describe('Quand la source a répondu'),
    age_secondes: z.int().nullable(),
    perime: z
      .boolean()
      .describe('Vrai quand la valeur est servie bien que périmée, la source ne répondant pas'),
    validite: z.enum(['valide', 'expiree', 'inconnue']).nullable().describe('De la pièce, au jour examiné'),
    se_rapporte_a: z
      .string()
      .nullable()
      .describe(
        "Année (`2025`), mois (`2026-09`) ou fin d'exercice (`2025-12-31`) dont est la valeur, quand la source le dit",
      ),
    source_a_jour_au: z.iso.date().nullable().describe('Jour de mise à jour du répertoire, quand il le dit'),
    modifiable: z.boolean().describe('Toujours vrai : une valeur préremplie se corrige'),
    avertissement: z.string().nullable(),
  },
);

export const unfilledSchema: z.ZodType<UnfilledField> = z.object({
  champ: z.string(),
  dossier: z.string(),
  raison: z.enum(RAISONS),
  explication: z.string(),
  source: z.string().nullable(),
  nouvel_essai_le: instant,
});

const prefilledSchema = z
  .object({
    data: z.object({
      siret: z.string(),
      formulaire: z.string().nullable(),
      valeurs: z.record(z.string(), z.unknown()).describe('Les valeurs connues, à la forme du formulaire'),
      remplis: z.array(filledSchema),
      a_completer: z
        .record(z.string(), z.unknown())
        .describe('Ce qui reste à demander : un JSON Schema 2020-12, réduit de ce qui est connu'),
      non_remplis: z.array(unfilledSchema),
      completude: z.object({
        statut: z.enum(['complet', 'partiel']),
        en_attente: z.array(z.string()),
        prochain_essai_le: instant,
      }),
    }),
    meta: z.object({ constitue_le: instant }),
    links: z.object({ dossier: z.string() }),
  })
  .meta({ id: 'FormulairePrerempli' });

const readyFormSchema = z
  .object({
    id: z.string(),
    titre: z.string(),
    description: z.string(),
    usages: z.array(z.enum(USAGES)),
    href: z.string(),
  })
  .meta({ id: 'Formulaire' });

/** What a route that reads a dossier for a form may answer, beside it. */
export const postedRefusals = {
  ...dossierRefusals,
  413: problemResponse('Le corps dépasse 1 Mio'),
  415: problemResponse("Le corps n'est pas du JSON"),
  422: problemResponse('Des valeurs manquent ou sont invalides, ou le schéma ne peut pas être lu'),
};

const prefillDocumentation = {
  operationId: 'preremplirFormulaire',
  tags: ['Formulaires'],
  summary: 'Un formulaire déjà rempli, et ce qui reste à demander',
  description:
    "Remplit un formulaire, décrit par un JSON Schema ou prêt à l'emploi, avec le dossier de l'entreprise. Une valeur que le schéma de sa propriété n'accepte pas n'est ni tronquée ni changée : elle n'est pas reprise, et la réponse dit pourquoi. Les valeurs préremplies restent modifiables. Une valeur absente n'accuse de rien.",
  headers: z.object({
    prefer: z.string().optional().describe('`wait=N` : attente en secondes, de 0 à 30'),
    'cache-control': z.string().optional().describe('`no-cache` : interroge à nouveau les sources'),
  }),
  body: formAsked,
  response: {
    200: {
      description: 'Les valeurs, leur provenance, et le schéma de ce qui reste à demander',
      content: { 'application/json': { schema: prefilledSchema } },
    },
    ...postedRefusals,
  },
};

const listDocumentation = {
  operationId: 'listerFormulaires',
  tags: ['Formulaires'],
  security: [],
  summary: "Les formulaires prêts à l'emploi",
  response: {
    200: {
      description: 'Les formulaires',
      content: { 'application/json': { schema: z.object({ data: z.array(readyFormSchema) }) } },
    },
    ...refused,
  },
};

const formDocumentation = {
  operationId: 'lireFormulaire',
  tags: ['Formulaires'],
  security: [],
  summary: "Le schéma d'un formulaire prêt à l'emploi",
  params: z.object({ id: z.enum(forms.map(({ id }) => id)) }),
  response: {
    200: {
      description: 'Un JSON Schema 2020-12, dont les propriétés portent `x-dlnuf`',
      content: { 'application/schema+json': { schema: z.record(z.string(), z.unknown()) } },
    },
    ...refused,
    404: problemResponse("Il n'y a pas de formulaire de ce nom"),
  },
};
