import leven from 'leven';

/** Of letters written, left out or taken for another; two letters that changed places count as two. */
const MAX_SLIPS = 2;

/** The name that was most likely meant; null when none is close: half of it at the least must be right. */
export function nearestName(written: string, names: readonly string[]): string | null {
  const slipsIn = (name: string) => leven(bare(written), bare(name), { maxDistance: MAX_SLIPS + 1 });
  const close = names
    .map((name) => ({ name, slips: slipsIn(name) }))
    .filter(({ name, slips }) => slips <= MAX_SLIPS && slips * 2 < name.length);
  return close.toSorted((a, b) => a.slips - b.slips)[0]?.name ?? null;
}

/** Without case or accents. */
function bare(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
