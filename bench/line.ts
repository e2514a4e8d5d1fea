import { median } from './median.ts';
import { medianRound, type Round, type Standing } from './race.ts';

/** One line of the table. */
export interface Line {
  measure: string;
  ours: string;
  against: string;
  /** A ratio, or milliseconds; NaN when what it is about was not there to be measured. */
  value: number;
  unit: '' | 'ms';
  /** CPU time a request of the other over ours, where it was seen: above 1, ours costs less. */
  cpuRatio: number | null;
  /** Null: for information. */
  target: Target | null;
  /** What makes the figure doubtful, or says how it came. */
  notes: string[];
}

export type Target = { atLeast: number } | { atMost: number };

export function isReached({ value, target }: Line): boolean {
  if (target === null) return true;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}

const SATURATED = 0.95;

/** Requests a second of one against another: the median of what each round says, since rounds differ. */
export function throughputLine(
  measure: string,
  ours: Standing | undefined,
  other: Standing | undefined,
  target: Target | null,
): Line {
  if (!ours || !other) throw new Error(`${measure}: a contestant is missing`);
  return {
    measure,
    ours: figuresOf(ours),
    against: figuresOf(other),
    value: medianRatio(ours, other, 'perSecond'),
    unit: '',
    cpuRatio: medianRatio(other, ours, 'cpuUs'),
    target,
    notes: idleNotes([ours, other]),
  };
}

export function medianRatio(one: Standing, other: Standing, of: keyof Round): number {
  return median(one.rounds.map((round, i) => round[of] / (other.rounds[i]?.[of] ?? Number.NaN)));
}

export function figuresOf(standing: Standing): string {
  const { perSecond, cpuUs } = medianRound(standing);
  return `${standing.name} ${Math.round(perSecond)}/s${Number.isNaN(cpuUs) ? '' : ` ${Math.round(cpuUs)} µs`}`;
}

/** Requests a second then say what kept the server waiting; the CPU ratio is the one to read. */
function idleNotes(standings: Standing[]): string[] {
  const shares = standings.map((one) => ({ name: one.name, busy: medianRound(one).busy }));
  const idle = shares.filter(({ busy }) => busy < SATURATED);
  if (idle.length === 0) return [];
  return [
    `cores not saturated: ${idle.map(({ name, busy }) => `${name} ${Math.round(busy * 100)} %`).join(', ')}`,
  ];
}
