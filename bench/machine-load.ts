import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 2_000;

/** Share of the whole machine that others use before anything is started; NaN outside Linux. */
export async function machineLoad(): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN;
  const before = cpuTicks();
  await sleep(SAMPLE_MS);
  const after = cpuTicks();
  const all = sum(after) - sum(before);
  const idle = idleOf(after) - idleOf(before);
  return (all - idle) / all;
}

/** user, nice, system, idle, iowait, irq, softirq, steal: proc(5), /proc/stat. What is stolen is busy too. */
function cpuTicks(): number[] {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  return first.split(/\s+/).slice(1, 9).map(Number);
}

function sum(ticks: number[]): number {
  return ticks.reduce((total, one) => total + one, 0);
}

function idleOf([, , , idle = 0, waiting = 0]: number[]): number {
  return idle + waiting;
}
