import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { Pool } from 'undici';
import type { Dossier } from '../../src/dossier/dossier.ts';
import type { Piece } from '../../src/dossier/piece.ts';
import { RECIPIENT } from './app.ts';
import { bearerFor, tokensAt } from './tokens.ts';

export interface Answered {
  /** 0 when no answer came. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body; or why none came. */
  text: string;
  tookMs: number;
}

export interface Asking {
  usage?: string;
  /** How long the gateway may wait, in seconds. */
  wait?: number;
  headers?: Record<string, string>;
}

/** Asks one gateway, over connections that stay open. It never rejects. */
export type Ask = (siret: string, asking?: Asking) => Promise<Answered>;

export interface Callers {
  ask: Ask;
  get(path: string): Promise<Answered>;
  /** How many times they were told to come back later, which they then did. */
  shed(): number;
  close(): Promise<void>;
}

export interface CallersOptions {
  connections?: number;
  /** Whether a 503 that says when to come back is an answer, rather than a reason to come back. */
  takesNo?: boolean;
}

/** A process that sheds does so for a second, or more: on a machine that is busy elsewhere any may. */
const SHED_MS = 1_200;
const LONGEST_SHED_MS = 40_000;

/** Callers of the gateway at `url`, that close with the test. */
export function openCallers(t: Test, url: string, options: CallersOptions = {}): Callers {
  const { connections = 64, takesNo = false } = options;
  const pool = new Pool(url, { connections, headersTimeout: 60_000 });
  const close = () => pool.destroy();
  t.teardown(close);
  let shed = 0;

  async function getOnce(path: string, headers: Record<string, string>): Promise<Answered> {
    const startedMs = performance.now();
    const tookMs = () => performance.now() - startedMs;
    try {
      const response = await pool.request({
        method: 'GET',
        path,
        headers: { ...bearerFor(tokensAt(url), path), ...headers },
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: response.headers, text, tookMs: tookMs() };
    } catch (error) {
      return { status: 0, headers: {}, text: String(error), tookMs: tookMs() };
    }
  }

  async function get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    const untilMs = performance.now() + LONGEST_SHED_MS;
    for (;;) {
      const answered = await getOnce(path, headers);
      const isShed = answered.status === 503 && answered.headers['retry-after'] !== undefined;
      if (!isShed || takesNo || performance.now() > untilMs) return answered;
      shed++;
      await sleep(SHED_MS);
    }
  }

  return {
    get,
    close,
    shed: () => shed,
    ask: (siret, { usage = 'marche_public', wait = 5, headers } = {}) =>
      get(`/v1/dossiers/${siret}?usage=${usage}&object=PANNES&recipient=${RECIPIENT}`, {
        prefer: `wait=${wait}`,
        ...headers,
      }),
  };
}

/** Asks for each item, so many at a time; the answers come in their order. */
export async function askEach<T>(
  items: readonly T[],
  width: number,
  ask: (item: T, index: number) => Promise<Answered>,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  const waiting = [...items.entries()];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      answers[next[0]] = await ask(next[1], next[0]);
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  return answers;
}

/** Callers who go on asking, one question after the other, until they are told to stop. */
export interface Load {
  /** The answers since the last time, in their order. */
  take(): Answered[];
  /** How many there are to take. */
  size(): number;
  stop(): Promise<void>;
}

/** @param pauseMs between an answer and the next question of the same caller */
export function startLoad(width: number, pauseMs: number, ask: () => Promise<Answered>): Load {
  let answers: Answered[] = [];
  let isOver = false;
  async function go(): Promise<void> {
    while (!isOver) {
      answers.push(await ask());
      await sleep(pauseMs);
    }
  }
  const going = Promise.all(Array.from({ length: width }, go));
  return {
    take() {
      const taken = answers;
      answers = [];
      return taken;
    },
    size: () => answers.length,
    async stop() {
      isOver = true;
      await going;
    },
  };
}

export function dataIn({ status, text }: Answered): Dossier['data'] {
  if (status !== 200) throw new Error(`no dossier: ${status} ${text}`);
  return (JSON.parse(text) as Dossier).data;
}

export function pieceIn(answered: Answered, source: string): Piece {
  const piece = dataIn(answered).pieces[source];
  if (!piece) throw new Error(`no piece of ${source}`);
  return piece;
}

/** The sources whose answers did not come from what is kept, with what came of them. */
export function missingIn({ status, headers }: Answered): string[] {
  if (status !== 200) return [String(status)];
  return String(headers['cache-status']).match(/\w+; fwd=miss[^,]*/g) ?? [];
}

/** The sum of what a metric counts, whatever its labels. */
export async function metricAt({ get }: Callers, name: string): Promise<number> {
  const lines = (await get('/metrics')).text.split('\n');
  const values = lines.filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** What went wrong, by how often: empty when every answer is a dossier. */
export function failuresIn(answers: readonly Answered[]): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const { status, text } of answers) {
    if (status === 200) continue;
    const what = `${status} ${text.slice(0, 120)}`;
    failures[what] = (failures[what] ?? 0) + 1;
  }
  return failures;
}

/** Median, 99th percentile and longest of these times, as a comment of a test says them. */
export function inWords(answers: readonly { tookMs: number }[]): string {
  const sorted = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
  return `${sorted.length} answers, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}
