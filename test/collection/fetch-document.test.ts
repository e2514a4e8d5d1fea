import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { Agent } from 'undici';
import {
  createFetchDocument,
  DOCUMENT_MAX_BYTES,
  type FetchDocumentOptions,
} from '../../src/collection/fetch-document.ts';
import { publicLookup } from '../../src/collection/public-lookup.ts';
import { isWholePdf } from '../../src/documents/pdf.ts';
import type { DocumentDeclaration, Source } from '../../src/sources/source.ts';
import { pdfSaying } from '../helpers/archives.ts';
import { HOURLY } from '../helpers/asker.ts';
import {
  flood,
  hang,
  hangInBody,
  json,
  reset,
  resetInBody,
  type Script,
  startUpstream,
  trickle,
} from '../helpers/upstream.ts';

const PDF = pdfSaying('bonjour');
const LONG_MS = 5_000;
const SHORT_MS = 150;

function sends(body: Buffer, type = 'application/pdf', status = 200): Script {
  return (_request, response) => response.writeHead(status, { 'content-type': type }).end(body);
}

/** A source whose documents are on a server of the test's own, which does what the script says. */
async function setUp(
  t: Test,
  script: Script,
  {
    document = { hosts: [] } as DocumentDeclaration,
    ...more
  }: Partial<FetchDocumentOptions> & { document?: DocumentDeclaration } = {},
) {
  const upstream = await startUpstream(t, script);
  const agent = new Agent({
    connections: 2,
    connect: { lookup: publicLookup((name) => name === '127.0.0.1') },
  });
  t.teardown(() => agent.destroy());
  const fetch = createFetchDocument({
    dispatcherOf: () => agent,
    ownOrigin: upstream.url,
    takeDetour: async () => true,
    ...more,
  });
  const source = { ...HOURLY, document } as Source & { document: DocumentDeclaration };
  return {
    upstream,
    get: (link = `${upstream.url}/a.pdf`, timeoutMs = LONG_MS) => fetch(source, link, timeoutMs),
  };
}

t.test('a document comes as it is, without the token of the sources', async (t) => {
  const { get, upstream } = await setUp(t, sends(PDF));
  t.strictSame(await get(), PDF);
  t.equal(upstream.calls[0]?.headers.authorization, undefined);
  t.equal(upstream.calls[0]?.headers.cookie, undefined);
});

t.test('a type may have parameters, or tell nothing', async (t) => {
  t.strictSame(await (await setUp(t, sends(PDF, 'Application/PDF; charset=binary'))).get(), PDF);
  t.strictSame(await (await setUp(t, sends(PDF, 'application/octet-stream'))).get(), PDF);
});

t.test('what is called otherwise is not read', async (t) => {
  t.equal(await (await setUp(t, sends(PDF, 'text/html'))).get(), 'reponse_inattendue');
  t.equal(await (await setUp(t, (_, response) => response.end(PDF))).get(), 'reponse_inattendue');
});

t.test('a redirect is not followed, wherever it leads', async (t) => {
  const { get, upstream } = await setUp(t, ({ headers }, response) =>
    response
      .writeHead(302, { location: `http://${headers.host}/b.pdf`, 'content-type': 'application/pdf' })
      .end(),
  );
  t.equal(await get(), 'reponse_inattendue');
  t.equal(upstream.calls.length, 1);
});

t.test('a link that is dead is told apart: another may do', async (t) => {
  for (const status of [403, 404, 410]) {
    t.equal(await (await setUp(t, sends(PDF, 'text/plain', status))).get(), 'lien_mort', String(status));
  }
  t.equal(await (await setUp(t, sends(PDF, 'application/pdf', 500))).get(), 'reponse_inattendue');
});

t.test('a link that may not be followed is not: nothing is asked', async (t) => {
  const { get, upstream } = await setUp(t, sends(PDF));
  for (const link of [
    'http://169.254.169.254/latest/meta-data/',
    'https://documents.example/a.pdf',
    'rien',
  ]) {
    t.equal(await get(link), 'lien_refuse', link);
  }
  t.equal(upstream.calls.length, 0);
});

t.test('a declared machine whose name leads inside is not connected to', async (t) => {
  const inside = new Agent({
    connect: {
      lookup: publicLookup(
        () => false,
        (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
      ),
    },
  });
  t.teardown(() => inside.destroy());
  const { get, upstream } = await setUp(t, sends(PDF), {
    document: { hosts: ['documents.example'] },
    dispatcherOf: () => inside,
  });
  t.equal(await get('https://documents.example/a.pdf'), 'connexion_impossible');
  t.equal(await upstream.open(), 0);
});

t.test('a document without end is cut off at ten mebibytes', async (t) => {
  const endless: Script = (request, response) => {
    response.setHeader('content-type', 'application/pdf');
    flood(request, response);
  };
  const { get } = await setUp(t, endless);
  t.equal(await get(), 'trop_grand');
});

t.test('a document of just ten mebibytes is not', async (t) => {
  const largest = Buffer.alloc(DOCUMENT_MAX_BYTES, 'x');
  const { get } = await setUp(t, sends(largest));
  t.strictSame(await get(), largest);
});

t.test('a document that is compressed on its way is not unfolded', async (t) => {
  const folded = gzipSync(Buffer.alloc(5 * DOCUMENT_MAX_BYTES));
  const { get, upstream } = await setUp(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf', 'content-encoding': 'gzip' }).end(folded);
  });
  t.strictSame(await get(), folded);
  t.equal(upstream.calls[0]?.headers['accept-encoding'], undefined);
  t.notOk(isWholePdf(folded), 'and is then no PDF');
});

t.test('documents that come together have a bound together, which is free again afterwards', async (t) => {
  const half = Buffer.alloc(60_000, 'x');
  const { get } = await setUp(t, sends(half), { maxBytesUnderWay: 100_000 });
  const results = await Promise.all([get(), get()]);
  t.ok(results.includes('memoire_occupee') || results.every((one) => Buffer.isBuffer(one)));
  for (let i = 0; i < 5; i++) t.strictSame(await get(), half);
  const { get: getMore } = await setUp(t, sends(half), { maxBytesUnderWay: 50_000 });
  t.equal(await getMore(), 'memoire_occupee');
  t.equal(await getMore(), 'memoire_occupee');
});

t.test('one time covers the connection, the head and the body', async (t) => {
  const typed =
    (script: Script): Script =>
    (request, response) => {
      response.setHeader('content-type', 'application/pdf');
      script(request, response);
    };
  for (const script of [hang, hangInBody, trickle]) {
    const { get } = await setUp(t, typed(script));
    const startedMs = performance.now();
    const result = await get(undefined, SHORT_MS);
    t.ok(
      result === 'delai_depasse' || (script === hangInBody && result === 'reponse_inattendue'),
      String(result),
    );
    t.ok(performance.now() - startedMs < LONG_MS);
  }
});

t.test('a connection that breaks costs the document', async (t) => {
  t.equal(await (await setUp(t, reset)).get(), 'connexion_impossible');
  const breaking: Script = (request, response) => {
    response.setHeader('content-type', 'application/pdf');
    resetInBody(request, response);
  };
  t.equal(await (await setUp(t, breaking)).get(), 'connexion_impossible');
});

const DETOUR: DocumentDeclaration = { hosts: [], detour: { quota: 'document' } };

function detour(to: (host: string) => string): Script {
  return (request, response) => {
    if (request.url === '/file.pdf') return sends(PDF)(request, response);
    return json(200, { data: { document_url: to(request.headers.host ?? ''), expires_in: 86_400 } })(
      request,
      response,
    );
  };
}

t.test('a link that gives another one, in JSON, is followed to the document', async (t) => {
  const buckets: string[] = [];
  const { get } = await setUp(
    t,
    detour((host) => `http://${host}/file.pdf`),
    {
      document: DETOUR,
      takeDetour: async (bucket) => buckets.push(bucket) > 0,
    },
  );
  t.strictSame(await get(), PDF);
  t.strictSame(buckets, ['document']);
});

t.test('the link that a detour gives is looked at like any other', async (t) => {
  const { get, upstream } = await setUp(
    t,
    detour(() => 'http://169.254.169.254/'),
    { document: DETOUR },
  );
  t.equal(await get(), 'lien_refuse');
  t.equal(upstream.calls.length, 1);
});

t.test('a detour is not taken when its quota is spent', async (t) => {
  const { get, upstream } = await setUp(
    t,
    detour(() => ''),
    { document: DETOUR, takeDetour: async () => false },
  );
  t.equal(await get(), 'quota_epuise');
  t.equal(upstream.calls.length, 0);
});

t.test('a detour that leads to no link leads to no document', async (t) => {
  for (const body of ['{', '{"data":{}}', '[]', '"http://169.254.169.254/"']) {
    const { get } = await setUp(t, json(200, body), { document: DETOUR });
    t.equal(await get(), 'reponse_inattendue', body);
  }
  const dead = await setUp(t, json(410, { errors: [] }), { document: DETOUR });
  t.equal(await dead.get(), 'lien_mort');
});
