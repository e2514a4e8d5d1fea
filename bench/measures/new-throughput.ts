import type { Bench } from '../bench.ts';
import { MEANING } from '../contestants/start-contestants.ts';
import { type Line, throughputLine } from '../line.ts';
import { type NewAsker, startNewAskers } from '../new-askers.ts';
import { cpuMsOf } from '../process-tree.ts';
import { medianRound, type Round, roundOf, standingOf, told } from '../race.ts';
import { takeTurns } from '../take-turns.ts';

const AGAINST_BARE = { atLeast: 0.7 };

/**
 * New dossiers a second, each of another company, against the same calls made and parsed by undici alone; and where between
 * the two it stands to give them a meaning, and nothing else.
 */
export async function newThroughput(bench: Bench): Promise<Line[]> {
  await using askers = await startNewAskers(bench, 0, [MEANING, 'each', 'one pool']);
  const runners = [askers.gateway, ...askers.bare].map((asker) => ({
    asker,
    standing: standingOf(asker.server),
  }));
  for (const { asker } of runners) await asker.warmUp();
  await takeTurns(bench.rounds, runners, async ({ asker, standing }) => {
    standing.rounds.push(await roundBy(asker));
  });
  const [ours, meaning, ...others] = runners.map(({ standing }) => told(bench, standing));
  const [fastest] = others.toSorted((a, b) => medianRound(b).perSecond - medianRound(a).perSecond);
  const line = throughputLine('new, no latency', ours, fastest, AGAINST_BARE);
  const refusals = askers.gateway.refusalNote();
  return [
    { ...line, notes: [...line.notes, askers.callsNote, ...(refusals ? [refusals] : [])] },
    throughputLine('new, no latency', meaning, fastest, null),
    throughputLine('new, no latency', ours, meaning, null),
  ];
}

async function roundBy({ server, ask }: NewAsker): Promise<Round> {
  const [startedMs, cpuBeforeMs] = [performance.now(), cpuMsOf(server.pid)];
  const { length: requests } = await ask(0);
  const seconds = (performance.now() - startedMs) / 1000;
  return roundOf({ requests, seconds }, cpuMsOf(server.pid) - cpuBeforeMs);
}
