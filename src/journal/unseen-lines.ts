import { monthBefore, monthOfChain } from './chain-name.ts';
import type { ChainArchive } from './chain-store.ts';
import { MAX_HEADS } from './chain-writer.ts';
import type { Head } from './seal-line.ts';
import { type Finding, MAX_UNSEALED_MS, readLine } from './verify-chain.ts';

/** How far something answers for a chain, and epoch milliseconds of its own last seal. */
export interface Sealed {
  to: number;
  atMs: number;
}

/**
 * Lines at the end of a chain that nothing answers for: its process was killed, or somebody wrote them afterwards, who
 * needs no key for it. Each seal of another chain names how far this one went since the last: lines older than such a
 * seal that it did not see were not there.
 */
export async function* unseenIn(
  archive: ChainArchive,
  { chaine, n }: Head,
  seals: ReadonlyMap<string, Sealed>,
): AsyncGenerator<Finding> {
  const to = seals.get(chaine)?.to ?? 0;
  const lookedMs = n > to ? lastLookAt(chaine, seals) : 0;
  if (lookedMs === 0) return;
  for await (const stored of archive.read(chaine)) {
    const line = stored.kind === 'line' ? readLine(stored.text) : null;
    if (!line || line.n <= to || Date.parse(line.le) > lookedMs - MAX_UNSEALED_MS) continue;
    yield { fault: 'ajoutee', chain: chaine, number: line.n, at: line.le };
    return;
  }
}

/** Epoch milliseconds; 0 when there were too many chains for each to be looked at. */
function lastLookAt(chain: string, seals: ReadonlyMap<string, Sealed>): number {
  const month = monthOfChain(chain);
  const near = [...seals].filter(([name]) =>
    [0, 1].some((count) => monthBefore(monthOfChain(name), count) === month),
  );
  if (near.length > MAX_HEADS) return 0;
  return near.reduce((last, [name, { atMs }]) => (name === chain ? last : Math.max(last, atMs)), 0);
}
