/**
 * Which pieces, as hexadecimal digits: bit i stands for the i-th source of the list that the chain opens with.
 * Thirty names would be most of a line, thousands of times a second.
 */
export function maskOf(pieces: Iterable<string>, sources: readonly string[]): string {
  let mask = 0n;
  for (const piece of pieces) {
    const bit = sources.indexOf(piece);
    if (bit < 0) throw new Error(`the journal knows no source ${piece}`);
    mask |= 1n << BigInt(bit);
  }
  return mask.toString(16);
}

export function piecesIn(mask: string, sources: readonly string[]): string[] {
  const bits = BigInt(`0x${mask}`);
  return sources.filter((_, bit) => (bits >> BigInt(bit)) & 1n);
}
