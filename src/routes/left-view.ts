import { z } from 'zod';
import type { ADemander } from '../dossier/dossier.ts';
import { instantOf } from '../dossier/time.ts';
import type { Job } from '../jobs/job.ts';
import type { Progress } from '../jobs/job-store.ts';
import { followedViewSchema } from './followed-schema.ts';
import { addressOf, progressionOf } from './followed-view.ts';
import { type LeftOf, onceEachCompany } from './left-to-ask.ts';
import type { Followed } from './posted-question.ts';

const sirets = z.array(z.string());
const { id, statut, object, recipient, fin_estimee_le, progression } = followedViewSchema.shape.data.shape;

const documentSchema = z
  .object({
    piece: z.string(),
    recours: z.string().describe("Comment l'entreprise l'obtient"),
    base_legale: z.string(),
    entreprises: sirets.describe('SIRET de celles à qui la demander, dans l’ordre du dépôt'),
    motifs: z
      .array(z.object({ motif: z.string(), entreprises: sirets }))
      .describe('Pourquoi, et pour lesquelles'),
  })
  .meta({ id: 'PieceADemander' });
type DocumentView = z.infer<typeof documentSchema>;

export const leftViewSchema = z
  .object({
    data: z.object({
      id,
      statut,
      object,
      recipient,
      fin_estimee_le,
      progression,
      examinees_le: z.iso.datetime().describe('Ce qui reste à demander dépend du jour'),
      a_demander: z.array(documentSchema).describe('Une entrée par pièce, par ordre alphabétique'),
    }),
    links: z.object({ self: z.string(), suivi: z.string() }),
  })
  .meta({ id: 'ADemanderPourOuverture' });
export type LeftView = z.infer<typeof leftViewSchema>;

interface Asked extends ADemander {
  siret: string;
}

export interface LeftInJob {
  job: Job;
  followed: Pick<Followed, 'object' | 'recipient'>;
  progress: Progress;
  estimatedAtMs: number;
  left: readonly LeftOf[];
  nowMs: number;
}

export function leftView({ job, followed, progress, estimatedAtMs, left, nowMs }: LeftInJob): LeftView {
  const suivi = addressOf(job);
  return {
    data: {
      id: job.id,
      statut: job.state,
      object: followed.object,
      recipient: followed.recipient,
      fin_estimee_le: job.state === 'en_cours' ? instantOf(estimatedAtMs) : null,
      progression: progressionOf(job, progress),
      examinees_le: instantOf(nowMs),
      a_demander: byDocument(left),
    },
    links: { self: `${suivi}/a-demander`, suivi },
  };
}

/** Which companies each document is to be asked of. More companies change the order of nothing. */
export function byDocument(left: readonly Pick<LeftOf, 'siret' | 'demandes'>[]): DocumentView[] {
  const once = onceEachCompany();
  const asked = left.flatMap(({ siret, demandes }) =>
    once(siret, demandes).map((one): Asked => ({ ...one, siret })),
  );
  return grouped(asked, ({ piece, recours }) => `${piece}\n${recours}`).map(documentView);
}

function documentView(asked: [Asked, ...Asked[]]): DocumentView {
  const [{ piece, recours }] = asked;
  const texts = new Set(asked.flatMap(({ base_legale }) => base_legale.split(' ; ')));
  return {
    piece,
    recours,
    base_legale: [...texts].sort().join(' ; '),
    entreprises: siretsOf(asked),
    motifs: grouped(asked, ({ motif }) => motif).map((alike) => ({
      motif: alike[0].motif,
      entreprises: siretsOf(alike),
    })),
  };
}

const siretsOf = (asked: readonly Asked[]) => asked.map(({ siret }) => siret);

function grouped(asked: readonly Asked[], nameOf: (one: Asked) => string): [Asked, ...Asked[]][] {
  const groups = [...Map.groupBy(asked, nameOf)] as [string, [Asked, ...Asked[]]][];
  return groups.sort(([one], [other]) => one.localeCompare(other, 'fr')).map(([, alike]) => alike);
}
