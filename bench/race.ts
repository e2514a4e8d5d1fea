import { type Bench, CALLERS } from './bench.ts';
import type { LoadResult } from './load/run-load.ts';
import { median } from './median.ts';
import { cpuMsOf } from './process-tree.ts';
import type { Started } from './start-process.ts';
import { takeTurns } from './take-turns.ts';

export interface Contestant {
  server: Started;
  /** Asked in turn, over and over. */
  paths: readonly string[];
  headers: Record<string, string>;
  /** Called before, between and after the rounds: says what it finds wrong. */
  check(): Promise<void>;
}

/** One turn of one contestant. */
export interface Round {
  perSecond: number;
  /** CPU time of the server, all its processes, a request. */
  cpuUs: number;
  /** Share of a core that the server used. */
  busy: number;
}

export interface Standing {
  name: string;
  rounds: Round[];
}

/** Code is compiled as it is used: turns without a figure, until there were enough requests or time is up. */
const WARM_UP = { turnSeconds: 2, turns: 5, requests: 10_000 };

/** Puts the same load on one contestant after the other, so many rounds. */
export async function race(
  bench: Bench,
  contestants: readonly Contestant[],
  callers = CALLERS,
): Promise<Standing[]> {
  const runners = contestants.map((contestant) => ({ contestant, standing: standingOf(contestant.server) }));
  for (const contestant of contestants) await warmUp(bench, contestant, callers);
  await takeTurns(bench.rounds, runners, async ({ contestant, standing }) => {
    standing.rounds.push(await turn(bench, contestant, { seconds: bench.roundSeconds, callers }));
  });
  return runners.map(({ standing }) => told(bench, standing));
}

export function standingOf({ name }: Started): Standing {
  return { name, rounds: [] };
}

/** The same, said to whoever watches. */
export function told({ say }: Bench, standing: Standing): Standing {
  const { perSecond, cpuUs, busy } = medianRound(standing);
  const core = `${Math.round(cpuUs)} µs a request, ${Math.round(busy * 100)} % of a core`;
  say(`    ${standing.name}: ${Math.round(perSecond)}/s, ${core}`);
  return standing;
}

async function warmUp(bench: Bench, contestant: Contestant, callers: number): Promise<void> {
  let requests = 0;
  for (let i = 0; i < WARM_UP.turns && requests < WARM_UP.requests; i++) {
    const { perSecond } = await turn(bench, contestant, { seconds: WARM_UP.turnSeconds, callers });
    requests += perSecond * WARM_UP.turnSeconds;
  }
}

async function turn(
  bench: Bench,
  { server, paths, headers, check }: Contestant,
  { seconds, callers }: { seconds: number; callers: number },
): Promise<Round> {
  await check();
  const cpuBeforeMs = cpuMsOf(server.pid);
  const load = { origin: server.url, paths, headers, seconds, connections: callers };
  const result = await bench.load(load);
  const cpuMs = cpuMsOf(server.pid) - cpuBeforeMs;
  for (const [kind, count] of Object.entries(result.errors)) {
    if (count > 0) bench.wrong(`${server.name}: ${count} of ${result.requests} answers failed (${kind})`);
  }
  await check();
  server.forgetOutput();
  return roundOf(result, cpuMs);
}

export function roundOf({ requests, seconds }: Omit<LoadResult, 'errors'>, cpuMs: number): Round {
  return {
    perSecond: requests / seconds,
    cpuUs: (cpuMs * 1000) / requests,
    busy: cpuMs / (seconds * 1000),
  };
}

export function medianRound({ rounds }: Standing): Round {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuUs: median(rounds.map(({ cpuUs }) => cpuUs)),
    busy: median(rounds.map(({ busy }) => busy)),
  };
}
