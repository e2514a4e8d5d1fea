import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import t, { type Test } from 'tap';
import type { Bucket } from '../../src/documents/s3-bucket.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import type { Piece } from '../../src/dossier/piece.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { callerOf, startCeph } from '../helpers/ceph-server.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { type GatewayProcess, startGateway, until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { filesIn } from '../helpers/zips.ts';

t.setTimeout(240_000);

/** Of public works: six documents. */
const BUILDER = '00003352200012';
const URSSAF = 'urssaf_attestation_vigilance';
const KEY = Buffer.alloc(32, 7).toString('base64');

const ceph = await startCeph(t);
const administrations = await startAdministrations(t);

function envOf(bucket: Bucket): Record<string, string> {
  return {
    ...administrations.env,
    CACHE_ENCRYPTION_KEY: KEY,
    S3_ENDPOINT: bucket.endpoint,
    S3_BUCKET: bucket.name,
    S3_ACCESS_KEY: bucket.accessKey,
    S3_SECRET_KEY: bucket.secretKey,
  };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { prefer: 'wait=15', ...bearerAt(url), ...headers } });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

function addressOf(siret: string, { url }: GatewayProcess, path = ''): string {
  return `${url}/v1/dossiers/${siret}${path}?usage=marche_public&object=DOC-1&recipient=${RECIPIENT}`;
}

async function piecesOf(siret: string, of: GatewayProcess, headers: Record<string, string> = {}) {
  const { status, body } = await get(addressOf(siret, of), headers);
  if (status !== 200) throw new Error(`${status} ${body}`);
  return (JSON.parse(body.toString()) as Dossier).data.pieces;
}

function documentedIn(pieces: Record<string, Piece>): Piece[] {
  return Object.values(pieces).filter(({ document }) => document !== null);
}

async function allServed(t: Test, pieces: Piece[], { url }: GatewayProcess): Promise<void> {
  for (const { source, document } of pieces) {
    const { status, body } = await get(url + document?.href);
    t.equal(status, 200, source);
    t.equal(createHash('sha256').update(body).digest('hex'), document?.sha256, source);
  }
}

let next = 900;

/** The certificate of a company that nobody asked about yet, and to which the Urssaf gives one. */
async function certificateFrom(gateway: GatewayProcess) {
  for (;;) {
    const siret = siretNumber(next++);
    const piece = (await piecesOf(siret, gateway))[URSSAF] as Piece;
    if (piece.statut === 'obtenu') return { siret, piece };
  }
}

await t.test('what one machine kept in the bucket, another serves; no disk has it', async (t) => {
  const env = envOf(await ceph.makeBucket());
  const [first, second] = await Promise.all([startGateway(t, env), startGateway(t, env)]);
  const pieces = documentedIn(await piecesOf(BUILDER, first));
  t.equal(pieces.length, 6);
  await allServed(t, pieces, second);
  for (const { dataDir } of [first, second]) t.notOk(existsSync(join(dataDir, 'documents')));
  const { status, body } = await get(addressOf(BUILDER, second, '/documents.zip'));
  t.equal(status, 200);
  t.equal([...(await filesIn(body)).keys()].filter((name) => name.startsWith('documents/')).length, 6);
});

await t.test('a bucket that hangs costs the documents only, which come back with it', async (t) => {
  const gateway = await startGateway(t, envOf(await ceph.makeBucket()));
  const before = documentedIn(await piecesOf(BUILDER, gateway));
  ceph.pause();
  t.teardown(() => ceph.resume());
  const { siret, piece } = await certificateFrom(gateway);
  t.equal(piece.document, null);
  t.match(piece.explication, /n'a pas pu être récupéré/);
  t.equal((await get(`${gateway.url}/readyz`)).status, 200);
  const unread = await get(gateway.url + before[0]?.document?.href);
  t.equal(unread.status, 503);
  t.match(JSON.parse(unread.body.toString()), { type: '/problemes/passerelle-indisponible' });
  const zip = await filesIn((await get(addressOf(BUILDER, gateway, '/documents.zip'))).body);
  t.match(String(zip.get('documents-manquants.txt')), /dont le stockage ne répond pas/);
  ceph.resume();
  // The store may be left alone for a few seconds yet.
  await until(async () => {
    const again = (await piecesOf(siret, gateway, { 'cache-control': 'no-cache' }))[URSSAF] as Piece;
    if (again.document) await allServed(t, [again], gateway);
    return again.document !== null;
  }, 60_000);
  await allServed(t, before, gateway);
});

await t.test(
  'an object that the store lost is said to be gone, and is kept anew when asked for',
  async (t) => {
    const bucket = await ceph.makeBucket();
    const gateway = await startGateway(t, envOf(bucket));
    const { siret, piece } = await certificateFrom(gateway);
    const call = callerOf(t, bucket);
    const { body: listing } = await call({
      method: 'GET',
      query: { 'list-type': '2', prefix: 'contenus/' },
      maxBytes: 1e6,
    });
    for (const [, key = ''] of String(listing).matchAll(/<Key>([^<]+)<\/Key>/g))
      await call({ method: 'DELETE', key });
    const lost = await get(gateway.url + piece.document?.href);
    t.equal(lost.status, 404);
    t.match(JSON.parse(lost.body.toString()), { type: '/problemes/document-inconnu' });
    const again = (await piecesOf(siret, gateway, { 'cache-control': 'no-cache' }))[URSSAF] as Piece;
    await allServed(t, [again], gateway);
  },
);

await t.test('a wrong secret lets dossiers be, and is told in the log without being told', async (t) => {
  const gateway = await startGateway(t, {
    ...envOf(await ceph.makeBucket()),
    S3_SECRET_KEY: 'M4rqu3S3cr3t3',
    LOG_LEVEL: 'trace',
  });
  const { piece } = await certificateFrom(gateway);
  t.equal(piece.document, null);
  // The purge of the start meets it first.
  await until(() => gateway.output().includes('documents whose time is over cannot be removed'), 30_000);
  t.match(gateway.output(), /403 SignatureDoesNotMatch/);
  t.notMatch(gateway.output(), /M4rqu3S3cr3t3/);
});

/** What the command of documents prints, `days` from now. */
function purged(env: Record<string, string>, days: number, ...args: string[]) {
  const clock = `const machine = Date.now; Date.now = () => machine() + ${days * 86_400_000};`;
  const imports = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];
  return spawnSync(...nodeProgram([...imports, 'src/documents-command.ts', 'purge', ...args]), {
    env: { ...process.env, ...env, DATA_DIR: emptyFolder(t) },
    encoding: 'utf8',
  });
}

await t.test('the command purges a bucket of what no usage holds any more', async (t) => {
  const bucket = await ceph.makeBucket();
  const env = envOf(bucket);
  const gateway = await startGateway(t, env);
  const pieces = documentedIn(await piecesOf(BUILDER, gateway));
  t.match(purged(env, 2), { status: 0, stdout: 'Supprimés : 0. Conservés : 6.\n' });
  t.match(purged(env, 4_000, '--simuler'), { status: 0, stdout: 'À supprimer : 6. Conservés : 0.\n' });
  await allServed(t, pieces, gateway);
  t.match(purged(env, 4_000), { status: 0, stdout: 'Supprimés : 6. Conservés : 0.\n' });
  const { body } = await callerOf(t, bucket)({ method: 'GET', query: { 'list-type': '2' }, maxBytes: 1e6 });
  t.notMatch(String(body), '<Key>');
  const refused = purged({ ...env, S3_BUCKET: 'absent' }, 0);
  t.match(refused, { status: 1, stderr: /404 NoSuchBucket/ });
});

await t.test('the documents of a folder, copied as they are, are those of a bucket', async (t) => {
  const bucket = await ceph.makeBucket();
  const CACHE_ENCRYPTION_KEY = KEY;
  const before = await startGateway(t, { ...administrations.env, CACHE_ENCRYPTION_KEY });
  const pieces = documentedIn(await piecesOf(BUILDER, before));
  t.equal(pieces.length, 6);
  const root = join(before.dataDir, 'documents');
  const call = callerOf(t, bucket);
  for (const path of globSync('{contenus,usages}/**/*', { cwd: root, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const from = join(path.parentPath, path.name);
    await call({ method: 'PUT', key: relative(root, from), body: readFileSync(from) });
  }
  await allServed(t, pieces, await startGateway(t, envOf(bucket)));
});

await t.test('half a bucket stops the start', async (t) => {
  const { S3_SECRET_KEY: _, ...half } = envOf(await ceph.makeBucket());
  await t.rejects(startGateway(t, half), /S3_SECRET_KEY : nécessaire avec les autres variables S3_/);
});
