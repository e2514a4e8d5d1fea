import { readdirSync, readFileSync } from 'node:fs';

/** Unit of the times in /proc, the same on every Linux that node runs on. */
const TICK_MS = 10;

interface Stat {
  pid: number;
  parent: number;
  cpuMs: number;
}

/** CPU milliseconds, user and system, that a process and its children spent so far; NaN outside Linux. */
export function cpuMsOf(pid: number): number {
  return treeOf(pid).reduce((sum, { cpuMs }) => sum + cpuMs, process.platform === 'linux' ? 0 : Number.NaN);
}

/** Memory that a process and its children hold, in MiB. */
export function residentMibOf(pid: number): number {
  return treeOf(pid).reduce((sum, one) => sum + residentKib(one.pid) / 1024, 0);
}

/** How many processes serve: the one that was started, and its children. */
export function processCountOf(pid: number): number {
  return treeOf(pid).length;
}

function treeOf(root: number): Stat[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const withChildren = (pid: number): Stat[] => [
    ...all.filter((one) => one.pid === pid),
    ...all.filter(({ parent }) => parent === pid).flatMap((child) => withChildren(child.pid)),
  ];
  return withChildren(root);
}

/** Fields are counted after the name, which may hold spaces: proc(5), /proc/pid/stat. */
function statOf(pid: string): Stat[] {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 13) return [];
  return [
    {
      pid: Number(pid),
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    },
  ];
}

function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** A process may end between the listing and the reading. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
