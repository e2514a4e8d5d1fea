import t, { type Test } from 'tap';
import { refusal } from '../../src/access/refusal.ts';
import type { Witnessed } from '../../src/access/witness.ts';
import type { AppOptions } from '../../src/app.ts';
import type { Collecting } from '../../src/collection/collect.ts';
import type { Archive } from '../../src/documents/archive.ts';
import { StoreAway } from '../../src/documents/files.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { accessOf, build, collectOf, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';
import { archiveOf, pdfSaying } from '../helpers/archives.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { filesIn } from '../helpers/zips.ts';

const SIREN = SIRET.slice(0, 9);
const ZIP = GOOD.replace('?', '/documents.zip?');
const FISCAL = pdfSaying('fiscale');
const CARD = pdfSaying('carte');
const FISCAL_NAME = `documents/DGFiP - Attestation fiscale - ${SIREN}.pdf`;
const CARD_NAME = `documents/FNTP - Carte professionnelle travaux publics - ${SIREN}.pdf`;

/** An application whose two sources gave documents. */
async function setUp(t: Test, over: Partial<Archive> = {}, parts: Partial<AppOptions> = {}) {
  const told: Witnessed[] = [];
  const asked: Collecting[] = [];
  const archive = archiveOf(t, Date.now);
  const fiscal = await archive.keep(SIREN, 'dgfip_attestation_fiscale', FISCAL);
  const card = await archive.keep(SIREN, 'fntp_carte_professionnelle', CARD);
  const collect = collectOf({
    dgfip_attestation_fiscale: {
      ...fact('obtenu', { date_delivrance: null, date_periode_analysee: null }),
      document: fiscal,
    },
    fntp_carte_professionnelle: { ...fact('obtenu', { carte_professionnelle: true }), document: card },
  });
  const app = await build(
    t,
    (collecting) => {
      asked.push(collecting);
      return collect(collecting);
    },
    [],
    {
      archive: { ...archive, ...over },
      witness: (witnessed, leave) => {
        told.push(witnessed);
        leave(true);
      },
      ...parts,
    },
  );
  return { app, asked, told };
}

t.test('the archive holds the dossier and every document that its pieces name', async (t) => {
  const { app, told } = await setUp(t);
  const dossier = await app.inject(GOOD);
  const response = await app.inject(ZIP);
  t.equal(response.statusCode, 200);
  t.match(response.headers, {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="Dossier ${SIRET}.zip"; filename*=UTF-8''Dossier%20${SIRET}.zip`,
    'cache-control': 'private, no-store',
    'content-security-policy': /^sandbox;/,
    'x-content-type-options': 'nosniff',
  });
  const files = await filesIn(response.rawPayload);
  t.strictSame([...files.keys()], ['dossier.json', FISCAL_NAME, CARD_NAME]);
  t.strictSame(files.get('dossier.json'), dossier.rawPayload);
  t.strictSame(files.get(FISCAL_NAME), FISCAL);
  t.strictSame(files.get(CARD_NAME), CARD);
  t.match(told.at(-1), {
    route: '/v1/dossiers/:siret/documents.zip',
    status: 200,
    digest: dossier.headers.etag,
    asked: { siret: SIRET, object: '2026-001' },
  });
  t.ok(told.at(-1)?.kept.includes('fntp_carte_professionnelle'));
});

t.test('the same kept answers always give the same bytes', async (t) => {
  const { app, asked } = await setUp(t);
  const first = await app.inject(ZIP);
  await app.inject(GOOD);
  const askedBefore = asked.length;
  const second = await app.inject(ZIP);
  t.strictSame(second.rawPayload, first.rawPayload);
  t.equal(asked.length, askedBefore, 'a dossier that is kept is not constituted again');
});

t.test('documents are read one after the other, as the archive is sent', async (t) => {
  let reading = 0;
  let most = 0;
  const { app } = await setUp(t, {
    has: async () => true,
    async read() {
      most = Math.max(most, ++reading);
      await new Promise(setImmediate);
      reading--;
      return CARD;
    },
  });
  t.equal((await filesIn((await app.inject(ZIP)).rawPayload)).size, 3);
  t.equal(most, 1);
});

t.test('a document that is no longer kept is named in the archive', async (t) => {
  const { app } = await setUp(t, { has: async ({ source }) => source !== 'fntp_carte_professionnelle' });
  const files = await filesIn((await app.inject(ZIP)).rawPayload);
  t.strictSame([...files.keys()], ['dossier.json', FISCAL_NAME, 'documents-manquants.txt']);
  t.match(String(files.get('documents-manquants.txt')), /Carte professionnelle travaux publics/);
});

t.test('a document whose store does not answer is named in the archive, with that reason', async (t) => {
  const { app } = await setUp(t, {
    async has({ source }) {
      if (source === 'fntp_carte_professionnelle') return false;
      throw new StoreAway('nothing within 4000 ms');
    },
  });
  const response = await app.inject(ZIP);
  t.equal(response.statusCode, 200);
  const files = await filesIn(response.rawPayload);
  t.strictSame([...files.keys()], ['dossier.json', 'documents-manquants.txt']);
  const [gone = '', away = ''] = String(files.get('documents-manquants.txt')).split('\n\nDocuments ');
  t.match(gone, /ne conserve plus.+Carte professionnelle/s);
  t.match(away, /stockage ne répond pas.+Attestation fiscale/s);
});

t.test('a bug in what keeps documents is no store that is away', async (t) => {
  const { app } = await setUp(t, { has: async () => Promise.reject(new TypeError('a bug')) });
  t.equal((await app.inject(ZIP)).statusCode, 500);
});

t.test('an archive that cannot be written to its end does not look as if it were whole', async (t) => {
  const { app } = await setUp(t, { read: async () => null });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = app.listeningOrigin + ZIP;
  const response = await fetch(url, { headers: bearerAt(url) as Record<string, string> });
  await t.rejects(response.arrayBuffer());
});

t.test('an archive under way ends before its next document once the habilitation is revoked', async (t) => {
  const { access, tokens } = await accessOf(t, () => NOON_MS);
  let isRevoked = false;
  let read = 0;
  const gate = {
    ...access.gate,
    refusalNow: async () => (isRevoked ? refusal('habilitation_revoquee') : null),
  };
  const over: Partial<Archive> = {
    has: async () => true,
    async read() {
      read++;
      isRevoked = true;
      return CARD;
    },
  };
  const { app, told } = await setUp(t, over, { access: { ...access, gate } });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })) + ZIP;
  const headers = { authorization: `Bearer ${tokens.marche_public}` };
  const response = await fetch(url, { headers });
  t.equal(response.status, 200);
  await t.rejects(response.arrayBuffer(), 'the reader sees that it is not whole');
  t.equal(read, 1, 'the second document is not even read');
  t.match(told.at(-1), {
    route: '/v1/dossiers/:siret/documents.zip',
    reason: 'habilitation_revoquee',
    asked: { siret: SIRET },
  });
});

t.test('what a dossier is refused for, its archive is refused for', async (t) => {
  const { access, tokens } = await accessOf(t, () => NOON_MS);
  const app = await build(t, collectOf({}), [], { access });
  const statusFor = async (name: string | null, url = ZIP) => {
    const authorization = name === null ? '' : `Bearer ${tokens[name]}`;
    return (await app.inject({ url, headers: { authorization } })).statusCode;
  };
  t.equal(await statusFor(null), 401);
  for (const other of ['public', 'entreprise', 'socle']) t.equal(await statusFor(other), 403, other);
  t.equal(await statusFor('marche_public', ZIP.replace(RECIPIENT, '35600000000048')), 403);
  t.equal(await statusFor('marche_public', `/v1/dossiers/${SIRET}/documents.zip?usage=marche_public`), 422);
  t.equal(await statusFor('marche_public'), 404, 'no source knows the company');
});

t.test('an archive that is not accounted for does not leave', async (t) => {
  const app = await build(t, collectOf({ msa_conformite_cotisations: fact('obtenu') }), [], {
    witness: (_, leave) => leave(false),
  });
  t.equal((await app.inject(ZIP)).statusCode, 503);
});
