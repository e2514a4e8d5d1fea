import type { Collected, CollectedAnswer } from '../collection/collect.ts';

/** `Cache-Status` (RFC 9211), one member a source: what came from what is kept, and for how long still. */
export function cacheStatusOf(collected: Collected, nowMs: number): string {
  return [...collected].map(([id, answer]) => `${id}; ${memberOf(answer, nowMs)}`).join(', ');
}

function memberOf({ from, freshUntilMs }: CollectedAnswer, nowMs: number): string {
  const ttl = freshUntilMs === null ? '' : `; ttl=${Math.max(0, Math.floor((freshUntilMs - nowMs) / 1000))}`;
  if (from === 'kept') return `hit${ttl}`;
  if (from === 'late') return 'fwd=miss; detail=late';
  const stored = freshUntilMs === null ? '' : '; stored';
  return `fwd=miss${stored}${from === 'joined' ? '; collapsed' : ''}${ttl}`;
}
