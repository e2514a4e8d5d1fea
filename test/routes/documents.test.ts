import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import type { Witnessed } from '../../src/access/witness.ts';
import type { Archive } from '../../src/documents/archive.ts';
import { StoreAway } from '../../src/documents/files.ts';
import { publicViewOf } from '../../src/routes/public-view.ts';
import { NOON_MS } from '../helpers/answer.ts';
import {
  accessOf,
  askedFor,
  build,
  collectOf,
  fact,
  GOOD,
  journalInto,
  RECIPIENT,
  SIRET,
} from '../helpers/app.ts';
import { archiveOf, pdfSaying } from '../helpers/archives.ts';

const SIREN = SIRET.slice(0, 9);
const SOURCE = 'urssaf_attestation_vigilance';
const PDF = pdfSaying('attestation');
const VIGILANCE = {
  situation: 'delivree',
  date_debut_validite: null,
  date_fin_validite: null,
  code_securite: null,
};

/** An application whose Urssaf gave a certificate, which is kept. */
async function setUp(t: Test, { archive = archiveOf(t, Date.now), journal = true } = {}) {
  const told: Witnessed[] = [];
  const document = await archive.keep(SIREN, SOURCE, PDF);
  const app = await build(t, collectOf({ [SOURCE]: { ...fact('obtenu', VIGILANCE), document } }), [], {
    archive,
    ...(!journal && { journal: { ...journalInto([]), isOpen: () => false } }),
    witness: (witnessed, leave) => {
      told.push(witnessed);
      leave(true);
    },
  });
  const href = `/v1/dossiers/${SIRET}/documents/${SOURCE}/${document.sha256}?usage=marche_public`;
  return { app, archive, document, href, told };
}

t.test(
  'the address that a piece gives leads to its document, byte for byte, and says what it is',
  async (t) => {
    const { app, told } = await setUp(t);
    const { href, sha256, taille } = (await app.inject(GOOD)).json().data.pieces[SOURCE].document;
    const response = await app.inject(href);
    t.equal(response.statusCode, 200);
    t.strictSame(response.rawPayload, PDF);
    t.equal(createHash('sha256').update(response.rawPayload).digest('hex'), sha256);
    t.match(response.headers, {
      'content-type': 'application/pdf',
      'content-length': String(taille),
      'repr-digest': `sha-256=:${createHash('sha256').update(PDF).digest('base64')}:`,
      'content-disposition': `attachment; filename="Urssaf - Attestation de vigilance - ${SIREN}.pdf"; filename*=UTF-8''Urssaf%20-%20Attestation%20de%20vigilance%20-%20${SIREN}.pdf`,
      'content-security-policy': /^sandbox;/,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    });
    t.match(told.at(-1), {
      route: '/v1/dossiers/:siret/documents/:source/:sha256',
      status: 200,
      kept: [SOURCE],
      digest: response.headers.etag,
      asked: { siret: SIRET, usage: 'marche_public', object: null, recipient: RECIPIENT },
    });
  },
);

t.test('why it is read again is written in the journal when it is said', async (t) => {
  const { app, href, told } = await setUp(t);
  await app.inject(`${href}&object=2026-007&recipient=${RECIPIENT}&context=Suivi`);
  t.match(told.at(-1)?.asked, { object: '2026-007', recipient: RECIPIENT, context: 'Suivi' });
});

t.test('a document that is known already is not sent again', async (t) => {
  const { app, href } = await setUp(t);
  const { etag } = (await app.inject(href)).headers;
  const again = await app.inject({ url: href, headers: { 'if-none-match': String(etag) } });
  t.equal(again.statusCode, 304);
  t.equal(again.body, '');
});

t.test('a digest alone opens nothing: the company, the source and the usage must be right', async (t) => {
  const { app, href, told } = await setUp(t);
  for (const url of [
    href.replace(SIRET, '41816609600069'),
    href.replace(SOURCE, 'inpi_extrait_rne'),
    href.replace(/[0-9a-f]{64}/, '0'.repeat(64)),
  ]) {
    const response = await app.inject(url);
    t.equal(response.statusCode, 404, url);
    t.match(response.json(), { type: '/problemes/document-inconnu' });
    t.match(told.at(-1), { status: 404, kept: [] });
  }
});

t.test('a token of another usage, of the public, of the company or of nobody opens nothing', async (t) => {
  const { access, tokens } = await accessOf(t, () => NOON_MS);
  const archive = archiveOf(t, Date.now);
  const { sha256 } = await archive.keep(SIREN, SOURCE, PDF);
  const app = await build(t, collectOf({}), [], { access, archive });
  const url = `/v1/dossiers/${SIRET}/documents/${SOURCE}/${sha256}?usage=marche_public`;
  const statusFor = async (authorization: string) =>
    (await app.inject({ url, headers: { authorization } })).statusCode;
  t.equal(await statusFor(''), 401);
  t.equal(await statusFor('Bearer faux'), 401);
  for (const other of ['public', 'entreprise', 'socle', 'aide_publique']) {
    t.equal(await statusFor(`Bearer ${tokens[other]}`), 403, other);
  }
  t.equal(await statusFor(`Bearer ${tokens.marche_public}`), 200);
});

t.test('a habilitation that does not cover the source does not open its documents', async (t) => {
  const { app, document } = await setUp(t);
  // The certificates of the Urssaf are not of the socle.
  const url = `/v1/dossiers/${SIRET}/documents/${SOURCE}/${document.sha256}?usage=socle`;
  const response = await app.inject(url);
  t.equal(response.statusCode, 403);
  t.match(response.json().detail, /ne couvre pas cette source/);
});

t.test('a body that is not the one of the token opens nothing', async (t) => {
  const { app, href } = await setUp(t);
  t.equal((await app.inject(`${href}&recipient=35600000000048`)).statusCode, 403);
});

t.test('parameters that are wrong are all named', async (t) => {
  const { app } = await setUp(t);
  const response = await app.inject(`/v1/dossiers/12/documents/inconnue/AB?usage=marche_public&recipient=1`);
  t.equal(response.statusCode, 422);
  const names = response.json().errors.map(({ parameter }: { parameter: string }) => parameter);
  t.strictSame(names.sort(), ['recipient', 'sha256', 'siret', 'source']);
});

t.test('what cannot be written in the journal does not leave', async (t) => {
  const { app, href } = await setUp(t, { journal: false });
  const response = await app.inject(href);
  t.equal(response.statusCode, 503);
  t.notMatch(response.body, /%PDF/);
});

t.test('an access that is not accounted for does not leave', async (t) => {
  const archive = archiveOf(t, Date.now);
  const { sha256 } = await archive.keep(SIREN, SOURCE, PDF);
  const app = await build(t, collectOf({}), [], { archive, witness: (_, leave) => leave(false) });
  const response = await app.inject(
    `/v1/dossiers/${SIRET}/documents/${SOURCE}/${sha256}?usage=marche_public`,
  );
  t.equal(response.statusCode, 503);
  t.notMatch(response.body, /%PDF/);
});

t.test('a dossier that carries a document begins its time anew', async (t) => {
  const held: string[] = [];
  const kept = archiveOf(t, Date.now);
  const archive: Archive = {
    ...kept,
    async hold(key, usage) {
      held.push(`${usage} ${key.siren} ${key.source}`);
      return kept.hold(key, usage);
    },
  };
  const { app } = await setUp(t, { archive });
  await app.inject(GOOD);
  t.strictSame(held, [`marche_public ${SIREN} ${SOURCE}`]);
});

t.test('the public is shown no document, nor that there is one', async (t) => {
  const document = { sha256: 'a'.repeat(64), taille: 10 };
  const view = publicViewOf(
    new Map([['qualibat_certification', askedFor({ ...fact('non_trouve'), document })]]),
    NOON_MS,
  );
  t.strictSame(view.get('qualibat_certification')?.outcome, fact('non_trouve'));
});

t.test('a store that does not answer is told as such: the document may well be there', async (t) => {
  const archive: Archive = {
    ...archiveOf(t, Date.now),
    read: async () => Promise.reject(new StoreAway('the S3 store does not answer GET: 503 SlowDown')),
  };
  const { app, told } = await setUp(t, { archive });
  const response = await app.inject(
    `/v1/dossiers/${SIRET}/documents/${SOURCE}/${'a'.repeat(64)}?usage=marche_public`,
  );
  t.equal(response.statusCode, 503);
  t.match(response.json(), { type: '/problemes/passerelle-indisponible', detail: /stockage des documents/ });
  t.ok(Number(response.headers['retry-after']) > 0);
  t.notMatch(response.body, /S3|SlowDown/);
  t.strictSame(
    told.filter(({ status }) => status === 200),
    [],
  );
});
