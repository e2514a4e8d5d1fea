import type { AskedDossier } from '../ask-dossiers.ts';
import { type Bench, CALLERS } from '../bench.ts';
import type { Line } from '../line.ts';
import { median } from '../median.ts';
import { type NewAsker, startNewAskers } from '../new-askers.ts';
import { takeTurns } from '../take-turns.ts';

const LATENCY_MS = 50;
/** Insee, then those that wait for it. */
const WAVES = 2;
const ADDED = { atMost: 4 };
/** Each caller asks once a second: fifty dossiers a second, which leaves the core time to rest. */
const PACE_MS = 1000;

/**
 * What the gateway adds to the slowest sources, as its caller sees it, for companies asked about once: Insee's,
 * then those that wait for what Insee says of the company.
 */
export async function newLatency(bench: Bench): Promise<Line[]> {
  await using askers = await startNewAskers(bench, LATENCY_MS, ['each in turn']);
  const asked = { gateway: askers.gateway, bare: askers.bare[0] as NewAsker };
  for (const asker of Object.values(asked)) await asker.warmUp();
  const pressed = await askBoth(bench, asked, 0);
  const paced = await askBoth(bench, asked, PACE_MS);
  return [
    ...linesOf(`new, ${CALLERS} callers, one dossier a second each`, paced, askers.callsNote),
    // They ask for more than a core can do: what is seen is the wait for the core, in both.
    ...linesOf(`new, ${CALLERS} callers without a pause`, pressed).map((line) => ({ ...line, target: null })),
  ];
}

interface Both {
  gateway: AskedDossier[];
  bare: AskedDossier[];
  refusals: string | null;
}

type Askers = Record<'gateway' | 'bare', NewAsker>;

async function askBoth(bench: Bench, askers: Askers, everyMs: number): Promise<Both> {
  const both: Both = { gateway: [], bare: [], refusals: null };
  const names = ['gateway', 'bare'] as const;
  await takeTurns(bench.rounds, names, async (name) => {
    both[name].push(...(await askers[name].ask(everyMs)));
  });
  return { ...both, refusals: askers.gateway.refusalNote() };
}

function linesOf(measure: string, { gateway, bare, refusals }: Both, ...notes: string[]): Line[] {
  const ours = median(gateway.map(({ tookMs }) => tookMs));
  const sources = median(bare.map(({ sourcesMs }) => sourcesMs));
  const whole = median(bare.map(({ tookMs }) => tookMs));
  const line: Line = {
    measure,
    ours: `gateway ${inMs(ours)}`,
    against: `slowest sources, bare ${inMs(sources)}`,
    value: ours - sources,
    unit: 'ms',
    cpuRatio: null,
    target: ADDED,
    notes: [
      ...notes,
      ...(refusals ? [refusals] : []),
      `${gateway.length} dossiers; bare, with its own HTTP, ${inMs(whole)}`,
    ],
  };
  const nominalMs = WAVES * LATENCY_MS;
  const nominal = { against: `sources, nominal ${inMs(nominalMs)}`, value: ours - nominalMs };
  return [line, { ...line, ...nominal, target: null, notes: [] }];
}

function inMs(value: number): string {
  return `${value.toFixed(1)} ms`;
}
