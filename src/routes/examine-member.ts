import type { Rights } from '../access/rights.ts';
import type { Collected } from '../collection/collect.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { type Siren, type Siret, sirenOf } from '../dossier/siret.ts';
import { instantOf } from '../dossier/time.ts';
import type { Task } from '../jobs/job.ts';
import { isOfMother } from '../usages/wanted.ts';
import { collectedIn } from './collected-text.ts';
import { type Constituted, createConstitute, motherAsked } from './constitute-dossier.ts';
import type { MemberView } from './followed-schema.ts';
import { type Followed, type Member, questionOf } from './posted-question.ts';

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
