import { CALLERS } from './bench.ts';
import type { Line } from './line.ts';

/**
 * A commit of the journal costs the disk and the core the same for few lines as for many, so that what it costs an answer
 * depends on how many ask at the same time.
 */
const MANY_CALLERS = 200;

/** Lines of a measure that is taken with the fifty callers of the promise, then with more. */
export async function withFewAndMany(
  measure: (callers: number, named: (name: string) => string) => Promise<Line[]>,
): Promise<Line[]> {
  const few = await measure(CALLERS, (name) => name);
  return [...few, ...(await measure(MANY_CALLERS, (name) => `${name}, ${MANY_CALLERS} callers`))];
}
