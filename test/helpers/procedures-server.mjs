import { createServer } from 'node:http';
import { DESCRIPTOR, kept } from './procedure.mjs';

/** The public addresses of Démarche numérique for prefilled files, with procedures that misbehave by their number. */
const KNOWN = 1;
const server = createServer((request, response) => {
  const [, number] = /^\/api\/public\/v1\/demarches\/(\d+)\/dossiers$/.exec(request.url) ?? [];
  const answer = (status, body) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(body));
  if (request.url === '/preremplir/aide/schema') return answer(200, DESCRIPTOR);
  const origin = `http://127.0.0.1:${server.address().port}`;
  const made = (from) => ({
    dossier_url: `${from}/commencer/aide?prefill_token=secret`,
    state: 'prefilled',
    dossier_id: 'RG9zc2llci0x',
    dossier_number: 123,
    dossier_prefill_token: 'secret',
  });
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const type = request.headers['content-type'];
    const body = Buffer.concat(chunks).toString();
    const taken = Number(number) === KNOWN ? kept(JSON.parse(body)) : null;
    process.stdout.write(`${JSON.stringify({ type, body, kept: taken })}\n`);
    if (type !== 'application/json') return answer(400, { error: 'Content-Type' });
    switch (Number(number)) {
      case KNOWN:
        return answer(201, made(origin));
      case 2:
        return answer(201, made('https://ailleurs.example'));
      case 3:
        return undefined;
      case 4:
        return response.writeHead(201).end('x'.repeat(100_000));
      case 5:
        return answer(400, { error: 'refus' });
      case 6:
        return response.socket.destroy();
      default:
        return answer(404, { error: 'inconnue' });
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
