import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SendingFault, SendPrefill } from '../demarche-numerique/send-prefill.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { type Champ, prefillBodyOf } from '../formulaires/demarche-numerique.ts';
import { segmentsOf } from '../formulaires/json-pointer.ts';
import { Problem } from '../problems.ts';
import { bodyQuestionOf } from './dossier-question.ts';
import { bodyOf, dossierAsked, readingOf, refusedSchema } from './form-question.ts';
import { type FormsOptions, postedRefusals, unfilledSchema } from './forms.ts';
import { parsed } from './parsed.ts';
import { createReadDossier } from './read-dossier.ts';
import { createTellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export const DEMARCHE_ROUTE = '/v1/formulaires/demarche-numerique';
const MAX_CHAMPS = 200;
const MAX_OPTIONS = 1_000;

const identifier = z
  .union([z.int().positive(), z.string().regex(/^[A-Za-z0-9+/]{4,60}={0,2}$/)], {
    error: "L'identifiant est le numéro du champ, ou celui du descripteur de la démarche.",
  })
  .describe('Numéro stable du champ, ou `id` du descripteur (`/preremplir/{démarche}/schema`)');

const champSchema = z.object({
  id: identifier,
  type: z
    .string({ error: 'Le type du champ manque.' })
    .max(60, { error: 'Ce type est trop long.' })
    .describe('`text`, `drop_down_list`…, ou `__typename` du descripteur'),
  options: z
    .array(z.string().max(500), { error: 'Les valeurs de la liste sont des textes.' })
    .max(MAX_OPTIONS, { error: `Une liste a au plus ${MAX_OPTIONS} valeurs.` })
    .optional(),
  'x-dlnuf': z
    .string({ error: 'Le pointeur dans le dossier manque.' })
    .max(250, { error: 'Ce pointeur est trop long.' })
    .refine((pointer) => segmentsOf(pointer) !== null, {
      error: "C'est un pointeur JSON dans le dossier, comme /identite/denomination.",
    }),
});

const champsSchema = z
  .array(champSchema, { error: 'Les champs de la démarche manquent.' })
  .min(1, { error: 'Donnez au moins un champ.' })
  .max(MAX_CHAMPS, { error: `Une démarche a ici au plus ${MAX_CHAMPS} champs.` });

const sendingSchema = z.object({
  envoyer: z
    .boolean({ error: '« envoyer » vaut true ou false.' })
    .default(false)
    .describe('Envoie le corps à Démarche numérique, si la passerelle y est autorisée'),
  demarche: z
    .int({ error: 'La démarche est donnée par son numéro.' })
    .positive({ error: 'La démarche est donnée par son numéro.' })
    .max(999_999_999, { error: "Ce numéro n'est pas celui d'une démarche." })
    .optional()
    .describe('Numéro de la démarche ; nécessaire pour envoyer'),
});

const asked = dossierAsked.extend({ champs: champsSchema, ...sendingSchema.shape });

export interface DemarcheNumeriqueOptions extends FormsOptions {
  /** Null when nothing may be sent. */
  sendPrefill: SendPrefill | null;
}

/** `POST /v1/formulaires/demarche-numerique`: the body with which a file of a procedure is prefilled. */
export function demarcheNumeriqueRoute(app: FastifyInstance, options: DemarcheNumeriqueOptions): void {
  const { access, witness, sendPrefill, now } = options;
  const tell = createTellAccess(access, witness);
  const read = createReadDossier({ ...options, tell });
  const config = { access: { audiences: ['agent'] as const } };

  app.post(DEMARCHE_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { rights } = access.admittedOf(request).holder;
    const { champs, envoyer, demarche, ...asked } = bodyOf(request);
    const question = bodyQuestionOf(asked as never, request, { nowMs: now(), rights });
    const wanted = parsed(z.object({ champs: champsSchema }), { champs }, 'pointer').champs;
    const send = senderOf(parsed(sendingSchema, { envoyer, demarche }, 'pointer'), sendPrefill);
    const { identity, told } = await read(request, reply, question);
    const reading = readingOf(JSON.parse(identity.toString()) as Dossier, question, now());
    const body = prefillBodyOf(wanted.map(champOf), reading);
    if (Array.isArray(body)) throw refusedSchema(body);
    await tell(request, askedIn(question), told);
    const { corps, filled, unfilled } = body;
    const envoi = send && sendingOf(await send(corps));
    return reply
      .headers({ vary: 'authorization', 'cache-control': 'private, no-store' })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ data: { corps, remplis: filled, ecartes: unfilled, envoi } }));
  });
}

/**
 * Null when nothing is to be sent.
 *
 * @throws Problem 422 when that is asked for and cannot be
 */
function senderOf({ envoyer, demarche }: z.output<typeof sendingSchema>, sendPrefill: SendPrefill | null) {
  if (!envoyer) return null;
  if (!sendPrefill)
    throw invalid(
      '/envoyer',
      "Cette passerelle n'envoie rien à Démarche numérique : envoyez le corps vous-même.",
    );
  if (demarche === undefined) throw invalid('/demarche', 'Donnez le numéro de la démarche pour envoyer.');
  return (corps: Parameters<SendPrefill>[1]) => sendPrefill(demarche, corps);
}

function invalid(pointer: string, detail: string): Problem {
  return new Problem('parametres-invalides', { detail, errors: [{ pointer, detail }] });
}

const FAULTS: Record<SendingFault, string> = {
  demarche_inconnue:
    "Démarche numérique ne connaît pas de démarche ouverte de ce numéro : rien n'est déposé.",
  refus_du_service: "Démarche numérique a refusé le corps : rien n'est déposé.",
  reponse_inattendue:
    "Démarche numérique a répondu sous une forme inattendue : un dossier peut y avoir été créé, qui s'effacera de lui-même.",
  sans_reponse:
    "Démarche numérique n'a pas répondu à temps : un dossier peut y avoir été créé, qui s'effacera de lui-même.",
};

function sendingOf(sent: Awaited<ReturnType<SendPrefill>>) {
  return typeof sent === 'string'
    ? { statut: sent, message: FAULTS[sent] }
    : {
        statut: 'prerempli',
        message: 'Le dossier est prérempli : le premier qui ouvre son adresse en devient propriétaire.',
        ...sent,
      };
}

function champOf({ 'x-dlnuf': dossier, ...champ }: z.output<typeof champSchema>): Champ {
  return { ...champ, dossier };
}

const documentation = {
  operationId: 'preremplirDemarche',
  tags: ['Formulaires'],
  summary: "Le corps de préremplissage d'une démarche de Démarche numérique",
  description:
    "Prépare le corps à envoyer à `POST /api/public/v1/demarches/{numéro}/dossiers` de Démarche numérique, avec l'en-tête `Content-Type: application/json` exactement. Ce que le service écarterait sans le dire (types refusés, valeurs hors de la liste, formats) n'y est pas, et est dit dans `ecartes`. Avec `envoyer`, la passerelle l'envoie elle-même, une seule fois, au seul service qu'elle connaît.",
  body: asked,
  response: {
    200: {
      description: 'Le corps, et ce qui en est écarté',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.object({
                corps: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
                remplis: z.array(z.looseObject({ champ: z.string(), dossier: z.string() })),
                ecartes: z.array(unfilledSchema),
                envoi: z
                  .object({
                    statut: z.enum(['prerempli', ...(Object.keys(FAULTS) as SendingFault[])]),
                    message: z.string(),
                    numero: z.int().optional(),
                    adresse: z.string().optional().describe('Secrète : à remettre au seul demandeur'),
                  })
                  .nullable()
                  .describe('null quand rien n’est envoyé'),
              }),
            })
            .meta({ id: 'Preremplissage' }),
        },
      },
    },
    ...postedRefusals,
  },
};
