import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sirenOf } from '../dossier/siret.ts';
import type { Consultation, Consultations } from '../journal/consultations.ts';
import { contestationText } from '../journal/entry.ts';
import { type Journal, JournalClosed } from '../journal/group-commit.ts';
import type { Concerned, Position } from '../journal/lookup.ts';
import { Problem } from '../problems.ts';
import { Broken } from '../storage/database.ts';
import type { Admission, Asker } from './admission.ts';
import {
  accessParams,
  bodyDocumentation,
  companyDocumentation,
  companyParams,
  contestationBody,
  contestDocumentation,
  LIMIT_DEFAULT,
  pageQuery,
} from './consultations-documentation.ts';
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

const OTHER_COMPANY = "Ce jeton est celui d'une autre entreprise : chacune voit ses propres consultations.";
const UNREADABLE = 'Le journal des accès ne peut pas être lu. Réessayez dans quelques instants.';

/** Who looked at a company's data, for the company itself and for the body that looked. */
export function consultationsRoutes(app: FastifyInstance, options: ConsultationsOptions): void {
  const { consultations, journal, access, now } = options;
  const forCompany = { access: { audiences: ['entreprise'] as const } };
  /** Not its public forms: who was asked about is no open data. */
  const forBody = { access: { audiences: ['agent'] as const } };

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
    return page(request, reply, { siren }, `/v1/entreprises/${siren}/consultations`, toCompany);
  });

  app.get(BODY_ROUTE, { schema: bodyDocumentation, config: forBody }, async (request, reply) => {
    const body = access.admittedOf(request).holder.habilitation.organisme.siret;
    return page(request, reply, { body }, BODY_ROUTE, toBody);
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
    reply: FastifyReply,
    concerned: Concerned,
    path: string,
    show: (consultation: Consultation) => object,
  ) {
    const { limite = LIMIT_DEFAULT, apres = null } = parsed(pageQuery, request.query, 'parameter');
    const { consultations: found, next } = readable(
      await consultations.list(concerned, apres as Position | null, limite),
    );
    reply.headers({ vary: 'authorization', 'cache-control': 'private, no-store' });
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
