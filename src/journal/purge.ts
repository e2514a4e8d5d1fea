import { monthBefore, monthOf } from './chain-name.ts';
import type { ChainArchive } from './chain-store.ts';
import type { ChainWriter } from './chain-writer.ts';
import { purgeText } from './entry.ts';

/** Accesses to fiscal and social data can be shown for so long; not kept longer. */
export const KEPT_MONTHS = 36;

export interface Purge {
  months: string[];
  chains: number;
}

/** The months whose time is over: the current one does not count. */
export async function purgeable(archive: ChainArchive, nowMs: number): Promise<Purge> {
  const oldest = monthBefore(monthOf(nowMs), KEPT_MONTHS);
  const months = (await archive.months()).filter((month) => month < oldest);
  let chains = 0;
  for (const month of months) chains += (await archive.chains(month)).length;
  return { months, chains };
}

/** Says in the journal what will be missing from it, then deletes it. */
export async function purge(
  archive: ChainArchive,
  writer: ChainWriter,
  { months, chains }: Purge,
  nowMs: number,
): Promise<void> {
  const last = months.at(-1);
  if (!last) return;
  await writer.open();
  await writer.append([purgeText({ le: new Date(nowMs).toISOString(), jusqu_a: last, chaines: chains })]);
  await writer.close();
  for (const month of months) await archive.drop(month);
}
