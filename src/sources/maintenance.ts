import { parisTimeOf } from '../dossier/time.ts';
import type { Source } from './source.ts';

/** Epoch milliseconds of the end of the announced window a source is in; null when it is in none. */
export function maintenanceEnd({ maintenance }: Pick<Source, 'maintenance'>, nowMs: number): number | null {
  if (!maintenance) return null;
  const now = parisTimeOf(nowMs);
  const fromMs = now.withPlainTime(maintenance.from).epochMilliseconds;
  const toMs = now.withPlainTime(maintenance.to).epochMilliseconds;
  return fromMs <= nowMs && nowMs < toMs ? toMs : null;
}

/** `01:00-02:00`, Paris time, as the catalogue says it; null when the source announces nothing. */
export function maintenanceInWords({ maintenance }: Pick<Source, 'maintenance'>): string | null {
  return maintenance ? `${maintenance.from}-${maintenance.to}` : null;
}
