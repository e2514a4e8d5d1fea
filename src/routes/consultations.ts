import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isSiren, sirenOf } from '../dossier/siret.ts';
import { type Consultation, type Consultations, positionIn } from '../journal/consultations.ts';
import { contestationText } from '../journal/entry.ts';
import { type Journal, JournalClosed } from '../journal/group-commit.ts';
import type { Concerned, Position } from '../journal/lookup.ts';
import { Problem, problemResponse, refused } from '../problems.ts';
import { Broken } from '../storage/database.ts';
import type { Admission, Asker } from './admission.ts';
import { UNRECORDED } from './health.ts';
import { askerIn } from './journal-witness.ts';
import { parsed } from './parsed.ts';

export const COMPANY_ROUTE = '/v1/entreprises/:siren/consultations';
export const CONTEST_ROUTE = '/v1/entreprises/:siren/consultations/:id/contestations';
export const BODY_ROUTE = '/v1/consultations';

export interface ConsultationsOptions {
  consultations: Consultations;
  journal: Journal;
  access: Admission;
  now: () => number;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 100;
const CONTESTATION_MAX = 2_000;
const OTHER_COMPANY = "Ce jeton est celui d'une autre entreprise : chacune voit ses propres consultations.";
const UNREADABLE = 'Le journal des accès ne peut pas être lu. Réessayez dans quelques instants.';

const companyParams = z.object({
  siren: z
    .string()
    .refine(isSiren, { error: 'Le SIREN compte 9 chiffres, sans espace, dont une clé de contrôle.' })
    .describe("SIREN de l'entreprise"),
});
const accessParams = companyParams.extend({
  id: z
    .string()
    .max(64, { error: "L'identifiant de consultation est trop long." })
    .describe('Consultation contestée'),
});
const pageQuery = z.object({
  limite: z
    .string()
    .regex(/^\d{1,3}$/, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` })
    .transform(Number)
    .pipe(
      z
        .int()
        .min(1, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` })
        .max(LIMIT_MAX, { error: `La limite est un nombre de 1 à ${LIMIT_MAX}.` }),
    )
    .optional(),
  apres: z
    .string()
    .max(200)
    .transform(positionIn)
    .refine((position) => position !== null, {
      error: 'Donnez le curseur tel que « links.suivante » le contient.',
    })
    .optional(),
});
const contestationBody = z.object(
  {
    texte: z
      .string({ error: 'Le texte de la contestation manque.' })
      .trim()
      .min(1, { error: 'Le texte de la contestation est vide.' })
      .max(CONTESTATION_MAX, { error: `Le texte dépasse ${CONTESTATION_MAX} caractères.` }),
  },
  { error: 'Envoyez un objet JSON : { "texte": "…" }.' },
);

/** Who looked at a company's data, for the company itself and for the body that looked. */
export function consultationsRoutes(app: FastifyInstance, options: ConsultationsOptions): void {
  const { consultations, journal, access, now } = options;
  const forCompany = { access: { audiences: ['entreprise'] as const } };
  const forBody = { access: { audiences: ['agent', 'public'] as const } };

  /** The company itself. */
  async function requireCompany(request: FastifyRequest, reply: FastifyReply, siren: string): Promise<Asker> {
    const asker = access.admittedOf(request);
    const { holder } = asker;
    if (sirenOf(holder.habilitation.organisme.siret) === siren) return asker;
    throw await access.refuse(request, reply, { reason: 'destinataire', detail: OTHER_COMPANY }, { holder });
  }

  app.get(COMPANY_ROUTE, { schema: companyDocumentation, config: forCompany }, async (request, reply) => {
    const { siren } = parsed(companyParams, request.params, 'parameter');
    await requireCompany(request, reply, siren);
    return page(request, { siren }, `/v1/entreprises/${siren}/consultations`, toCompany);
  });

  app.get(BODY_ROUTE, { schema: bodyDocumentation, config: forBody }, async (request) => {
    const body = access.admittedOf(request).holder.habilitation.organisme.siret;
    return page(request, { body }, BODY_ROUTE, toBody);
  });

  app.post(CONTEST_ROUTE, { schema: contestDocumentation, config: forCompany }, async (request, reply) => {
    const { siren, id } = parsed(accessParams, request.params, 'parameter');
    const asker = await requireCompany(request, reply, siren);
    const { texte } = parsed(contestationBody, request.body, 'pointer');
    const contested = readable(await consultations.find(id));
    if (contested?.siren !== siren) throw unknownAccess();
    const contestation = { le: new Date(now()).toISOString(), texte };
    const line = {
      ...contestation,
      requete: request.id,
      qui: askerIn(asker),
      siren,
      organisme: contested.qui.organisme,
      acces: id,
    };
    await journal.record(contestationText(line)).catch(refuseUnrecorded);
    return reply.code(201).send({ data: contestation });
  });

  async function page(
    request: FastifyRequest,
    concerned: Concerned,
    path: string,
    show: (consultation: Consultation) => object,
  ) {
    const { limite = LIMIT_DEFAULT, apres = null } = parsed(pageQuery, request.query, 'parameter');
    const { consultations: found, next } = readable(
      await consultations.list(concerned, apres as Position | null, limite),
    );
    return {
      data: found.map((one) => ({ data: show(one) })),
      links: { suivante: next && `${path}?limite=${limite}&apres=${next}` },
    };
  }
}

const EXPLANATIONS = {
  repondu: 'Des données ont été remises.',
  inconnu: "Ce qui était demandé n'est pas connu : rien n'a été remis.",
  refuse: "L'accès a été refusé : rien n'a été remis.",
};

/** The agent's name is between the body and its agent: the company knows the body. */
function toCompany({ qui, pourquoi, issue, ...consultation }: Consultation) {
  return {
    id: consultation.id,
    le: consultation.le,
    organisme: { siret: qui.organisme, denomination: qui.denomination },
    editeur: qui.editeur,
    ...pourquoi,
    base_legale: qui.base_legale,
    pieces: [...consultation.conservees, ...consultation.demandees],
    resultat: issue.resultat,
    explication: EXPLANATIONS[issue.resultat],
    contestations: consultation.contestations,
  };
}

function toBody(consultation: Consultation) {
  return {
    ...toCompany(consultation),
    siren: consultation.siren,
    agent: consultation.qui.agent,
    habilitation: consultation.qui.habilitation,
    requete: consultation.requete,
    motif: consultation.issue.motif,
  };
}

/** @throws Problem 503 */
function readable<T>(result: T | Broken): T {
  if (result instanceof Broken) throw new Problem('passerelle-indisponible', { detail: UNREADABLE });
  return result;
}

function refuseUnrecorded(error: Error): never {
  throw error instanceof JournalClosed
    ? new Problem('passerelle-indisponible', { detail: UNRECORDED })
    : error;
}

function unknownAccess(): Problem {
  return new Problem('consultation-inconnue', {
    detail: 'Aucune consultation des données de cette entreprise ne porte cet identifiant.',
  });
}

const contestationSchema = z
  .object({ le: z.iso.datetime(), texte: z.string() })
  .meta({ id: 'Contestation', description: "Ce que l'entreprise conteste ; l'organisme concerné le voit" });

const companySchema = z.object({
  id: z.string(),
  le: z.iso.datetime(),
  organisme: z.object({ siret: z.string().nullable(), denomination: z.string().nullable() }),
  editeur: z.string().nullable().describe("Éditeur qui agit pour l'organisme"),
  destinataire: z.string().nullable().describe("SIRET de l'organisme qui utilise les données"),
  usage: z.string().nullable(),
  objet: z.string().nullable().describe('Procédure qui a justifié la demande'),
  contexte: z.string().nullable(),
  base_legale: z.string().nullable(),
  pieces: z.array(z.string()).describe('Pièces du dossier ; les valeurs ne sont pas dans le journal'),
  resultat: z.enum(['repondu', 'inconnu', 'refuse']),
  explication: z.string(),
  contestations: z.array(contestationSchema),
});
const bodySchema = companySchema.extend({
  siren: z.string().nullable().describe('Entreprise dont les données ont été demandées'),
  agent: z.string().nullable(),
  habilitation: z.string().nullable(),
  requete: z.string(),
  motif: z.string().nullable(),
});

function pageSchema(one: z.ZodType, id: string) {
  return z
    .object({
      data: z.array(z.object({ data: one })),
      links: z.object({ suivante: z.string().nullable().describe('La page suivante, plus ancienne') }),
    })
    .meta({ id });
}

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}

const tags = ['Consultations'];
const pageDocumentation = z.object({
  limite: z.int().optional().describe(`De 1 à ${LIMIT_MAX} ; ${LIMIT_DEFAULT} par défaut`),
  apres: z.string().optional().describe('Curseur, tel que « links.suivante » le contient'),
});
const unavailable = { 503: problemResponse('Le journal ne peut pas être lu ou écrit pour le moment') };

const companyDocumentation = {
  operationId: 'listerConsultationsEntreprise',
  tags,
  summary: "Qui a consulté les données d'une entreprise",
  description:
    "Pour l'entreprise elle-même : qui a demandé quoi, quand, pourquoi et sur quelle base légale, la plus récente d'abord. Les 36 derniers mois.",
  params: companyParams,
  querystring: pageDocumentation,
  response: {
    200: json('Une page', pageSchema(companySchema, 'ConsultationsEntreprise')),
    ...refused,
    ...unavailable,
  },
};
const bodyDocumentation = {
  operationId: 'listerConsultations',
  tags,
  summary: "Les consultations d'un organisme",
  description: "Pour l'organisme habilité : ses propres accès, et ce que les entreprises en contestent.",
  querystring: pageDocumentation,
  response: { 200: json('Une page', pageSchema(bodySchema, 'Consultations')), ...refused, ...unavailable },
};
const contestDocumentation = {
  operationId: 'contesterConsultation',
  tags,
  summary: 'Contester une consultation',
  description: "L'entreprise dit pourquoi. C'est inscrit au journal, et l'organisme concerné le voit.",
  params: accessParams,
  body: contestationBody,
  response: {
    201: json(
      'La contestation est inscrite',
      z.object({ data: contestationSchema }).meta({ id: 'ContestationInscrite' }),
    ),
    ...refused,
    ...unavailable,
  },
};
