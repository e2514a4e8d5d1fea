import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Dossier } from '../dossier/dossier.ts';
import type { Siret } from '../dossier/siret.ts';
import { dayOf } from '../dossier/time.ts';
import { type Element, textAt } from '../espd/element.ts';
import { ROLES } from '../espd/parties.ts';
import { type EspdRequest, readRequest } from '../espd/read-request.ts';
import { espdResponseOf } from '../espd/response.ts';
import { Problem, problemResponse } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { AllowDossier } from './allow-dossier.ts';
import { attachment } from './document-file.ts';
import {
  agentHeader,
  type DossierQuestion,
  dossierParams,
  dossierQuery,
  dossierQuestionOf,
} from './dossier-question.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import { parsed } from './parsed.ts';
import { dossierIn, type ReadDossier } from './read-dossier.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';

export const ESPD_ROUTE = '/v1/dossiers/:siret/espd';
const XML_TYPE = 'application/xml';
/** Of no company: a file name is seen by more people than a file. */
const FILE_NAME = 'DUME prérempli.xml';

export interface EspdOptions extends Pick<AllowDossier, 'allow'> {
  access: Admission;
  read: ReadDossier;
  tell: TellAccess;
  now: () => number;
  /** Where the gateway is called; by default, where it was called this time. */
  publicUrl?: string | undefined;
}

const espdQuery = z.object({
  role: z
    .enum(ROLES, { error: `Le rôle est l'un de : ${ROLES.join(', ')}.` })
    .default('sole-tenderer')
    .describe("Rôle de l'entreprise dans la candidature, selon la liste `eo-role-type`"),
  lot: z
    .string({ error: 'Le lot est donné plusieurs fois.' })
    .max(100, { error: 'Le lot dépasse 100 caractères.' })
    .optional()
    .describe('Identifiant du lot, quand la demande envoyée en porte plusieurs'),
});

/** `GET` and `POST /v1/dossiers/{siret}/espd`: the dossier as an ESPD response, to a buyer's request or to none. */
export function espdRoutes(app: FastifyInstance, options: EspdOptions): void {
  const { access, allow, read, tell, publicUrl, now } = options;
  const config = { access: { audiences: ['agent'] as const } };

  app.get(ESPD_ROUTE, { config, schema: documentation }, (request, reply) =>
    respond(request, reply, () => null),
  );

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    for (const type of [XML_TYPE, 'text/xml']) {
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    }
    scope.post(ESPD_ROUTE, { config, schema: completing }, (request, reply) =>
      respond(request, reply, () => requestIn(request.body)),
    );
  });

  /** @param readAsked what the buyer asks, read once it is known that the caller may have an answer */
  async function respond(request: FastifyRequest, reply: FastifyReply, readAsked: () => EspdRequest | null) {
    const { rights } = access.admittedOf(request).holder;
    const { role, lot } = parsed(espdQuery, request.query, 'parameter');
    const question = await allow(request, reply, dossierQuestionOf(request, { nowMs: now(), rights }));
    requireUsage(question);
    const asked = readAsked();
    const answered = asked && lotOf(asked, lot);
    const { rendition, told } = await read(request, reply, question);
    const dossier = dossierIn(rendition);
    const baseUrl = publicUrl ?? calledAt(request, app);
    const atMs = now();
    const today = dayOf(atMs);
    const body = espdResponseOf({
      dossier,
      date: question.date ?? today,
      today,
      baseUrl,
      dossierUrl: dossierUrlOf(baseUrl, dossier, question),
      buyer: buyerOf(request, question),
      object: question.tracing.object,
      role,
      request: asked,
      lot: answered,
      uuid: randomUUID(),
      atMs,
    });
    await tell(request, askedIn(question), told);
    return reply
      .headers({
        vary: 'authorization',
        'cache-control': 'private, no-store',
        'content-disposition': attachment(FILE_NAME),
      })
      .type(`${XML_TYPE}; charset=utf-8`)
      .send(body);
  }

  function buyerOf(request: FastifyRequest, { tracing }: DossierQuestion) {
    const { organisme } = access.admittedOf(request).holder.habilitation;
    const siret = tracing.recipient as Siret;
    return { siret, nom: siret === organisme.siret ? organisme.nom : null };
  }
}

/** @throws Problem when it is not asked for a public contract, of which alone there is an ESPD */
function requireUsage({ usage }: DossierQuestion): void {
  if (usage.id === 'marche_public') return;
  const detail = "Le DUME n'existe que pour l'usage marche_public.";
  throw new Problem('parametres-invalides', { detail, errors: [{ parameter: 'usage', detail }] });
}

/** @throws Problem */
function requestIn(body: unknown): EspdRequest {
  if (!Buffer.isBuffer(body)) throw refused(`Envoyez la demande en ${XML_TYPE}.`);
  const asked = readRequest(body);
  if ('fault' in asked) throw refused(asked.fault);
  return asked;
}

function refused(detail: string): Problem {
  return new Problem('demande-dume-refusee', { detail });
}

/**
 * A response is about one lot (BR-LOT-10).
 *
 * @throws Problem when several are asked for
 */
function lotOf({ lots }: EspdRequest, wanted: string | undefined): Element | null {
  const [only, ...others] = lots;
  if (wanted === undefined && others.length === 0) return only ?? null;
  const found = lots.find((lot) => textAt(lot, 'cbc:ID') === wanted);
  if (found) return found;
  const detail =
    'Le lot est l’un de ceux de la demande envoyée ; il est nécessaire quand elle en porte plusieurs.';
  throw new Problem('parametres-invalides', { detail, errors: [{ parameter: 'lot', detail }] });
}

function calledAt({ protocol, host }: FastifyRequest, app: FastifyInstance): string {
  const called = `${protocol}://${host}`;
  return URL.canParse(called) ? new URL(called).origin : app.listeningOrigin;
}

/** As it may be asked for again, with what justifies it. */
function dossierUrlOf(baseUrl: string, { links }: Dossier, { tracing }: DossierQuestion): string {
  const { object, recipient } = tracing;
  return `${baseUrl}${links.self}&${new URLSearchParams({ object, recipient })}`;
}

const responses = {
  200: {
    description:
      'Une `QualificationApplicationResponse` (UBL 2.3), à compléter et à confirmer par l’entreprise',
    content: { [XML_TYPE]: { schema: z.string() } },
  },
  ...dossierRefusals,
};

const documentation = {
  operationId: 'lireDume',
  tags: ['Formulaires'],
  summary: "Le DUME prérempli d'une entreprise",
  description:
    "La réponse DUME (ESPD-EDM 4.1.0, UBL 2.3) que le dossier permet de préremplir : l'entreprise, ses chiffres d'affaires, son effectif, ses inscriptions, et les preuves que les administrations ont délivrées. Les questions sur les motifs d'exclusion restent sans réponse : l'entreprise y répond. Une preuve périmée ou expirée n'y figure pas. Sans la demande de l'acheteur, les critères sont génériques : `POST` sur la même adresse complète une demande.",
  params: dossierParams,
  querystring: z.object({ ...dossierQuery.shape, ...espdQuery.shape }),
  headers: z.object({
    ...agentHeader,
    prefer: z.string().optional().describe('`wait=N` : attente en secondes, de 0 à 30'),
    'cache-control': z.string().optional().describe('`no-cache` : interroge à nouveau les sources'),
  }),
  response: responses,
};

const completing = {
  ...documentation,
  operationId: 'completerDume',
  summary: "La demande DUME d'un acheteur, préremplie pour une entreprise",
  description:
    "Le corps est une `QualificationApplicationRequest` (ESPD-EDM 4.1.0, UBL 2.3), sans DTD, d'un mébioctet au plus. Ses critères sont repris avec leurs identifiants ; reçoivent une réponse ceux dont une administration connaît le fait. Les questions sur les motifs d'exclusion restent sans réponse.",
  body: z.string().describe('La demande, en XML'),
  consumes: [XML_TYPE],
  response: {
    ...responses,
    413: problemResponse('La demande dépasse un mébioctet'),
    415: problemResponse('La demande n’est pas en XML'),
    422: problemResponse('Des paramètres sont invalides, ou la demande ne peut pas être lue'),
  },
};
