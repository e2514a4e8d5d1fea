import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SendingFault, SendPrefill } from '../demarche-numerique/send-prefill.ts';
import { prefillBodyOf, type UnlinkedField } from '../formulaires/demarche-numerique.ts';
import { askedChamps, champsAsked, invalid } from './demarche-champs.ts';
import { bodyQuestionOf } from './dossier-question.ts';
import { bodyOf, dossierAsked, readingOf, refusedSchema } from './form-question.ts';
import { type FormsOptions, postedRefusals, unfilledSchema } from './forms.ts';
import { parsed } from './parsed.ts';
import { dossierIn } from './read-dossier.ts';
import { askedIn } from './told.ts';

export const DEMARCHE_ROUTE = '/v1/formulaires/demarche-numerique';

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
    .describe('Numéro de la démarche, pour envoyer ; sans lui, celui du descripteur'),
});

const asked = dossierAsked.extend({ ...champsAsked.shape, ...sendingSchema.shape });

export interface DemarcheNumeriqueOptions extends FormsOptions {
  /** Null when nothing may be sent. */
  sendPrefill: SendPrefill | null;
}

/** `POST /v1/formulaires/demarche-numerique`: the body with which a file of a procedure is prefilled. */
export function demarcheNumeriqueRoute(app: FastifyInstance, options: DemarcheNumeriqueOptions): void {
  const { access, allow, read, tell, sendPrefill, now } = options;
  const config = { access: { audiences: ['agent'] as const } };

  app.post(DEMARCHE_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { rights, habilitation } = access.admittedOf(request).holder;
    const { champs, descripteur, correspondances, envoyer, demarche, ...asked } = bodyOf(request);
    const posted = bodyQuestionOf(asked as never, request, { nowMs: now(), rights });
    const wanted = askedChamps({ champs, descripteur, correspondances });
    const sending = { envoyer, demarche: demarche ?? wanted.numero ?? undefined };
    const send = senderOf(parsed(sendingSchema, sending, 'pointer'), sendPrefill);
    const question = await allow(request, reply, posted);
    const { rendition, told } = await read(request, reply, question);
    const { organisme } = habilitation;
    const reading = readingOf({ dossier: dossierIn(rendition), question, organisme, nowMs: now() });
    const body = prefillBodyOf(wanted.champs, reading);
    if (Array.isArray(body)) throw refusedSchema(body);
    await tell(request, askedIn(question), told);
    const { corps, filled, unfilled, unlinked } = body;
    const envoi = send && sendingOf(await send(corps));
    return reply
      .headers({ vary: 'authorization', 'cache-control': 'private, no-store' })
      .type('application/json; charset=utf-8')
      .send(
        JSON.stringify({
          data: { corps, remplis: filled, ecartes: unfilled, sans_correspondance: unlinked, envoi },
        }),
      );
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

const unlinkedSchema: z.ZodType<UnlinkedField> = z.object({
  champ: z.string(),
  libelle: z.string().nullable(),
  type: z.string(),
  preremplissable: z.boolean(),
});

const documentation = {
  operationId: 'preremplirDemarche',
  tags: ['Formulaires'],
  summary: "Le corps de préremplissage d'une démarche de Démarche numérique",
  description:
    "Prépare le corps à envoyer à `POST /api/public/v1/demarches/{numéro}/dossiers` de Démarche numérique, avec l'en-tête `Content-Type: application/json` exactement. Les champs sont donnés un à un, ou par le descripteur que le service publie, collé tel quel. Ce que le service écarterait sans le dire (types refusés, valeurs hors de la liste, formats) n'y est pas, et est dit dans `ecartes`. Avec `envoyer`, la passerelle l'envoie elle-même, une seule fois, au seul service qu'elle connaît.",
  body: asked,
  response: {
    200: {
      description: 'Le corps, et ce qui en est écarté',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.object({
                corps: z
                  .record(z.string(), z.unknown())
                  .describe(
                    'Par champ : un texte, une liste, ou les lignes d’un bloc répétable, à envoyer tels quels',
                  ),
                remplis: z.array(
                  z.looseObject({
                    champ: z.string(),
                    dossier: z.string(),
                    a_verifier: z
                      .string()
                      .nullable()
                      .describe('Ce que le service, qui est seul à le savoir, peut encore en refuser'),
                  }),
                ),
                ecartes: z.array(unfilledSchema),
                sans_correspondance: z
                  .array(unlinkedSchema)
                  .describe('Les champs de la démarche qui ne sont pas reliés au dossier'),
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
