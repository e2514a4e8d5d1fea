import type { Row } from '../storage/database.ts';
import type { Job, JobState, Kind } from './job.ts';

export const JOB_COLUMNS =
  'id, kind, habilitation_id, state, size, turn, created_at_ms, begun_at_ms, until_ms, ended_at_ms, purge_at_ms, estimated_at_ms';

export function jobIn(row: Row): Job {
  return {
    id: String(row.id),
    kind: row.kind as Kind,
    habilitationId: String(row.habilitation_id),
    state: row.state as JobState,
    size: Number(row.size),
    turn: Number(row.turn),
    createdAtMs: Number(row.created_at_ms),
    begunAtMs: numberOrNull(row.begun_at_ms),
    untilMs: Number(row.until_ms),
    endedAtMs: numberOrNull(row.ended_at_ms),
    purgeAtMs: Number(row.purge_at_ms),
    estimatedAtMs: Number(row.estimated_at_ms),
  };
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
