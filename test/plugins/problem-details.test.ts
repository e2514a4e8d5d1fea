import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { build, collectOf, GOOD, SIRET } from '../helpers/app.ts';

t.test('an unknown route is a problem too, whatever the method', async (t) => {
  const app = await build(t, collectOf({}));
  for (const [method, url] of [
    ['GET', '/nulle-part'],
    ['POST', GOOD],
    ['DELETE', '/livez'],
  ] as const) {
    const response = await app.inject({ method, url });
    t.equal(response.statusCode, 404, `${method} ${url}`);
    const detail = `Rien n'y répond à ${method} : les adresses, et ce qui y répond, sont décrites sur /docs.`;
    t.match(response.json(), { type: '/problemes/route-inconnue', title: String, detail });
  }
});

t.test('a body that is no JSON, or of a type that is not read, is refused as a problem', async (t) => {
  const app = await build(t, collectOf({}));
  app.post('/echo', { config: { access: 'open' } }, async () => ({}));
  const post = (contentType: string, payload: string) =>
    app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': contentType }, payload });
  t.match((await post('application/json', '{')).json(), {
    status: 400,
    type: '/problemes/requete-mal-formee',
    detail: /^Le corps/,
  });
  for (const type of ['text/csv', 'text/plain']) {
    t.match((await post(type, '{}')).json(), {
      status: 415,
      type: '/problemes/type-de-contenu-refuse',
      detail: 'Envoyez « Content-Type: application/json ».',
    });
  }
  const huge = JSON.stringify('x'.repeat(2 * 1024 * 1024));
  t.match((await post('application/json', huge)).json(), {
    status: 413,
    type: '/problemes/corps-trop-grand',
    detail: 'Envoyez 1024 Kio au plus.',
  });
});

t.test('an address that cannot be decoded is a problem, not a crash', async (t) => {
  const app = await build(t, collectOf({}));
  const response = await app.inject('/v1/dossiers/%E0%A4%A');
  t.equal(response.statusCode, 400);
  t.match(response.json(), { type: '/problemes/requete-mal-formee' });
});

t.test('a bug is a 500 whose cause is in the log and nothing in the body', async (t) => {
  const lines: { err?: { message: string } }[] = [];
  const app = await build(t, async () => Promise.reject(new Error('secret of the house')), lines);
  const response = await app.inject(GOOD);
  t.equal(response.statusCode, 500);
  t.notMatch(response.body, /secret/);
  t.match(response.json(), { type: '/problemes/erreur-interne', instance: response.headers['x-request-id'] });
  t.ok(lines.some(({ err }) => err?.message === 'secret of the house'));
});

t.test('the log names no company, no token and no procedure', async (t) => {
  const lines: object[] = [];
  const app = await build(t, collectOf({}), lines);
  await app.inject({ url: GOOD, headers: { authorization: 'Bearer very-secret' } });
  const log = JSON.stringify(lines);
  t.match(log, '/v1/dossiers/:siret');
  for (const secret of [SIRET, SIRET.slice(0, 9), 'very-secret', '2026-001']) t.notMatch(log, secret);
});

t.test('what is not HTTP gets a problem on the socket, and the process lives on', async (t) => {
  const app = await build(t, collectOf({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const say = async (words: string) => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(words);
    return text(socket);
  };
  t.match(await say('BONJOUR\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*requete-mal-formee/);
  t.match(
    await say(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 [\s\S]*en-tetes/,
  );
  t.match(
    await say('GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 400 [\s\S]*requete-mal-formee/,
  );
  t.match(
    await say('GET /livez HTTP/1.1\r\nHost: a\r\nExpect: le meilleur\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200/,
  );
  t.equal((await app.inject('/livez')).statusCode, 200);
});
