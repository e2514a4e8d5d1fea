import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { listeningUrlOf } from '../listening.ts';
import { SOURCES_TOKEN } from '../start-gateway.ts';
import type { Started } from '../start-process.ts';

export function startRaw(bench: Bench, recordingsFile: string, processes = 1): Promise<Started> {
  const name = processes === 1 ? 'raw' : `raw × ${processes}`;
  return startProgram(bench, name, 'raw-server', [recordingsFile, String(processes)]);
}

/** Writes one line an answer to the disk before it leaves: on files of its own. */
export function startRawDurable(bench: Bench, recordingsFile: string, processes = 1): Promise<Started> {
  const name = processes === 1 ? 'raw, durable' : `raw, durable × ${processes}`;
  const linesFile = join(bench.dir, 'lines');
  return startProgram(bench, name, 'raw-durable-server', [recordingsFile, linesFile, String(processes)]);
}

export function startFastifyRoute(bench: Bench, recordingsFile: string): Promise<Started> {
  return startProgram(bench, 'fastify', 'fastify-route', [recordingsFile]);
}

/** By a pool a source, all at once or in the gateway's order; or by one pool for all, without or with the meaning. */
export type BareWay = 'each' | 'each in turn' | 'one pool' | typeof MEANING;
/** What it answers is a dossier. */
export const MEANING = 'with meaning';

export function startBareAsking(bench: Bench, sourcesUrl: string, way: BareWay): Promise<Started> {
  const program = way === MEANING ? 'meaning-asking' : 'bare-asking';
  return startProgram(bench, `bare, ${way}`, program, [sourcesUrl, way]);
}

/** On a data folder of its own: it must not be granted anything. */
export function startUnguarded({ start, dir }: Bench, sourcesUrl: string): Promise<Started> {
  return start({
    name: 'unguarded',
    args: ['--max-semi-space-size=32', 'bench/contestants/unguarded-gateway.ts'],
    env: { SOURCES_URL: sourcesUrl, SOURCES_TOKEN, DATA_DIR: join(dir, 'unguarded'), LOG_LEVEL: 'info' },
    on: 'server',
    urlOf: listeningUrlOf,
  });
}

export interface UsualOptions {
  redisUrl: string;
  sourcesUrl: string;
  /** A dossier of the gateway. */
  shape: Buffer;
}

export function startUsual(bench: Bench, { redisUrl, sourcesUrl, shape }: UsualOptions): Promise<Started> {
  const shapeFile = join(bench.dir, 'shape.json');
  writeFileSync(shapeFile, shape);
  const given = { 'redis-url': redisUrl, 'sources-url': sourcesUrl, shape: shapeFile };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  return startProgram(bench, 'usual', 'usual-integration', args);
}

function startProgram({ start }: Bench, name: string, program: string, args: string[]): Promise<Started> {
  return start({
    name,
    args: [`bench/contestants/${program}.ts`, ...args],
    on: 'server',
    urlOf: listeningUrlOf,
  });
}
