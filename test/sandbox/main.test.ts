import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { mintToken } from '../../src/sandbox/token.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { VIGILANCE } from './start-sandbox.ts';

const FREE = { SANDBOX_PORT: '0', SANDBOX_CONTROL_PORT: '0' };

function run(t: Test, env: Record<string, string>): ChildProcessWithoutNullStreams {
  const main = new URL('../../src/sandbox/main.ts', import.meta.url).pathname;
  const child = spawn(...nodeProgram([main]), { env: { ...process.env, ...env } });
  t.teardown(() => void child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [chunk] = await once(child.stdout, 'data');
  return String(chunk);
}

async function failureOf(child: ChildProcessWithoutNullStreams) {
  let message = '';
  child.stderr.on('data', (chunk) => {
    message += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, message };
}

await t.test(
  'the process says where it listens in one line of JSON, answers, and stops when told',
  async (t) => {
    const child = run(t, { ...FREE, SANDBOX_JWT_SECRET: 'un secret de plus de trente-deux octets' });
    const line = await firstLine(child);
    t.match(line, /^\{.*\}\n$/);
    const { sandbox, control } = JSON.parse(line);
    const token = await mintToken({ secret: 'un secret de plus de trente-deux octets' });
    const headers = { authorization: `Bearer ${token}` };
    t.equal((await fetch(sandbox + VIGILANCE, { headers })).status, 200);
    t.match(await (await fetch(`${control}/calls`)).json(), { total: 1 });
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    t.equal(code, 0);
  },
);

await t.test('faults, quotas and windows are told by the environment', async (t) => {
  const faults = { '*': { errors: [{ code: '001', status: 502 }] } };
  const child = run(t, { ...FREE, SANDBOX_QUOTAS: 'off', SANDBOX_FAULTS: JSON.stringify(faults) });
  const { sandbox } = JSON.parse(await firstLine(child));
  const headers = { authorization: `Bearer ${await mintToken()}` };
  const answer = await fetch(sandbox + VIGILANCE, { headers });
  t.equal(answer.status, 502);
  t.equal(answer.headers.get('ratelimit-limit'), '1000000');
});

await t.test('a port in use, or a wrong setting, ends it with one clear message', async (t) => {
  const child = run(t, FREE);
  const { sandbox } = JSON.parse(await firstLine(child));
  const taken = await failureOf(run(t, { ...FREE, SANDBOX_PORT: new URL(sandbox).port }));
  t.match(taken, { code: 1, message: /^sandbox: .*EADDRINUSE.*\n$/ });
  const wrong = await failureOf(run(t, { ...FREE, SANDBOX_FAULTS: '{"nulle_part":{}}' }));
  t.match(wrong, { code: 1, message: /SANDBOX_FAULTS/ });
});
