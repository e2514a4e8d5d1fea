/** Draws that depend on the seed alone: the same company gets the same ones, whoever asks and whenever. */
export interface Draw {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True `percent` times out of a hundred. */
  chance(percent: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Mulberry32: enough for made-up companies, and a few nanoseconds a draw. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)] ?? list[0],
  };
}
