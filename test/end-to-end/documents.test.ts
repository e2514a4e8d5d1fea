import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import type { Piece } from '../../src/dossier/piece.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { MOVABLE_CLOCK, moveClocks } from '../helpers/processes.ts';
import { exitOf, type GatewayProcess, startGateway } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { filesIn } from '../helpers/zips.ts';

/** Of public works: five kinds of documents, one by way of a detour. */
const BUILDER = '00003352200012';
const EXPECTED = [
  'cnetp_attestation_conges_payes',
  'dgfip_attestation_fiscale',
  'fntp_carte_professionnelle',
  'inpi_extrait_rne',
  'probtp_attestation_cotisations_retraite',
  'urssaf_attestation_vigilance',
];
const URSSAF = 'urssaf_attestation_vigilance';

const administrations = await startAdministrations(t);
const DATA_DIR = emptyFolder(t);
const gateway = await startGateway(t, { ...administrations.env, DATA_DIR, LOG_LEVEL: 'info' });

function addressOf(siret: string, { url }: GatewayProcess, path = ''): string {
  return `${url}/v1/dossiers/${siret}${path}?usage=marche_public&object=DOC-1&recipient=${RECIPIENT}`;
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { prefer: 'wait=15', ...bearerAt(url), ...headers } });
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

async function dossierOf(siret: string, of = gateway, headers: Record<string, string> = {}) {
  const { body } = await get(addressOf(siret, of), headers);
  return { text: body.toString(), pieces: (JSON.parse(body.toString()) as Dossier).data.pieces };
}

function documentedIn(pieces: Record<string, Piece>): Piece[] {
  return Object.values(pieces).filter(({ document }) => document !== null);
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function filesUnder(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

await t.test('each document that a source gives is served at the address of its piece', async (t) => {
  const { text, pieces } = await dossierOf(BUILDER);
  t.strictSame(
    documentedIn(pieces)
      .map(({ source }) => source)
      .sort(),
    EXPECTED,
  );
  t.notMatch(text, administrations.url, 'no link of a source is in the dossier');
  for (const { source, document } of documentedIn(pieces)) {
    const { status, body, headers } = await get(gateway.url + document?.href);
    t.equal(status, 200, source);
    t.equal(sha256Of(body), document?.sha256);
    t.equal(body.length, document?.taille);
    t.equal(body.toString('latin1', 0, 5), '%PDF-');
    t.equal(headers.get('repr-digest'), `sha-256=:${createHash('sha256').update(body).digest('base64')}:`);
  }
});

await t.test('the archive of a company holds its dossier and these documents', async (t) => {
  const { text, pieces } = await dossierOf(BUILDER);
  const { status, body } = await get(addressOf(BUILDER, gateway, '/documents.zip'));
  t.equal(status, 200);
  const files = await filesIn(body);
  t.equal(files.get('dossier.json')?.toString(), text);
  const digests = [...files]
    .filter(([name]) => name.startsWith('documents/'))
    .map(([, content]) => sha256Of(content));
  t.strictSame(
    digests.sort(),
    documentedIn(pieces)
      .map(({ document }) => document?.sha256)
      .sort(),
  );
});

await t.test('the disk shows no text of them, and nothing else tells their links', async (t) => {
  const stored = filesUnder(join(DATA_DIR, 'documents', 'contenus'));
  t.ok(stored.length >= EXPECTED.length);
  for (const path of stored) t.notMatch(readFileSync(path, 'latin1'), /%PDF|%%EOF|Terrassements|obj/);
  t.notMatch(gateway.output(), /\/documents\/[0-9a-f]{8}-|\/proxy\//, 'no link is logged');
});

let next = 500;

/** The dossier of a company that nobody asked about yet, and to which the Urssaf gives a certificate. */
async function certified() {
  for (;;) {
    const siret = siretNumber(next++);
    const startedMs = performance.now();
    const { text, pieces } = await dossierOf(siret);
    const tookMs = performance.now() - startedMs;
    if (pieces[URSSAF]?.statut === 'obtenu') return { siret, text, pieces, tookMs };
  }
}

/** What becomes of the Urssaf's document of a company that nobody asked about yet, and afterwards. */
async function withFault(t: Test, target: string, failure: string): Promise<void> {
  await administrations.setFault(target, { failure });
  const { siret, text, pieces, tookMs } = await certified();
  await administrations.clearFaults();
  const piece = pieces[URSSAF] as Piece;
  t.equal(piece.document, null);
  t.match(piece.explication, /n'a pas pu être récupéré/);
  t.equal(piece.erreur, null);
  t.ok(tookMs < 10_000, `${Math.round(tookMs)} ms`);
  t.notMatch(text, /169\.254|documents\.example/);
  const again = (await dossierOf(siret, gateway, { 'cache-control': 'no-cache' })).pieces[URSSAF] as Piece;
  t.match(again.document, { type: 'application/pdf' }, 'it is there when it is asked anew');
  t.notMatch(again.explication, /n'a pas pu être récupéré/);
}

const FILE_FAULTS: [string, string][] = [
  ['is a page', 'html'],
  ['is endless', 'huge-body'],
  ['is cut off', 'cut-off'],
  ['is empty', 'empty-body'],
  ['is elsewhere, says a redirect', 'redirect'],
  ['breaks off', 'reset-mid-body'],
];
for (const [what, failure] of FILE_FAULTS) {
  await t.test(`a document that ${what} costs itself only`, (t) => withFault(t, 'documents', failure));
}

const LINK_FAULTS: [string, string][] = [
  ['another machine', 'link-elsewhere'],
  ['the metadata of the cloud', 'link-to-metadata'],
  ['nothing any more', 'dead-link'],
];
for (const [what, failure] of LINK_FAULTS) {
  await t.test(`a link to ${what} costs the document only`, (t) => withFault(t, URSSAF, failure));
}

await t.test(
  'a link that died in what the hub keeps is replaced at once; older documents stay',
  async (t) => {
    const hub = await startAdministrations(t, {}, MOVABLE_CLOCK);
    const first = await startGateway(t, hub.env);
    const before = documentedIn((await dossierOf(BUILDER, first)).pieces);
    await first.stop();
    // The register's links live an hour; what the hub answers lives until the night.
    await moveClocks([hub.process], 2 * 3_600_000);
    await hub.forgetCalls();
    const anew = await startGateway(t, { ...hub.env, DATA_DIR: first.dataDir });
    const found = (await dossierOf(BUILDER, anew)).pieces.inpi_extrait_rne as Piece;
    t.ok(found.document, found.explication);
    t.ok(((await hub.calls()).inpi_extrait_rne ?? 0) <= 2);
    for (const { document } of before) {
      const { status, body } = await get(anew.url + document?.href);
      t.equal(status, 200);
      t.equal(sha256Of(body), document?.sha256);
    }
  },
);

/** Dies in the middle of the first write: all of the file is there, but its name. */
const DYING = `data:text/javascript,${encodeURIComponent(
  `import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { rename } = fs.promises;
  fs.promises.rename = (from, to) => from.endsWith('.brouillon') ? process.kill(process.pid, 'SIGKILL') : rename(from, to);
  syncBuiltinESMExports();`,
)}`;

await t.test('kill -9 in the middle of a write leaves nothing that is served', async (t) => {
  const folder = emptyFolder(t);
  const dying = await startGateway(t, { ...administrations.env, DATA_DIR: folder }, { imports: [DYING] });
  await t.rejects(dossierOf(BUILDER, dying));
  await exitOf(dying.process);
  const drafts = filesUnder(join(folder, 'documents', 'contenus'));
  t.ok(drafts.length > 0 && drafts.every((path) => path.endsWith('.brouillon')), 'it died in mid-write');
  const heir = await startGateway(t, { ...administrations.env, DATA_DIR: folder });
  const { pieces } = await dossierOf(BUILDER, heir);
  t.equal(documentedIn(pieces).length, EXPECTED.length);
  for (const { document } of documentedIn(pieces)) {
    t.equal(sha256Of((await get(heir.url + document?.href)).body), document?.sha256);
  }
});
