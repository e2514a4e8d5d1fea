import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import type { Bench } from './bench.ts';
import { siretIn } from './company.ts';
import { complaintAboutDossier } from './complaints.ts';
import { bearerOf } from './habilitations.ts';
import type { Contestant } from './race.ts';
import type { Recording } from './recording.ts';
import type { Started } from './start-process.ts';

export interface KeptOptions {
  server: Started;
  paths: readonly string[];
  headers?: Record<string, string>;
  /** The bytes that it must answer with, by path, where it must not make its own. */
  recordings?: ReadonlyMap<string, Recording>;
}

/** How many paths are checked around each turn. */
const CHECKED = 5;

/** A server that answers dossiers it keeps; each turn checks some of them, never the same twice in a row. */
export function keptContestant({ wrong }: Bench, options: KeptOptions): Contestant {
  const { server, paths, recordings } = options;
  // All its paths are of one usage.
  const headers = { ...bearerOf(paths[0] ?? ''), ...options.headers };
  let at = 0;
  const checkOne = async () => {
    const path = paths[at++ % paths.length] ?? '';
    const answer = await request(server.url + path, { headers });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const body = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    const complaint = complaintAboutDossier({ siret: siretIn(path), status: answer.statusCode, body });
    if (complaint !== null) wrong(`${server.name}: ${complaint}`);
    if (recordings && recordings.get(path)?.body.equals(bytes) !== true)
      wrong(`${server.name}: other bytes for ${path}`);
  };
  const check = async () => {
    for (let i = 0; i < Math.min(CHECKED, paths.length); i++) await checkOne();
  };
  return { server, paths, headers, check };
}
