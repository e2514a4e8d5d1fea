import t, { type Test } from 'tap';
import { Pool } from 'undici';
import { StoreAway } from '../../src/documents/files.ts';
import { type Bucket, createCallBucket, originOf } from '../../src/documents/s3-bucket.ts';
import { away } from '../helpers/away.ts';
import { callerOf, startCeph } from '../helpers/ceph-server.ts';
import {
  flood,
  hang,
  hangInBody,
  reset,
  resetInBody,
  type Script,
  startUpstream,
  trickle,
} from '../helpers/upstream.ts';

t.setTimeout(120_000);

const ceph = await startCeph(t);
const BUCKET: Omit<Bucket, 'endpoint'> = {
  name: 'documents',
  region: 'fr-par',
  accessKey: 'cle',
  secretKey: 'M4rqu3-du-secret',
  addressing: 'path',
};
const GET = { method: 'GET', key: 'contenus/a' } as const;
const MEBIBYTE = 1024 * 1024;

/** A store of the test's own that answers as its scripts say, one a call; the last one goes on. */
async function scripted(t: Test, scripts: Script[], options: { timeoutMs?: number; restMs?: number } = {}) {
  let calls = 0;
  const upstream = await startUpstream(t, (...call) => {
    request(...call);
    scripts[Math.min(calls++, scripts.length - 1)]?.(...call);
  });
  const request: Script = (incoming) => void incoming.resume();
  return { ...upstream, call: callerOf(t, { ...BUCKET, endpoint: upstream.url }, options) };
}

function answering(status: number, body = '', headers: Record<string, string> = {}): Script {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

const refusal = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

t.test('a wrong secret, an unknown key and a bucket that is not there are refused', async (t) => {
  const bucket = await ceph.makeBucket();
  const call = callerOf(t, bucket);
  await call({ method: 'PUT', key: GET.key, body: Buffer.from('bonjour') });
  t.match(await call(GET), { status: 200, body: Buffer.from('bonjour') });
  for (const [wrong, code] of [
    [{ secretKey: 'M4rqu3-du-secret' }, '403 SignatureDoesNotMatch'],
    [{ accessKey: 'inconnue' }, '403 InvalidAccessKeyId'],
    [{ name: 'absent' }, '404 NoSuchBucket'],
  ] as const) {
    for (const one of [GET, { method: 'PUT', key: 'contenus/b', body: Buffer.from('b') }] as const) {
      const refused = callerOf(t, { ...bucket, ...wrong })(one);
      await away(t, refused, `the S3 store refuses ${one.method}: ${code}`);
    }
  }
  t.match(await call({ method: 'HEAD', key: 'contenus/b' }), { status: 404 }, 'nothing was written');
});

t.test('bytes that change on their way to the store are refused by it', async (t) => {
  const bucket = await ceph.makeBucket();
  const pool = new Pool(originOf(bucket));
  t.teardown(() => pool.destroy());
  const altering = pool.compose((dispatch) => (options, handler) => {
    const body = options.method === 'PUT' ? Buffer.from('bOnjour') : options.body;
    return dispatch({ ...options, body: body ?? null }, handler);
  });
  const call = createCallBucket({ bucket, dispatcher: altering });
  await away(t, call({ method: 'PUT', key: GET.key, body: Buffer.from('bonjour') }), /S3 store/);
  t.match(await call(GET), { status: 404 });
});

t.test('a bucket may be named before the machine', async (t) => {
  const bucket = await ceph.makeBucket();
  const named: Bucket = {
    ...bucket,
    addressing: 'host',
    endpoint: bucket.endpoint.replace('127.0.0.1', 's3.test'),
  };
  t.equal(originOf(named), named.endpoint.replace('//', `//${bucket.name}.`));
  const connect = {
    lookup: (_: string, __: object, back: (...found: unknown[]) => void) => back(null, HERE),
  };
  const pool = new Pool(originOf(named), { connect: connect as never });
  t.teardown(() => pool.destroy());
  await createCallBucket({ bucket: named, dispatcher: pool })({
    method: 'PUT',
    key: GET.key,
    body: Buffer.from('a'),
  });
  t.match(await callerOf(t, bucket)(GET), { status: 200, body: Buffer.from('a') });
});
const HERE = [{ address: '127.0.0.1', family: 4 }];

for (const [what, fault] of Object.entries<Script>({
  'is told to come back later': answering(503, refusal('SlowDown')),
  'is cut off': reset,
  'is cut off in the middle of an answer': resetInBody,
})) {
  t.test(`a call that ${what} is made again, three times at the most`, async (t) => {
    const recovering = await scripted(t, [fault, fault, answering(200, 'bonjour')]);
    t.match(await recovering.call(GET), { status: 200, body: Buffer.from('bonjour') });
    t.equal(recovering.calls.length, 3);
    const failing = await scripted(t, [fault]);
    await away(t, failing.call(GET), /S3 store/);
    t.equal(failing.calls.length, 3);
  });
}

for (const [what, fault] of Object.entries<Script>({
  'never answers': hang,
  'never ends its answer': hangInBody,
  'gives its answer byte by byte': trickle,
})) {
  t.test(`a store that ${what} is given one time for all tries`, async (t) => {
    const { call, calls } = await scripted(t, [fault], { timeoutMs: 300 });
    const startedMs = performance.now();
    await away(t, call(GET), 'the S3 store does not answer GET: nothing within 300 ms');
    t.ok(performance.now() - startedMs < 10_000);
    t.equal(calls.length, 1);
  });
}

t.test('an answer that is longer than allowed is left where it is', async (t) => {
  const { call, open } = await scripted(t, [flood]);
  t.match(await call({ ...GET, maxBytes: MEBIBYTE }), { status: 200, body: null });
  t.ok((await open()) <= 1);
});

t.test('a refusal or a redirection is not tried again, nor followed', async (t) => {
  const elsewhere = await scripted(t, [answering(200, 'ailleurs')]);
  for (const [status, code] of [
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
    [403, 'RequestTimeTooSkewed'],
    [404, 'NoSuchBucket'],
  ] as const) {
    const { call, calls } = await scripted(t, [
      answering(status, refusal(code), { location: elsewhere.url }),
    ]);
    await away(t, call(GET), `the S3 store refuses GET: ${status} ${code}`);
    t.equal(calls.length, 1, code);
  }
  t.strictSame(elsewhere.calls, []);
});

t.test('a store that failed three times in a row is left alone for a while, then asked again', async (t) => {
  const restMs = 400;
  const { call, calls } = await scripted(t, [...Array(9).fill(answering(503)), answering(200)], { restMs });
  for (let i = 0; i < 3; i++) await t.rejects(call(GET), /503/);
  const restsFromMs = performance.now();
  const calledBefore = calls.length;
  await away(t, call(GET), 'the S3 store failed a moment ago');
  t.equal(calls.length, calledBefore, 'it was not called');
  for (;;) {
    const answer = await call(GET).catch(() => null);
    if (answer) break;
    if (performance.now() - restsFromMs > 30_000) return t.fail('it is left alone for ever');
    await new Promise(setImmediate);
  }
  t.ok(performance.now() - restsFromMs >= restMs - 50);
});

t.test('a store that refuses is not one that is left alone', async (t) => {
  const { call, calls } = await scripted(t, [answering(403)]);
  for (let i = 0; i < 5; i++) await away(t, call(GET), /S3 store/);
  t.equal(calls.length, 5);
});

t.test('what waits to be stored takes no more than a bounded memory', async (t) => {
  const { call } = await scripted(t, [hang], { timeoutMs: 2_000, restMs: 0 });
  const body = Buffer.alloc(16 * MEBIBYTE);
  const put = () => call({ method: 'PUT', key: 'contenus/a', body });
  const waiting = Promise.allSettled([put(), put(), put(), put()]);
  await away(t, put(), 'too much waits for the S3 store');
  await waiting;
  await away(t, put(), /nothing within/, 'what failed gives its place');
});

t.test('neither the secret nor the name of what is asked is in what is told', async (t) => {
  for (const fault of [hang, reset, answering(503), answering(403, refusal('AccessDenied'))]) {
    const { call } = await scripted(t, [fault], { timeoutMs: 200 });
    const error = (await call(GET).catch((error) => error)) as Error;
    t.type(error, StoreAway);
    t.notMatch(`${error.stack} ${JSON.stringify(error)}`, /M4rqu3|contenus\/a/);
  }
});
