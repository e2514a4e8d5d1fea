import { z } from 'zod';
import type { Rights } from '../access/rights.ts';
import type { Collected } from '../collection/collect.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import { aDemanderSchema, constatSchema, type Dossier } from '../dossier/dossier.ts';
import { type Siren, type Siret, sirenOf } from '../dossier/siret.ts';
import { instantOf } from '../dossier/time.ts';
import { USAGES } from '../dossier/usage.ts';
import { type Job, KINDS, type Task } from '../jobs/job.ts';
import type { Progress } from '../jobs/job-store.ts';
import { isOfMother } from '../usages/wanted.ts';
import { FOLLOWED_ROUTES } from './collect-member.ts';
import { collectedIn } from './collected-text.ts';
import { type Constituted, createConstitute, motherAsked } from './constitute-dossier.ts';
import { dossierBody } from './dossiers.ts';
import { onceEachCompany } from './left-to-ask.ts';
import { type Followed, type Member, questionOf } from './posted-question.ts';

const instant = z.iso.datetime();
const STATUTS = ['en_attente', 'en_cours', 'complet', 'partiel', 'inconnu'] as const;

const memberSchema = z
  .object({
    siret: z.string(),
    role: z.string(),
    statut: z
      .enum(STATUTS)
      .describe(
        '`partiel` : des sources n’ont pas répondu avant la fin ; `inconnu` : aucune ne connaît ce SIRET',
      ),
    nouvel_essai_le: instant
      .nullable()
      .describe('Quand les sources qui manquent seront interrogées à nouveau'),
    constats: z.array(constatSchema),
    dossier: dossierBody.nullable().describe('Ce qui est collecté, examiné au jour de la lecture'),
  })
  .meta({ id: 'EntrepriseSuivie' });
export type MemberView = z.infer<typeof memberSchema>;

const toAskSchema = z
  .object({ siret: z.string(), role: z.string(), pieces: z.array(aDemanderSchema) })
  .meta({ id: 'ADemanderParEntreprise' });

export const postedSchema = z
  .object({
    data: z.object({
      id: z.string(),
      nature: z.enum(KINDS),
      entreprises: z.int(),
      deposee_le: instant,
      fin_estimee_le: instant,
    }),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Depot' });

export const followedViewSchema = z
  .object({
    data: z.object({
      id: z.string(),
      nature: z.enum(KINDS),
      statut: z
        .enum(['en_cours', 'terminee', 'interrompue'])
        .describe("`interrompue` : l'habilitation ne permettait plus de continuer"),
      usage: z.enum(USAGES),
      object: z.string(),
      recipient: z.string(),
      deposee_le: instant,
      fin_estimee_le: instant.nullable(),
      terminee_le: instant.nullable(),
      effacee_le: instant.describe('Quand tout ce qui est conservé pour ce suivi est effacé'),
      progression: z.object({
        entreprises: z.int(),
        terminees: z.int(),
        sources_en_attente: z.int().describe('Pour les entreprises déjà interrogées'),
      }),
      entreprises: z.array(memberSchema).describe('Une page, dans leur ordre'),
      a_demander: z
        .array(toAskSchema)
        .describe('Ce qui reste à demander aux entreprises de la page, une fois chaque'),
    }),
    links: z.object({
      self: z.string(),
      suivante: z.string().nullable(),
      a_demander: z
        .string()
        .nullable()
        .describe("Ce qui reste à demander pour toute l'ouverture ; `null` pour les autres suivis"),
    }),
  })
  .meta({ id: 'Suivi' });
export type FollowedView = z.infer<typeof followedViewSchema>;

/** What was answered when it was posted, and is answered again whenever it is posted again. */
export function postedView(job: Job): z.infer<typeof postedSchema> {
  const { id, kind, size, createdAtMs, estimatedAtMs } = job;
  return {
    data: {
      id,
      nature: kind,
      entreprises: size,
      deposee_le: instantOf(createdAtMs),
      fin_estimee_le: instantOf(estimatedAtMs),
    },
    links: { self: addressOf(job) },
  };
}

export function addressOf({ kind, id }: Pick<Job, 'kind' | 'id'>): string {
  return `${FOLLOWED_ROUTES[kind]}/${id}`;
}

/** One company as it may be shown now, and the pieces that are then shown. */
export interface Seen {
  view: MemberView;
  pieces: string[];
  /** See `Constituted`. */
  mere: string | null;
}

/** @param result what was collected of a company, as it was stored */
export type Examine = (
  followed: Followed,
  position: number,
  result: string | null,
  rights: Rights,
) => Promise<{ dossier: Dossier | null } & Pick<Seen, 'pieces' | 'mere'>>;

/** Assembles what was collected anew, for whoever reads it on that day: nobody is asked. */
export function createExamine(options: { hold: HoldDocuments; now: () => number }): Examine {
  return async (followed, position, result, rights) => {
    if (result === null) return { dossier: null, pieces: [], mere: null };
    const { siret } = followed.membres[position] as Member;
    const stored = shownOf(collectedIn(result), sirenOf(siret as Siret), rights);
    const constitute = createConstitute({
      ...options,
      collect: async ({ sources }) =>
        new Map(
          sources.flatMap(({ source }) => {
            const asked = stored.collected.get(source.id);
            return asked ? [[source.id, asked] as const] : [];
          }),
        ),
    });
    const { dossier } = await constitute(questionOf(followed, siret, rights, 0));
    return { dossier, pieces: [...stored.collected.keys()], mere: stored.mere };
  };
}

export function createSee(examine: Examine) {
  return async (followed: Followed, task: Task, rights: Rights): Promise<Seen> => {
    const { siret, role } = followed.membres[task.position] as Member;
    const { dossier, pieces, mere } = await examine(followed, task.position, task.result, rights);
    const nextMs = task.isDone ? null : task.nextTryAtMs;
    return {
      view: {
        siret,
        role,
        statut: statutOf(task, dossier),
        nouvel_essai_le: nextMs === null ? null : instantOf(nextMs),
        constats: dossier?.data.constats ?? [],
        dossier: dossier as MemberView['dossier'],
      },
      pieces,
      mere,
    };
  };
}

/** What is the mother company's is shown only where it is known who she is: she is told of it. */
function shownOf(stored: Collected, siren: Siren, rights: Rights): Pick<Constituted, 'collected' | 'mere'> {
  const allowed = new Map([...stored].filter(([id]) => rights.sources.has(id)));
  const mere = motherAsked(allowed, siren);
  const collected = mere ? allowed : new Map([...allowed].filter(([id]) => !isOfMother(id)));
  return { collected, mere };
}

function statutOf({ isDone, result }: Task, dossier: Dossier | null): MemberView['statut'] {
  if (!isDone) return result === null ? 'en_attente' : 'en_cours';
  if (!dossier) return result === null ? 'partiel' : 'inconnu';
  return dossier.data.completude.statut;
}

export interface Page {
  job: Job;
  followed: Followed;
  progress: Progress;
  estimatedAtMs: number;
  members: readonly MemberView[];
  /** Null on the last page. */
  next: string | null;
}

export function followedView({ job, followed, progress, estimatedAtMs, members, next }: Page): FollowedView {
  const isOver = job.state !== 'en_cours';
  return {
    data: {
      id: job.id,
      nature: job.kind,
      statut: job.state,
      usage: followed.usage,
      object: followed.object,
      recipient: followed.recipient,
      deposee_le: instantOf(job.createdAtMs),
      fin_estimee_le: isOver ? null : instantOf(estimatedAtMs),
      terminee_le: job.endedAtMs === null ? null : instantOf(job.endedAtMs),
      effacee_le: instantOf(job.purgeAtMs),
      progression: progressionOf(job, progress),
      entreprises: [...members],
      a_demander: toAskOf(members),
    },
    links: {
      self: addressOf(job),
      suivante: next,
      a_demander: job.kind === 'ouverture' ? `${addressOf(job)}/a-demander` : null,
    },
  };
}

export function progressionOf({ size }: Job, { done, waiting }: Progress) {
  return { entreprises: size, terminees: done, sources_en_attente: waiting };
}

function toAskOf(members: readonly MemberView[]): FollowedView['data']['a_demander'] {
  const once = onceEachCompany();
  return members.flatMap(({ siret, role, dossier }) => {
    const pieces = once(siret, dossier?.data.a_demander ?? []);
    return pieces.length > 0 ? [{ siret, role, pieces }] : [];
  });
}
