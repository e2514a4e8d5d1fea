import { randomUUID } from 'node:crypto';
import { Broken, type Database } from '../storage/database.ts';
import { LEASE_MS, type Taken, type WorkQueue } from './work-queue.ts';

/** The works of the embedded store: a row each, and a lease that its taker renews. */
export function createSqliteWorkQueue(database: Database, now: () => number): WorkQueue {
  const run = async (sql: string, values: readonly (string | number)[]): Promise<'done' | Broken> => {
    const rows = await database.query(sql, values);
    return rows instanceof Broken ? rows : 'done';
  };

  return {
    add: (line, works) =>
      run(
        `INSERT INTO job_works (job_id, position, line, due_at_ms, turn, leased_until_ms)
         SELECT json_extract(value, '$.jobId'), json_extract(value, '$.position'), $1, 0,
           json_extract(value, '$.turn'), 0
         FROM json_each($2) WHERE true
         ON CONFLICT DO NOTHING`,
        [line, JSON.stringify(works)],
      ),
    async take(line, count) {
      const lease = randomUUID();
      const rows = await database.query(
        `UPDATE job_works SET leased_until_ms = $4, holder = $5 WHERE rowid IN (
           SELECT rowid FROM job_works
           WHERE line = $1 AND due_at_ms <= $2 AND leased_until_ms <= $2 ORDER BY turn, rowid LIMIT $3
         ) RETURNING job_id, position, turn`,
        [line, now(), count, now() + LEASE_MS, lease],
      );
      if (rows instanceof Broken) return rows;
      const inOrder = rows.sort((a, b) => Number(a.turn) - Number(b.turn));
      return inOrder.map((row) => ({
        jobId: String(row.job_id),
        position: Number(row.position),
        line,
        lease,
      }));
    },
    async renew(works) {
      for (const lease of new Set(works.map((work) => work.lease))) {
        const done = await run('UPDATE job_works SET leased_until_ms = $2 WHERE holder = $1', [
          lease,
          now() + LEASE_MS,
        ]);
        if (done instanceof Broken) return done;
      }
      return 'done';
    },
    finish: ({ jobId, position, lease }: Taken) =>
      run('DELETE FROM job_works WHERE job_id = $1 AND position = $2 AND holder = $3', [
        jobId,
        position,
        lease,
      ]),
    putBack: ({ jobId, position, lease }, dueMs) =>
      run(
        `UPDATE job_works SET due_at_ms = $4, leased_until_ms = 0, holder = NULL
         WHERE job_id = $1 AND position = $2 AND holder = $3`,
        [jobId, position, lease, dueMs],
      ),
    close: async () => {},
  };
}
