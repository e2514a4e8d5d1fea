import t from 'tap';
import { DOCUMENT } from '../../src/sandbox/answer.ts';
import { pdfOf } from '../../src/sandbox/document-pdf.ts';
import { codesOf, SIREN, SIRET, startSandbox, traced, VIGILANCE } from './start-sandbox.ts';

const CIBTP = `/v3/cibtp/etablissements/${SIRET}/attestation_cotisations_conges_payes_chomage_intemperies`;
const RNE = traced(`/v3/inpi/rne/unites_legales/${SIREN}/extrait_rne`);
const NO_TOKEN = { token: null };

await t.test('a document is a link that gives a PDF to whoever has it', async (t) => {
  const { get, url } = await startSandbox(t);
  const link = (await get(VIGILANCE)).json.data.document_url;
  t.match(link, /\/documents\/[0-9a-f]{8}-[0-9a-f-]{27}\.pdf$/);
  t.ok(link.startsWith(url));
  const pdf = await get(link, NO_TOKEN);
  t.equal(pdf.status, 200);
  t.equal(pdf.headers['content-type'], 'application/pdf');
  t.match(pdf.text, /^%PDF-1\.[0-9]/);
  t.match(pdf.text, /%%EOF\s*$/);
  t.equal((await get(`${url}/documents/00000000-0000-4000-8000-000000000000.pdf`)).status, 404);
});

await t.test('each document of an answer has a link of its own, at any depth', async (t) => {
  const data = [{ data: { url: DOCUMENT } }, { data: { deep: [DOCUMENT], text: `not "${DOCUMENT}" here` } }];
  const { get } = await startSandbox(t, {
    answerQuestion: () => ({ status: 200, body: { data, links: {}, meta: {} } }),
  });
  const { json } = await get(traced(`/v3/qualifelec/etablissements/${SIRET}/certificats`));
  const [first, second] = [json.data[0].data.url, json.data[1].data.deep[0]];
  t.not(first, second);
  t.equal(json.data[1].data.text, `not "${DOCUMENT}" here`);
  for (const link of [first, second]) t.equal((await get(link, NO_TOKEN)).status, 200);
});

await t.test('a link dies after a day, that of CIBTP after ten minutes', async (t) => {
  const { get, clock } = await startSandbox(t);
  const vigilance = (await get(VIGILANCE)).json.data.document_url;
  const cibtp = (await get(traced(CIBTP))).json.data.document_url;
  clock.nowMs += 599_999;
  t.equal((await get(cibtp)).status, 200);
  clock.nowMs += 1;
  t.equal((await get(cibtp)).status, 404);
  t.equal((await get(vigilance)).status, 200);
  clock.nowMs += 86_400_000 - 600_000;
  t.equal((await get(vigilance)).status, 404);
});

await t.test('a kept answer may hold the link of a document already dead', async (t) => {
  const { get, clock } = await startSandbox(t);
  // 00:30 in Paris: the answer is kept until 08:00 on the next day, the file for 24 hours.
  clock.nowMs = Date.parse('2026-11-22T23:30:00Z');
  const link = (await get(VIGILANCE)).json.data.document_url;
  clock.nowMs += 25 * 3_600_000;
  const kept = await get(VIGILANCE);
  t.equal(kept.headers['x-response-cached'], 'true');
  t.equal(kept.json.data.document_url, link);
  t.equal((await get(link)).status, 404);
});

await t.test('a link of INPI leads to another link by way of JSON, for an hour', async (t) => {
  const { get, clock } = await startSandbox(t);
  const link = (await get(RNE)).json.data.document_url;
  t.match(link, /\/proxy\/inpi\/download\/[0-9a-f-]{36}$/);
  const detour = await get(link, NO_TOKEN);
  t.match(detour.json, { data: { document_url: /\/proxy\/files\/[0-9a-f-]{36}$/, expires_in: 86_400 } });
  t.match((await get(detour.json.data.document_url, NO_TOKEN)).text, /^%PDF/);
  clock.nowMs += 3_600_000;
  const expired = await get(link, NO_TOKEN);
  t.equal(expired.status, 410);
  t.same(codesOf(expired), ['00403']);
  t.equal((await get(detour.json.data.document_url)).status, 200, 'the file outlives it');
  clock.nowMs += 86_400_000;
  t.equal((await get(detour.json.data.document_url)).status, 404);
});

await t.test('downloads by way of the hub are limited to 50 a minute', async (t) => {
  const { get, url } = await startSandbox(t);
  const missing = '00000000-0000-4000-8000-000000000000';
  for (const path of [`/proxy/files/${missing}`, `/proxy/inpi/download/${missing}`]) {
    for (let call = 1; call <= 50; call++) t.equal((await get(url + path)).status, 404);
    t.equal((await get(url + path)).status, 429);
  }
});

await t.test('links start where the public sees the server', async (t) => {
  const { get } = await startSandbox(t, { publicUrl: 'https://bac.example/' });
  t.match((await get(VIGILANCE)).json.data.document_url, /^https:\/\/bac\.example\/documents\//);
});

await t.test('a PDF says its title, its company and its lines, and that it proves nothing', async (t) => {
  const said = textOf(await pdfOf({ title: 'Attestation', company: 'Été SA', lines: ['A: 1', 'B: 2'] }, 0));
  for (const piece of ['Attestation', 'Été SA', 'A: 1', 'B: 2', 'fictif']) t.ok(said.includes(piece), piece);
});

await t.test('a PDF is made whatever characters its words hold', async (t) => {
  const document = { title: 'Œuvre ✓ 漢字 \u0000', company: '', lines: ['', 'x'.repeat(5_000)] };
  t.match((await pdfOf(document, 0)).toString('latin1'), /^%PDF/);
});

/** The words of a PDF, read off the hexadecimal strings of its streams. */
function textOf(pdf: Buffer): string {
  const streams = pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g);
  const content = [...streams].map(([, stream = '']) => stream).join('');
  return [...content.matchAll(/<([0-9a-f]+)>/g)]
    .map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))
    .join('');
}

await t.test('a fault of the documents befalls them, and nothing else does', async (t) => {
  const { get, stage } = await startSandbox(t);
  const { data } = (await get(VIGILANCE)).json;
  const whole = await get(data.document_url, NO_TOKEN);
  await stage('*', { failure: 'html' });
  t.equal((await get(data.document_url, NO_TOKEN)).status, 200, 'those of all endpoints spare them');
  await stage('*', {});
  await stage('documents', { failure: 'cut-off' });
  t.equal((await get(VIGILANCE)).json.data.document_url, data.document_url);
  const cut = await get(data.document_url, NO_TOKEN);
  t.equal(cut.text.length, Math.floor(whole.text.length / 2));
  await stage('documents', { failure: 'redirect' });
  t.equal((await get(data.document_url, NO_TOKEN)).status, 302);
});

await t.test('a link can be made to lead to nothing, to another machine, or inside', async (t) => {
  const { get, stage, url } = await startSandbox(t);
  const linkWith = async (failure: string) => {
    await stage('urssaf_attestation_vigilance', { failure });
    return (await get(VIGILANCE)).json.data.document_url;
  };
  const dead = await linkWith('dead-link');
  t.ok(dead.startsWith(`${url}/documents/`));
  t.equal((await get(dead, NO_TOKEN)).status, 404);
  t.equal(await linkWith('link-elsewhere'), 'https://documents.example/attestation.pdf');
  t.equal(await linkWith('link-to-metadata'), 'http://169.254.169.254/latest/meta-data/');
});
