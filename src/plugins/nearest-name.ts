/** Of letters written, left out or taken for another; two letters that changed places count as two. */
const MAX_SLIPS = 2;

/** The name that was most likely meant; null when none is close: half of it at the least must be right. */
export function nearestName(written: string, names: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = MAX_SLIPS + 1;
  for (const name of names) {
    const slips = slipsBetween(bare(written), bare(name));
    if (slips < fewest && slips * 2 < name.length) [nearest, fewest] = [name, slips];
  }
  return nearest;
}

/** Without case or accents. */
function bare(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Levenshtein's distance, row by row. */
function slipsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const swapped = one[row - 1] === other[column - 1] ? 0 : 1;
      current[column] = Math.min(
        (above[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (above[column - 1] as number) + swapped,
      );
    }
    above = current;
  }
  return above[other.length] as number;
}
