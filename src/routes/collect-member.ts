import { type Gate, refusalOfDossier } from '../access/gate.ts';
import type { Holder } from '../access/register.ts';
import type { Witness } from '../access/witness.ts';
import type { CollectFurther } from '../collection/collect-further.ts';
import { LONGEST_LINE_MS } from '../collection/quota-line.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { type Job, type Line, lineOf, type Task, type ToAsk } from '../jobs/job.ts';
import type { Tried, TryTask } from '../jobs/runner.ts';
import { isOfMother } from '../usages/wanted.ts';
import { collectedIn, collectedText, statedIn } from './collected-text.ts';
import { type ConstituteOptions, createConstitute } from './constitute-dossier.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { judgedBy, toAskIn } from './left-to-ask.ts';
import { type Followed, followedIn, questionOf } from './posted-question.ts';
import { askedIn } from './told.ts';

export interface CollectMemberOptions extends Pick<ConstituteOptions, 'hold' | 'onServed'> {
  collectFurther: CollectFurther;
  /** Of a habilitation that may be used now; null when it may not, or no more. */
  holderInForce(habilitationId: string): Holder | null;
  /** Whether habilitations are known. */
  isWell(): boolean;
  gate: Pick<Gate, 'takeFamilies'>;
  witness: Witness;
  isRecording(): boolean;
  now: () => number;
}

/**
 * How long one try waits for quotas; a source that is away is asked at another. An opening waits for as long as anybody
 * stands in line: a company that left earlier would make room there for the next, until all are booked, and would only
 * come back at the time it was told, long after those who wait in the background have been let in before theirs.
 */
const TRY_MS: Record<Line, number> = { prompte: 300_000, ouverture: LONGEST_LINE_MS };
/** Between two tries of which the sources do not say when: doubled each time. */
const PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 900_000;
const SOON_MS = 5_000;
export const FOLLOWED_ROUTES = {
  candidature: '/v1/candidatures',
  demande: '/v1/demandes',
  ouverture: '/v1/ouvertures',
} as const;

/** Collects one company of a job, as far as its sources answer now, for a habilitation that still covers it. */
export function createCollectMember(options: CollectMemberOptions): TryTask {
  const { collectFurther, holderInForce, isWell, gate, witness, isRecording, now, hold, onServed } = options;

  const soon = (delayMs = SOON_MS): Tried => ({ postponedUntilMs: now() + delayMs });

  /** Nobody is asked for data that could not be accounted for. */
  function tell(
    job: Job,
    { position, tries }: Task,
    holder: Holder,
    question: DossierQuestion,
    { collected, mere = null }: { collected: string[]; mere?: string | null },
  ) {
    const witnessed = {
      requestId: `${job.id}:${position}:${tries}`,
      method: 'POST',
      route: FOLLOWED_ROUTES[job.kind],
      holder,
      // Nobody asks now: who posted it is the body.
      agent: null,
      status: 200,
      reason: null,
      asked: askedIn(question),
      kept: [],
      collected,
      mere,
      digest: null,
    };
    return new Promise<boolean>((resolve) => witness(witnessed, resolve));
  }

  /** Why it is not tried now; null when it is. */
  async function obstacle(followed: Followed, task: Task, holder: Holder | null): Promise<Tried | null> {
    if (!isWell() || !isRecording()) return soon();
    if (!holder || refusalOfDossier(holder, followed)) return 'stopped';
    const refusal = task.tries === 0 ? await gate.takeFamilies(holder) : null;
    return refusal ? soon((refusal.retryAfterSeconds ?? 1) * 1000) : null;
  }

  return async (job, text, task, signal) => {
    const followed = followedIn(text);
    const holder = holderInForce(job.habilitationId);
    const hindered = await obstacle(followed, task, holder);
    if (hindered || !holder || signal.aborted) return hindered ?? soon(0);
    const known = statedIn(task.result === null ? new Map() : collectedIn(task.result));
    const isOver = now() >= job.untilMs;
    if (isOver)
      return {
        result: task.result,
        toAsk: null,
        waiting: task.waiting ?? 0,
        nextTryAtMs: now(),
        isDone: true,
      };
    const line = lineOf(job.kind);
    const question = questionOf(
      followed,
      siretOf(followed, task),
      holder.rights,
      Math.min(TRY_MS[line], job.untilMs - now()),
    );
    const useful = question.usage.sources(question.procedure).map(({ id }) => id);
    const asked = useful.filter((id) => holder.rights.sources.has(id) && !known.has(id));
    const own = asked.filter((id) => !isOfMother(id));
    if (!(await tell(job, task, holder, question, { collected: own }))) return soon();
    const lane = line === 'ouverture' ? 'background' : 'waiting';
    const collect = collectFurther({ known, lane, signal });
    const by = judgedBy(holder.rights, now());
    const { dossier, collected, mere } = await createConstitute({
      collect,
      now,
      hold,
      ...(onServed && { onServed }),
    })(question);
    // Who she is is known once the others have answered; what she was asked for goes nowhere without its line.
    const ofMother = asked.filter((id) => isOfMother(id) && collected.has(id));
    if (
      mere &&
      ofMother.length > 0 &&
      !(await tell(job, task, holder, question, { collected: ofMother, mere }))
    )
      return soon();
    return triedOf(job, task, dossier, {
      result: collectedText(collected),
      toAsk: toAskIn({ dossier, mere }, by),
    });
  };

  function triedOf(
    job: Job,
    { tries }: Task,
    dossier: Dossier | null,
    kept: { result: string; toAsk: ToAsk },
  ): Tried {
    const completude = dossier?.data.completude;
    const waiting = completude?.en_attente.length ?? 0;
    const announcedMs = Date.parse(completude?.prochain_essai_le ?? '') || 0;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** Math.min(tries, 8));
    const nextMs = announcedMs > now() ? announcedMs : now() + pauseMs;
    return { ...kept, waiting, nextTryAtMs: Math.min(job.untilMs, nextMs), isDone: waiting === 0 };
  }
}

/** @throws when the job has no such company, which is a bug */
function siretOf({ membres }: Followed, { position }: Task): string {
  const member = membres[position];
  if (!member) throw new Error('a task of a job is of none of its companies');
  return member.siret;
}
