import type { Asked } from '../collection/ask-source.ts';
import type { Collected } from '../collection/collect.ts';
import type { Rendition } from '../keeping/rendition.ts';

/** `Cache-Status` (RFC 9211), one member a source: what came from what is kept, and for how long still. */
export function cacheStatusOf(collected: Collected, nowMs: number): string {
  return [...collected]
    .filter(([, { from }]) => from !== 'rule')
    .map(([id, answer]) => `${id}; ${memberOf(answer, nowMs)}`)
    .join(', ');
}

/** What each member begins with, by source. */
const beginnings = new Map<string, string>();

function beginningOf(id: string): string {
  const known = beginnings.get(id);
  if (known !== undefined) return known;
  const beginning = `${id}; hit; ttl=`;
  beginnings.set(id, beginning);
  return beginning;
}

/** Of the second that it was last asked for in: texts of the dossiers that are asked for most. */
const lastTexts = new WeakMap<Rendition, { second: number; text: string }>();

/** The same of a dossier that was kept whole, as at the end of the second that runs: what is told is never too long. */
export function cacheStatusOfKept(rendition: Rendition, nowMs: number): string {
  const second = Math.ceil(nowMs / 1000);
  const last = lastTexts.get(rendition);
  if (last?.second === second) return last.text;
  const text = textOf(rendition, second * 1000);
  lastTexts.set(rendition, { second, text });
  return text;
}

function textOf({ members }: Rendition, nowMs: number): string {
  let text = '';
  for (const [id, freshUntilMs] of members) {
    text += `${text && ', '}${beginningOf(id)}${ttlOf(freshUntilMs, nowMs)}`;
  }
  return text;
}

/** Negative for what is no longer fresh. */
function ttlOf(freshUntilMs: number, nowMs: number): number {
  return Math.floor((freshUntilMs - nowMs) / 1000);
}

function memberOf({ from, freshUntilMs, perime }: Asked, nowMs: number): string {
  const ttl = freshUntilMs === null ? '' : `; ttl=${ttlOf(freshUntilMs, nowMs)}`;
  if (from === 'kept') return `hit${ttl}${perime ? '; detail=stale' : ''}`;
  if (from === 'late') return 'fwd=miss; detail=late';
  const stored = freshUntilMs === null ? '' : '; stored';
  return `fwd=miss${stored}${from === 'joined' ? '; collapsed' : ''}${ttl}`;
}
