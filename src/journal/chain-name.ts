/**
 * A chain is what one process wrote in one month without a failure. Its name says when it began, so names are in
 * the order of time: `20261126T052135123Z-1f2e3d4c`.
 */
export function chainNameOf(nowMs: number, random: string): string {
  return `${new Date(nowMs).toISOString().replace(/[-:.]/g, '')}-${random}`;
}

const NAME = /^(\d{4})(\d{2})\d{2}T\d{9}Z-[0-9a-f]{8}$/;

export function isChainName(name: string): boolean {
  return NAME.test(name);
}

/** `2026-11`: UTC, as the name is. */
export function monthOfChain(name: string): string {
  return name.replace(NAME, '$1-$2');
}

export function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

/** @param count how many months earlier */
export function monthBefore(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number - 1 - count, 1));
}
