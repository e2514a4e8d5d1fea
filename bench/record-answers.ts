import { spawn } from 'node:child_process';
import { request } from 'undici';
import type { Siren, Siret } from '../src/dossier/siret.ts';
import { type Day, dayOf } from '../src/dossier/time.ts';
import { catalog } from '../src/sources/catalog.ts';

/** A company in order everywhere, so that most sources have something to say of it. */
export const PERSONA = { siret: '00001140300029' as Siret, siren: '000011403' as Siren };

export interface RecordedAnswer {
  /** Without its query. */
  path: string;
  status: number;
  type: string;
  body: string;
}

interface Sandbox {
  sandbox: string;
  token: string;
}

const TRACING = 'context=bench&object=BENCH-2026-001&recipient=13002526500013';

/** What the mocked administrations answer to every path that the catalogue asks about the persona. */
export async function recordAnswers(): Promise<RecordedAnswer[]> {
  const child = spawn(process.execPath, ['src/sandbox/main.ts'], {
    env: { ...process.env, SANDBOX_QUOTAS: 'off', SANDBOX_PORT: '0', SANDBOX_CONTROL_PORT: '0' },
    // With a channel it ends when this process does.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const line = await new Promise<Buffer>((resolve) => child.stdout?.once('data', resolve));
    const { sandbox, token }: Sandbox = JSON.parse(line.toString());
    const asked = catalog.filter(({ id }) => !id.endsWith('_mere'));
    const paths = asked.flatMap((source) => source.paths({ ...PERSONA, today: today() }));
    return await Promise.all(paths.map((path) => recorded(sandbox, path, token)));
  } finally {
    child.kill();
  }
}

async function recorded(origin: string, path: string, token: string): Promise<RecordedAnswer> {
  const { statusCode, headers, body } = await request(
    `${origin}${path}${path.includes('?') ? '&' : '?'}${TRACING}`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const [bare = ''] = path.split('?');
  return { path: bare, status: statusCode, type: String(headers['content-type']), body: await body.text() };
}

export function today(): Day {
  return dayOf(Date.now());
}
