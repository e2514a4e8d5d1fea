import type { Constitute } from './constitute-dossier.ts';

/** Dossiers being constituted at once: each waits for thirty sources and holds what has come. */
const MAX_UNDER_WAY = 2_000;
/**
 * Begun in one turn of the event loop, at most. Thousands that come together would else be begun all before
 * anything that takes less, and before anybody could see that they are too many.
 */
const PER_TURN = 8;
/** Those whose turn comes later, at most: some tenths of a second. */
const MAX_QUEUE = 250;

/** @param shed refuses, by throwing, what would be one too many */
export function createBoundedConstitute(
  constitute: Constitute,
  shed: () => never,
  maxUnderWay = MAX_UNDER_WAY,
): Constitute {
  const queue: (() => void)[] = [];
  let underWay = 0;
  let begun = 0;

  /** Undefined when it has come. */
  function turn(): Promise<void> | undefined {
    if (begun === 0) setImmediate(nextTurn);
    if (begun < PER_TURN) {
      begun++;
      return undefined;
    }
    return new Promise((resolve) => queue.push(resolve));
  }

  function nextTurn(): void {
    const next = queue.splice(0, PER_TURN);
    begun = next.length;
    if (begun > 0) setImmediate(nextTurn);
    for (const begin of next) begin();
  }

  return async (question, options) => {
    if (underWay >= maxUnderWay || queue.length >= MAX_QUEUE) shed();
    underWay++;
    try {
      const comes = turn();
      if (comes) await comes;
      return await constitute(question, options);
    } finally {
      underWay--;
    }
  };
}
