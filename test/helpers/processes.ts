import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const BYTES_PER_KIBIBYTE = 1024;
const CLOCK = new URL('./moved-clock.ts', import.meta.url).href;
const HEAP = new URL('./heap-report.ts', import.meta.url).href;

/** Modules for `--import`: with them a process does what `moveClock` and `heapBytes` ask. */
export const MOVABLE_CLOCK = [CLOCK];
export const HEAP_REPORT = [HEAP];

/** The clock of these processes is so far ahead of the machine's, from now on. */
export async function moveClocks(children: readonly ChildProcess[], aheadMs: number): Promise<void> {
  await Promise.all(children.map((child) => ask(child, { aheadMs })));
  // Their next signs of life, by the new clock, reach each other.
  await sleep(500);
}

/** What is in use once everything that can be is given back. */
export async function heapBytes(child: ChildProcess): Promise<number> {
  const { heapBytes } = (await ask(child, { heap: true })) as { heapBytes: number };
  return heapBytes;
}

async function ask(child: ChildProcess, message: object): Promise<unknown> {
  const replied = once(child, 'message');
  child.send(message);
  const [reply] = await replied;
  return reply;
}

export function residentBytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * BYTES_PER_KIBIBYTE;
}

/** Processes that this one started and that still run. */
export function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** The inodes of the sockets that a process holds open. */
export function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((fd) => targetOf(`${folder}/${fd}`));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** Empty for one that was closed while it was looked at. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

/** Which of these processes holds the server's side of the connection between these two ports of loopback. */
export function holderOf(pids: readonly number[], serverPort: number, clientPort: number): number | null {
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
    if (portIn(local) !== serverPort || portIn(remote) !== clientPort) continue;
    return pids.find((pid) => socketsOf(pid).has(inode)) ?? null;
  }
  return null;
}

function portIn(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}
