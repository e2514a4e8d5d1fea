import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { type BenchOptions, benchOptionsOf } from './bench-options.ts';
import { type Cores, coresOf, leaveServerCore } from './cores.ts';
import type { Line } from './line.ts';
import { createRunLoad } from './load/run-load.ts';
import { machineLoad } from './machine-load.ts';
import { guards } from './measures/guards.ts';
import { kept } from './measures/kept.ts';
import { memory } from './measures/memory.ts';
import { newLatency } from './measures/new-latency.ts';
import { newThroughput } from './measures/new-throughput.ts';
import { redisOnly } from './measures/redis.ts';
import { workers } from './measures/workers.ts';
import { createStartProcess } from './start-process.ts';
import { tableOf } from './table.ts';

const MEASURES: Record<string, (bench: Bench) => Promise<Line[]>> = {
  kept,
  guards,
  redis: redisOnly,
  'new-latency': newLatency,
  'new-throughput': newThroughput,
  workers,
  memory,
};
/** Takes long: run when it is named. */
const ON_DEMAND = ['memory'];

/** `npm run bench`: all measures but those on demand, or those whose names begin as the arguments say. */
async function main(): Promise<void> {
  const options = benchOptionsOf(process.argv.slice(2));
  const names = namesOf(options.measures);
  const complaints: string[] = [];
  const bench = benchOf(options, (complaint) => complaints.push(complaint));
  const machine = `${machineOf(bench)}, ${busy(await machineLoad())}`;
  bench.say(machine);
  const lines: Line[] = [];
  for (const name of names) {
    bench.say(`${name}…`);
    lines.push(...((await MEASURES[name]?.(bench)) ?? []));
  }
  process.stdout.write(`\n${machine}\n\n${tableOf(lines)}\n`);
  if (options.jsonFile)
    writeFileSync(options.jsonFile, JSON.stringify({ machine, lines, complaints }, null, 2));
  report(complaints);
}

/** @throws when a name is that of no measure */
function namesOf(given: string[]): string[] {
  const known = Object.keys(MEASURES);
  if (given.length === 0) return known.filter((name) => !ON_DEMAND.includes(name));
  return given.flatMap((start) => {
    const named = known.filter((name) => name.startsWith(start));
    if (named.length === 0) throw new Error(`no measure is named ${start}; there are ${known.join(', ')}`);
    return named;
  });
}

function benchOf(options: BenchOptions, wrong: Bench['wrong']): Bench {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const cores = coresOf();
  if (cores) leaveServerCore(cores);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(placeOf(cores));
  return { ...options, dir, start: createStartProcess(dir, cores), load: createRunLoad(dir), say, wrong };
}

function placeOf(cores: Cores | null): string {
  if (!cores) return 'Cores cannot be shared out here: servers and load compete, which blurs the ratios.';
  return `Servers on core ${cores.server}, everything else on ${cores.load}.`;
}

function machineOf({ load, rounds, roundSeconds }: Bench): string {
  // Those of the machine: this process is kept off one of them.
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  const rest = `load by ${load.tool}, ${rounds} rounds of ${roundSeconds} s`;
  return `${cores.length} cores (${model}), Node.js ${process.versions.node}, ${rest}`;
}

function busy(share: number): string {
  return Number.isNaN(share)
    ? 'load of the machine unknown'
    : `${Math.round(share * 100)} % busy before the start`;
}

const SHOWN = 20;

/** A target that is missed is a figure to look at; a wrong answer makes every figure worthless. */
function report(complaints: string[]): void {
  if (complaints.length === 0) return;
  process.exitCode = 1;
  process.stderr.write(`\n${complaints.length} wrong answers:\n`);
  for (const complaint of complaints.slice(0, SHOWN)) process.stderr.write(`  ${complaint}\n`);
}

await main();
// Connections that are kept alive must not hold the process.
process.exit();
