import { Broken, type Database, type Query, type Row } from '../storage/database.ts';
import type { TaskRef, ToAsk } from './job.ts';
import type { SealedText } from './sealed-text.ts';

/** What is left to ask of one company of a job. */
export interface TaskToAsk extends TaskRef {
  /** Of its last try: what is judged on an older one is not kept. */
  tries: number;
  /** Null when it was never judged, or cannot be read any more. */
  toAsk: ToAsk | null;
}

export interface ToAskStore {
  /** Of the companies of which something was collected, in their order. */
  toAsk(jobId: string): Promise<TaskToAsk[] | Broken>;
  saveToAsk(judged: readonly TaskToAsk[]): Promise<'done' | Broken>;
}

export const nameOfToAsk = ({ jobId, position }: TaskRef) => `${jobId} ${position} a_demander`;

export function createToAskStore(database: Database, sealed: SealedText): ToAskStore {
  function taskIn(row: Row): TaskToAsk {
    const ref = { jobId: String(row.job_id), position: Number(row.position) };
    const text = sealed.open(row.to_ask, nameOfToAsk(ref));
    const toAsk = text === null ? null : { text, judgedBy: String(row.judged_by) };
    return { ...ref, tries: Number(row.tries), toAsk };
  }

  const save = (query: Query, { jobId, position, tries, toAsk }: TaskToAsk) =>
    query(
      'UPDATE job_tasks SET to_ask = $4, judged_by = $5 WHERE job_id = $1 AND position = $2 AND tries = $3',
      [
        jobId,
        position,
        tries,
        toAsk && sealed.close(toAsk.text, nameOfToAsk({ jobId, position })),
        toAsk?.judgedBy ?? null,
      ],
    );

  return {
    async toAsk(jobId) {
      const rows = await database.query(
        `SELECT job_id, position, tries, to_ask, judged_by FROM job_tasks
         WHERE job_id = $1 AND result IS NOT NULL ORDER BY position`,
        [jobId],
      );
      return rows instanceof Broken ? rows : rows.map(taskIn);
    },
    saveToAsk: (judged) =>
      database.transaction<'done'>(async (query) => {
        for (const task of judged) await save(query, task);
        return 'done';
      }),
  };
}
