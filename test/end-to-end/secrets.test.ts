import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { GOOD, RECIPIENT } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';
import { json, startUpstream } from '../helpers/upstream.ts';

t.setTimeout(120_000);

const MARK = 'M4rqu3S3cr3t3';
const KEY = randomBytes(32);
const JOURNAL = randomBytes(32);
/** A key may be told in any of the ways in which bytes are written. */
const FORMS = [KEY, JOURNAL].flatMap((key) => [
  key.toString('base64').slice(0, 20),
  key.toString('base64url').slice(0, 20),
  key.toString('hex').slice(0, 20),
  [...key.subarray(0, 8)].join(','),
]);

function secretIn(text: string, more: readonly string[] = []): string | undefined {
  return [MARK, ...FORMS, ...more].find((secret) => secret.length > 8 && text.includes(secret));
}

/** A port where somebody listens, who answers nothing and hangs up: what connects to it fails in every way. */
async function deadPort(): Promise<number> {
  const server = createServer((socket: Socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as { port: number }).port;
}

t.test('no secret is printed, logged, measured or answered, whatever goes wrong', async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    // Administrations that fail in their own words, and repeat what they were sent.
    if (request.url?.includes('insee'))
      json(500, `<pre>${JSON.stringify(request.headers)}</pre>`)(request, response);
    else if (request.url?.includes('urssaf')) request.socket.destroy();
    else json(401, { errors: [{ code: '00101', title: request.headers.authorization }] })(request, response);
  });
  const dataDir = emptyFolder(t);
  const metricsFile = join(dataDir, 'metrics-token');
  writeFileSync(metricsFile, `${MARK}-mesures\n`);
  const gateway = await startGateway(t, {
    DATA_DIR: dataDir,
    SOURCES_URL: upstream.url,
    SOURCES_TOKEN: `${MARK}.sources`,
    METRICS_TOKEN_FILE: metricsFile,
    REDIS_URL: `redis://passerelle:${MARK}-redis@127.0.0.1:${await deadPort()}`,
    CACHE_ENCRYPTION_KEY: KEY.toString('base64'),
    JOURNAL_KEY: JOURNAL.toString('base64'),
    S3_ENDPOINT: `http://127.0.0.1:${await deadPort()}`,
    S3_BUCKET: 'documents',
    S3_ACCESS_KEY: `${MARK}-cle`,
    S3_SECRET_KEY: `${MARK}-s3`,
    LOG_LEVEL: 'trace',
  });
  const { marche_public: good = '' } = gateway.tokens;
  const tokens = Object.values(gateway.tokens).map((token) => token.slice(-40));
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(gateway.url + path, init);
    return JSON.stringify([...response.headers]) + (await response.text());
  };
  const heard = [
    await ask(GOOD, { headers: { authorization: `Bearer ${good}` } }),
    await ask(GOOD, { headers: { authorization: `Bearer ${good}`, 'cache-control': 'no-cache' } }),
    await ask(GOOD, { headers: { authorization: `Bearer ${good}${MARK}` } }),
    await ask(GOOD, { headers: { authorization: `Basic ${MARK}` } }),
    await ask(`${GOOD}&access_token=${MARK}`),
    await ask(GOOD.replace(RECIPIENT, MARK), { headers: { authorization: `Bearer ${good}` } }),
    await ask('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=a&client_secret=${MARK}`,
    }),
    await ask('/oauth/token', { method: 'POST', body: MARK }),
    await ask('/metrics', { headers: { authorization: `Bearer ${MARK}-mesures` } }),
    await ask('/metrics', {
      headers: { authorization: `Bearer ${MARK}-autres`, 'x-forwarded-for': '192.0.2.1' },
    }),
    await ask('/readyz'),
    await ask('/v1/sources'),
    await ask('/openapi.json'),
  ];
  for (const text of heard) t.equal(secretIn(text, tokens), undefined, text.slice(0, 80));
  t.match(upstream.calls[0]?.headers.authorization, MARK, 'the secrets are really in use');
  await until(() => /redis/i.test(gateway.output()), 10_000);
  await gateway.stop();
  t.equal(secretIn(gateway.output(), tokens), undefined, 'nor in what it printed');
});

t.test('a database that does not answer is told without its password', async (t) => {
  const port = await deadPort();
  const env = {
    ...process.env,
    PORT: '0',
    SANDBOX_PORT: '0',
    DATA_DIR: emptyFolder(t),
    DATABASE_URL: `postgres://passerelle:${MARK}@127.0.0.1:${port}/base`,
    SOURCES_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: 'trace',
  };
  const child = spawn(...nodeProgram(['src/main.ts']), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  await until(() => /journal cannot be written/.test(printed) || child.exitCode !== null, 30_000);
  t.match(printed, /journal|Postgres/);
  t.equal(secretIn(printed), undefined);
});

t.test('a value that cannot be used is not repeated by any of the programs', async (t) => {
  const env = {
    ...process.env,
    REDIS_URL: `http://${MARK}`,
    DATABASE_URL: MARK,
    CACHE_ENCRYPTION_KEY: MARK,
    JOURNAL_KEY: MARK,
    METRICS_TOKEN: 'é M4rqu3S3cr3t3',
  };
  const programs = [
    ['src/main.ts'],
    ['src/journal-command.ts', 'cle'],
    ['src/habilitations/main.ts', 'list'],
    ['src/documents-command.ts', 'purge'],
  ];
  await Promise.all(
    programs.map(async (args) => {
      const child = spawn(...nodeProgram(args), { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
      const [code] = await once(child, 'close');
      t.not(code, 0, String(args));
      t.match(printed, /JOURNAL_KEY/, String(args));
      t.equal(secretIn(printed), undefined, String(args));
    }),
  );
});
