import { hash } from 'node:crypto';
import type { Asked } from '../collection/ask-source.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { endOfDay } from '../dossier/time.ts';
import type { Rendition } from '../keeping/rendition.ts';
import type { Constituted } from './constitute-dossier.ts';

/** A source that is closed to the gateway stays so for a while: the rest of the dossier must not suffer for it. */
const REFUSED_MS = 60_000;

/**
 * A dossier as bytes. It may be kept until the first of its pieces is no longer fresh, and not beyond the day
 * on which its validities were judged.
 */
export function renderDossier(
  dossier: Dossier,
  { collected, mere, today }: Pick<Constituted, 'collected' | 'mere' | 'today'>,
  nowMs: number,
): Rendition {
  const identity = Buffer.from(JSON.stringify(dossier));
  const members = [...collected]
    .filter(([, { from }]) => from !== 'rule')
    .map(([id, asked]): [string, number] => [id, freshUntilOf(asked, nowMs)]);
  const midnightMs = endOfDay(today);
  return {
    etag: `"${hash('sha256', identity, 'base64url')}"`,
    identity,
    gzip: null,
    members,
    mere,
    freshUntilMs: members.reduce((firstMs, [, untilMs]) => Math.min(firstMs, untilMs), midnightMs),
  };
}

/** Whether the same question asked again would be answered alike, without a call. */
export function isKeepable({ members }: Rendition): boolean {
  return members.every(([, freshUntilMs]) => freshUntilMs > 0);
}

/** Epoch milliseconds; 0 for what must be asked again at the next call. */
function freshUntilOf({ outcome, entry, perime }: Asked, nowMs: number): number {
  if (perime) return 0;
  if (entry) return entry.freshUntilMs;
  return outcome.statut === 'non_autorise' ? nowMs + REFUSED_MS : 0;
}
