import { request } from 'undici';
import type { Bench } from './bench.ts';
import { listeningUrlOf } from './listening.ts';
import type { Started } from './start-process.ts';

export interface Sources extends Started {
  /** Calls answered since the start. */
  calls(): Promise<number>;
}

/** The administrations of a measure; each answers after `latencyMs`. */
export async function startSources({ start }: Bench, latencyMs = 0): Promise<Sources> {
  const started = await start({
    name: 'sources',
    args: ['bench/sources-server.ts', '--latency-ms', String(latencyMs)],
    on: 'load',
    urlOf: listeningUrlOf,
  });
  const calls = async () => {
    const { body } = await request(`${started.url}/calls`);
    return Number(await body.text());
  };
  return { ...started, calls };
}

/** What is said to be kept must not be asked again meanwhile. */
export async function withoutCalls<T>(
  { wrong }: Bench,
  sources: Sources,
  work: () => Promise<T>,
): Promise<T> {
  const before = await sources.calls();
  const done = await work();
  const made = (await sources.calls()) - before;
  if (made > 0) wrong(`${made} calls reached the sources while everything was kept`);
  return done;
}
