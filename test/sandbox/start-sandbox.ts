import type { Test } from 'tap';
import { type Dispatcher, request } from 'undici';
import { type Answer, DOCUMENT, type Question } from '../../src/sandbox/answer.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/server.ts';
import { type MintOptions, mintToken } from '../../src/sandbox/token.ts';

export const SIREN = '552032534';
export const SIRET = '55203253400646';
/** Luhn-valid, and known to nobody. */
export const UNKNOWN_SIREN = '000000000';
export const TRACING = 'context=marche&object=dossier&recipient=10000001700010';

/** 12:00:30 in Paris, an ordinary winter day. */
export const NOON_MS = Date.parse('2026-11-23T11:00:30Z');

/** A path and its tracing parameters. */
export const traced = (path: string, more = '') => `${path}?${TRACING}${more}`;
export const MSA = traced(`/v3/msa/etablissements/${SIRET}/conformite_cotisations`);
export const VIGILANCE = traced(`/v4/urssaf/unites_legales/${SIREN}/attestation_vigilance`);

// biome-ignore lint/suspicious/noExplicitAny: a test reads the wire as it comes
type Wire = any;

export interface Got {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  text: string;
  json: Wire;
}

interface Ask {
  token?: string | null;
  headers?: Record<string, string>;
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  body?: string;
}

export function answerOf(question: Question): Answer | null {
  if (question.identifier === UNKNOWN_SIREN) return null;
  const data = { endpoint: question.endpoint, document_url: DOCUMENT };
  const document = { title: 'Attestation', company: 'Danone', lines: ['Une ligne'] };
  return { status: 200, body: { data, links: {}, meta: {} }, document };
}

/** A sandbox that listens, with a clock the test moves; it stops with the test. */
export async function startSandbox(t: Test, options: Partial<SandboxOptions> = {}) {
  const clock = { nowMs: NOON_MS };
  const asked: Question[] = [];
  const slept: number[] = [];
  const bugs: unknown[] = [];
  const now = () => clock.nowMs;
  const { api, control } = createSandbox({
    answerQuestion: (question) => {
      asked.push(question);
      return answerOf(question);
    },
    now,
    sleep: async (ms) => void slept.push(ms),
    onBug: (error) => void bugs.push(error),
    ...options,
  });
  t.teardown(() => Promise.all([api.close(), control.close()]));
  const url = await api.listen({ port: 0, host: '127.0.0.1' });
  const controlUrl = await control.listen({ port: 0, host: '127.0.0.1' });
  const mint = (more: MintOptions = {}) => mintToken({ now, ...more });
  const token = await mint();

  async function get(path: string, ask: Ask = {}): Promise<Got> {
    const authorization = ask.token === null ? {} : { authorization: `Bearer ${ask.token ?? token}` };
    const target = path.startsWith('http') ? path : url + path;
    const { method = 'GET', body = null } = ask;
    const answer = await request(target, { method, body, headers: { ...authorization, ...ask.headers } });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: isJson && text ? tryParse(text) : undefined,
    };
  }

  /** Stages faults by the control route. */
  async function stage(id: string, plan: unknown): Promise<Got> {
    const headers = { 'content-type': 'application/json' };
    return get(`${controlUrl}/faults/${id}`, { method: 'PUT', body: JSON.stringify(plan), headers });
  }

  return { url, controlUrl, clock, asked, slept, bugs, token, mint, get, stage };
}

function tryParse(text: string): Wire {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The codes of the errors in a body. */
export const codesOf = ({ json }: Got): string[] => json.errors.map(({ code }: { code: string }) => code);
