import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { request } from 'undici';
import type { Bench } from './bench.ts';
import { bearerOf } from './habilitations.ts';

/** An answer of the gateway, for others to send the very same bytes. */
export interface Recording {
  path: string;
  /** As sent: names and values in turn. */
  headers: string[];
  body: Buffer;
}

export interface Recorded {
  file: string;
  recordings: ReadonlyMap<string, Recording>;
  /** As the bodies are encoded; null when they are sent as they are. */
  encoding: string | null;
}

/** Node writes these by itself, in every contestant. */
const WRITTEN_BY_NODE = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

/** Writes what a gateway answers where a contestant reads it: bytes as they pass on the wire. */
export async function record(
  { dir }: Bench,
  origin: string,
  paths: readonly string[],
  headers: Record<string, string> = {},
): Promise<Recorded> {
  const recordings: Recording[] = [];
  for (const path of paths) recordings.push(await recordingOf(origin, path, headers));
  const file = join(dir, `recordings-${paths.length}-${Object.keys(headers).join('-')}`);
  writeFileSync(file, serialize(recordings));
  const first = recordings[0]?.headers ?? [];
  const encoding = first[first.indexOf('content-encoding') + 1];
  return {
    file,
    recordings: new Map(recordings.map((one) => [one.path, one])),
    encoding: first.includes('content-encoding') ? (encoding ?? null) : null,
  };
}

async function recordingOf(
  origin: string,
  path: string,
  headers: Record<string, string>,
): Promise<Recording> {
  const {
    statusCode,
    headers: received,
    body,
  } = await request(origin + path, {
    headers: { ...bearerOf(path), ...headers },
  });
  if (statusCode !== 200) throw new Error(`a kept dossier is answered ${statusCode}`);
  const sent = Object.entries(received).filter(([name]) => !WRITTEN_BY_NODE.includes(name));
  return {
    path,
    headers: sent.flatMap(([name, value]) => [name, String(value)]),
    body: Buffer.from(await body.arrayBuffer()),
  };
}

export function readRecordings(file: string): Map<string, Recording> {
  const recordings: Recording[] = deserialize(readFileSync(file));
  // Each in memory of its own: slices would keep the whole file in one place, as no cache does.
  return new Map(recordings.map((one) => [one.path, { ...one, body: Buffer.from(one.body) }]));
}
