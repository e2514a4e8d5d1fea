import type { Day } from '../dossier/time.ts';

const LONGEST_EXCERPT = 200;

/** `2026-11-23` → `23/11/2026` */
export function inFrench(day: Day): string {
  return day.split('-').reverse().join('/');
}

/** ` depuis le 23/11/2026`, or nothing when the day is unknown. */
export function since(day: Day | null): string {
  return day === null ? '' : ` depuis le ${inFrench(day)}`;
}

/** ` le 23/11/2026`, or nothing when the day is unknown. */
export function on(day: Day | null): string {
  return day === null ? '' : ` le ${inFrench(day)}`;
}

/** The beginning of a text, at most 200 characters long. */
export function excerptOf(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST_EXCERPT + 2)];
  if (characters.length <= LONGEST_EXCERPT) return text;
  return `${characters.slice(0, LONGEST_EXCERPT - 1).join('')}…`;
}

/** The known parts, a space between them; null when none is known. */
export function joined(...parts: (string | null | undefined)[]): string | null {
  return parts.filter(Boolean).join(' ') || null;
}
