import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { siretIn } from './company.ts';
import type { Answer } from './complaints.ts';
import { bearerOf } from './habilitations.ts';

export interface AskOptions {
  origin: string;
  /** Whom to ask about next; null when it is over. */
  next(): string | null;
  callers: number;
  /** A caller asks once in so many milliseconds, callers apart; zero: as soon as it is answered. */
  everyMs?: number;
  /** What is wrong with an answer; null when nothing is. */
  complaintAbout(answer: Answer): string | null;
  wrong(complaint: string): void;
  /** Told of each 503 that says when to come back, where that is no fault; its caller waits a while. */
  refused?(): void;
}

export interface AskedDossier {
  tookMs: number;
  /** How long the sources took, all together, where the answer says. */
  sourcesMs: number;
}

const REFUSED_PAUSE_MS = 1_000;
/** All the time there is: on a busy machine a dossier must still be whole. */
const HEADERS = { prefer: 'wait=30' };

/** Asks for dossiers over kept-alive connections, one a caller, and judges each answer. */
export async function askDossiers(options: AskOptions): Promise<AskedDossier[]> {
  const pool = new Pool(options.origin, { connections: options.callers, headersTimeout: 60_000 });
  const asked: AskedDossier[] = [];
  const callers = Array.from({ length: options.callers }, (_, caller) => call(pool, options, caller, asked));
  try {
    await Promise.all(callers);
  } finally {
    await pool.destroy();
  }
  return asked;
}

async function call(pool: Pool, options: AskOptions, caller: number, asked: AskedDossier[]): Promise<void> {
  const { everyMs = 0, callers, next } = options;
  let dueMs = performance.now() + (caller * everyMs) / callers;
  for (;;) {
    if (everyMs > 0) await sleep(Math.max(0, dueMs - performance.now()));
    const path = next();
    if (path === null) return;
    const answered = await askOne(pool, path, options);
    if (answered) asked.push(answered);
    dueMs += everyMs;
  }
}

/** Null when there was no right answer: how long a wrong one took says nothing. */
async function askOne(pool: Pool, path: string, options: AskOptions): Promise<AskedDossier | null> {
  const { complaintAbout, wrong, refused } = options;
  const siret = siretIn(path);
  const startedMs = performance.now();
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await pool.request({ method: 'GET', path, headers: { ...HEADERS, ...bearerOf(path) } });
    const answer = { siret, status, body: await body.text() };
    const tookMs = performance.now() - startedMs;
    if (refused && status === 503 && headers['retry-after'] !== undefined) {
      refused();
      await sleep(REFUSED_PAUSE_MS);
      return null;
    }
    const complaint = complaintAbout(answer);
    if (complaint === null) return { tookMs, sourcesMs: Number(headers['x-sources-ms'] ?? Number.NaN) };
    wrong(complaint);
  } catch (error) {
    wrong(`${complaintAbout({ siret, status: 0, body: '' })}: ${error}`);
  }
  return null;
}

/** Each path once. */
export function each(paths: readonly string[]): () => string | null {
  let at = 0;
  return () => paths[at++] ?? null;
}
