import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { emptyFolder } from '../helpers/databases.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';

const run = promisify(execFile);

t.test('the curl line that npm start prints works as pasted', async (t) => {
  const gateway = await startGateway(t);
  const line = /^ *(curl .*)$/m.exec(gateway.output())?.[1] ?? '';
  const { stdout } = await run('bash', ['-c', `${line} --silent --fail`]);
  const { data } = JSON.parse(stdout);
  t.equal(data.pieces.insee_etablissement.statut, 'obtenu');
  t.equal(data.completude.statut, 'complet');
});

t.test('a request under way is answered before the process stops, and nothing is left behind', async (t) => {
  const gateway = await startGateway(t, { SANDBOX_FAULTS: JSON.stringify({ '*': { latencyMs: 700 } }) });
  const calls = async () =>
    ((await (await fetch(`${gateway.controlUrl}/calls`)).json()) as { total: number }).total;
  const url = `${gateway.url}/v1/dossiers/41816609600069?usage=socle&object=A&recipient=13002526500013`;
  const dossier = fetch(url, { headers: bearerAt(url) });
  await until(async () => (await calls()) > 0, 5_000);
  gateway.process.kill('SIGTERM');
  const response = await dossier;
  t.equal(response.status, 200);
  t.match(await response.json(), { data: { completude: { statut: 'complet' } } });
  t.equal(await exitOf(gateway.process), 0);
  await t.rejects(fetch(`${gateway.url}/livez`));
  await t.rejects(fetch(`${gateway.controlUrl}/calls`), 'the mocked administrations are gone too');
});

t.test('the mocked administrations do not outlive a gateway that is killed', async (t) => {
  const gateway = await startGateway(t);
  gateway.process.kill('SIGKILL');
  const isGone = () =>
    fetch(`${gateway.controlUrl}/calls`).then(
      () => false,
      () => true,
    );
  await until(isGone, 5_000);
  t.pass('gone');
});

t.test('a bad value stops the start, with one message that names every bad variable', async (t) => {
  const failure = await run(...nodeProgram(['src/main.ts']), {
    env: { ...process.env, PORT: 'trois mille', LOG_LEVEL: 'bavard', SOURCES_URL: 'ftp://ailleurs' },
  }).catch((error) => error);
  t.equal(failure.code, 1);
  for (const name of ['PORT', 'LOG_LEVEL', 'SOURCES_URL']) t.match(failure.stderr, name);
  t.notMatch(failure.stderr, /bavard|at .*\.ts/, 'neither values nor a stack');
});

t.test('a port that is taken stops the start, and says so', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const start = (env: Record<string, string>) =>
    run(...nodeProgram(['src/main.ts']), { env: { ...process.env, PORT: '0', SANDBOX_PORT: '0', ...env } });
  for (const name of ['PORT', 'SANDBOX_PORT']) {
    const failure = await start({ [name]: String(port) }).catch((error) => error);
    t.equal(failure.code, 1, name);
    t.match(failure.stderr, String(port), name);
    t.notMatch(failure.stderr, /\n +at /, 'no stack');
  }
});

t.test(
  'what is granted for trying is written for this user only, and good at the next start too',
  async (t) => {
    const gateway = await startGateway(t);
    const file = join(gateway.dataDir, 'demonstration.json');
    const written = readFileSync(file, 'utf8');
    t.strictSame(Object.keys(JSON.parse(written)), [
      'recipient',
      ...['marche_public', 'aide_publique', 'subvention_association', 'socle', 'public', 'entreprise'],
    ]);
    t.equal(statSync(file).mode & 0o777, 0o600);
    await gateway.stop();
    const again = await startGateway(t, { DATA_DIR: gateway.dataDir });
    t.equal(readFileSync(file, 'utf8'), written);
    const { recipient, marche_public: token } = JSON.parse(written);
    const url = `${again.url}/v1/dossiers/00001140300029?usage=marche_public&object=A&recipient=${recipient}`;
    t.equal((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status, 200);
    t.equal((await fetch(url)).status, 401);
  },
);

t.test(
  'administrations of one’s own on this machine may be tried, until somebody is granted something',
  async (t) => {
    const env = { SOURCES_URL: 'http://127.0.0.1:1', DATA_DIR: emptyFolder(t) };
    const trying = await startGateway(t, env, { isGranted: false });
    const { recipient, socle } = JSON.parse(readFileSync(join(env.DATA_DIR, 'demonstration.json'), 'utf8'));
    const ask = async ({ url }: { url: string }) => {
      const address = `${url}/v1/dossiers/00001140300029?usage=socle&object=A&recipient=${recipient}`;
      return (await fetch(address, { headers: { authorization: `Bearer ${socle}` } })).status;
    };
    t.equal(await ask(trying), 200);
    await trying.stop();
    const granted = await startGateway(t, env);
    t.equal(await ask(granted), 403);
    t.notMatch(granted.output(), socle);
  },
);

t.test('administrations elsewhere are not tried', async (t) => {
  const env = { SOURCES_URL: 'http://administrations.invalid', DATA_DIR: emptyFolder(t) };
  await startGateway(t, env, { isGranted: false });
  t.notOk(existsSync(join(env.DATA_DIR, 'demonstration.json')));
});

t.test('a data folder that cannot be used stops the start, and says so', async (t) => {
  const failure = await run(...nodeProgram(['src/main.ts']), {
    env: { ...process.env, PORT: '0', SANDBOX_PORT: '0', DATA_DIR: 'package.json' },
  }).catch((error) => error);
  t.equal(failure.code, 1);
  t.match(failure.stderr, /DATA_DIR/);
  t.notMatch(failure.stderr, /\n +at /, 'no stack');
});
