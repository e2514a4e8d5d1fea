import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, CALLERS } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { askUntilRight, fill } from '../fill.ts';
import type { Line } from '../line.ts';
import { median } from '../median.ts';
import { residentMibOf } from '../process-tree.ts';
import { startGateway } from '../start-gateway.ts';
import type { Started } from '../start-process.ts';
import { startSources } from '../start-sources.ts';

const FIRST = 10_000;
const GROWTH = { atMost: 1.1 };
const STEPS = 10;
/** Time for the collector to give back what nobody holds, then samples apart. */
const PAUSE_MS = 5_000;
const SAMPLES = 5;

/** What the process holds after so many distinct companies, against after ten thousand. */
export async function memory(bench: Bench): Promise<Line[]> {
  const { dossiers } = bench;
  if (dossiers <= FIRST) throw new Error(`--dossiers takes more than ${FIRST}`);
  await using sources = await startSources(bench);
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url });
  await fill(bench, gateway.url, [dossierPath(0, 'socle')], 1);
  await askFrom(bench, gateway, 1, FIRST);
  const first = await settledMib(gateway);
  bench.say(`    after ${FIRST} dossiers: ${Math.round(first)} MiB`);
  for (let step = 1; step <= STEPS; step++) {
    const [from, to] = [stepEnd(dossiers, step - 1), stepEnd(dossiers, step)];
    await askFrom(bench, gateway, from, to);
    bench.say(`    after ${to} dossiers: ${Math.round(residentMibOf(gateway.pid))} MiB`);
  }
  const last = await settledMib(gateway);
  return [
    {
      measure: `memory, ${dossiers} dossiers`,
      ours: `${Math.round(last)} MiB`,
      against: `${Math.round(first)} MiB after ${FIRST}`,
      value: last / first,
      unit: '',
      cpuRatio: null,
      target: GROWTH,
      notes: ['usage socle, settings by default'],
    },
  ];
}

function stepEnd(dossiers: number, step: number): number {
  return FIRST + Math.round(((dossiers - FIRST) * step) / STEPS);
}

async function askFrom(bench: Bench, gateway: Started, from: number, to: number): Promise<void> {
  const paths = Array.from({ length: to - from }, (_, i) => dossierPath(from + i, 'socle'));
  await askUntilRight(bench, gateway.url, paths, CALLERS);
  gateway.forgetOutput();
}

async function settledMib({ pid }: Started): Promise<number> {
  await sleep(PAUSE_MS);
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    samples.push(residentMibOf(pid));
    await sleep(1000);
  }
  return median(samples);
}
