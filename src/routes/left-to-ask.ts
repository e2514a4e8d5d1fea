import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Rights } from '../access/rights.ts';
import { type ADemander, aDemanderSchema, type Dossier } from '../dossier/dossier.ts';
import { type Siret, sirenOf } from '../dossier/siret.ts';
import { dayOf } from '../dossier/time.ts';
import type { ToAsk } from '../jobs/job.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { TaskToAsk } from '../jobs/to-ask-store.ts';
import type { Constituted } from './constitute-dossier.ts';
import type { Examine } from './examine-member.ts';
import type { Followed, Member } from './posted-question.ts';
import { readable } from './readable.ts';

const leftSchema = z.object({
  demandes: z.array(aDemanderSchema),
  pieces: z.array(z.string()),
  mere: z.string().nullable().default(null),
});
/** What is left to ask of a company, the pieces that it was judged on, and whose they are beside its own. */
type Left = z.infer<typeof leftSchema>;

/** @param position of the company in the list that was posted */
export interface LeftOf extends Left {
  position: number;
  siret: string;
}

const NOTHING: Left = { demandes: [], pieces: [], mere: null };

/** What it depends on besides what was collected. Certificates expire; habilitations change. */
export function judgedBy(rights: Rights, nowMs: number): string {
  return `${dayOf(nowMs)} ${rights.key}`;
}

/** @param dossier null when no source knows the company */
export function toAskIn({ dossier, mere }: Pick<Constituted, 'dossier' | 'mere'>, by: string): ToAsk {
  return { text: JSON.stringify(dossier ? leftOf(dossier, mere) : NOTHING), judgedBy: by };
}

function leftOf({ data: { a_demander, constats } }: Dossier, mere: string | null): Left {
  const open = constats.filter(({ conclusion }) => conclusion === 'impossible_a_conclure');
  const pieces = a_demander.length === 0 ? [] : open.flatMap((constat) => constat.pieces);
  return { demandes: a_demander, pieces: [...new Set(pieces)], mere };
}

export type ReadLeft = (jobId: string, followed: Followed, rights: Rights) => Promise<LeftOf[]>;

export interface ReadLeftOptions {
  store: Pick<JobStore, 'toAsk' | 'saveToAsk' | 'tasks'>;
  examine: Examine;
  now: () => number;
}

/**
 * What is left to ask of each company of which something was collected. It was judged when it was collected; what was
 * judged on another day, or by other rights, is judged anew, once.
 */
export function createReadLeft({ store, examine, now }: ReadLeftOptions): ReadLeft {
  const judging = new Map<string, Promise<Map<number, ToAsk>>>();

  async function judge(jobId: string, position: number, followed: Followed, rights: Rights) {
    const [task] = readable(await store.tasks(jobId, position, 1));
    // Others are answered between two companies.
    await setImmediate();
    const by = judgedBy(rights, now());
    return toAskIn(await examine(followed, position, task?.result ?? null, rights), by);
  }

  async function judgeAll(stale: readonly TaskToAsk[], followed: Followed, rights: Rights) {
    const judged = new Map<number, ToAsk>();
    for (const { jobId, position } of stale) {
      judged.set(position, await judge(jobId, position, followed, rights));
    }
    const tasks = stale.map((task) => ({ ...task, toAsk: judged.get(task.position) ?? null }));
    if (tasks.length > 0) readable(await store.saveToAsk(tasks));
    return judged;
  }

  /** Once for all who read at the same time. */
  function once(name: string, work: () => Promise<Map<number, ToAsk>>): Promise<Map<number, ToAsk>> {
    const underWay = judging.get(name) ?? work().finally(() => judging.delete(name));
    judging.set(name, underWay);
    return underWay;
  }

  return async (jobId, followed, rights) => {
    const by = judgedBy(rights, now());
    const tasks = readable(await store.toAsk(jobId));
    const stale = tasks.filter(({ toAsk }) => toAsk?.judgedBy !== by);
    const name = `${jobId} ${by} ${stale.map(({ position }) => position)}`;
    const judged = stale.length > 0 ? await once(name, () => judgeAll(stale, followed, rights)) : new Map();
    return tasks.map(({ position, toAsk }) => ({
      ...leftIn(judged.get(position) ?? toAsk),
      position,
      siret: (followed.membres[position] as Member).siret,
    }));
  };
}

function leftIn({ text }: ToAsk): Left {
  return leftSchema.parse(JSON.parse(text));
}

/** Documents are a company's: two of its establishments are not asked for the same. */
export function onceEachCompany(): (siret: string, demandes: readonly ADemander[]) => ADemander[] {
  const asked = new Set<string>();
  return (siret, demandes) =>
    demandes.filter(({ piece }) => {
      const name = `${sirenOf(siret as Siret)} ${piece}`;
      const isNew = !asked.has(name);
      asked.add(name);
      return isNew;
    });
}
