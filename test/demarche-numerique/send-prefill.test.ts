import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import t from 'tap';
import { Pool } from 'undici';
import { createSendPrefill } from '../../src/demarche-numerique/send-prefill.ts';

const SERVER = new URL('../helpers/procedures-server.mjs', import.meta.url);
const CORPS = { champ_Q2hhbXAtMjI: 'ATELIER', champ_Q2hhbXAtMjM: ['PME'] };

/** The service is a process of its own, which tells what it receives. */
const child = spawn(process.execPath, [SERVER.pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
t.teardown(() => void child.kill());
const lines = createInterface({ input: child.stdout });
const [port] = await once(lines, 'line');
const origin = `http://127.0.0.1:${port}`;
const dispatcher = new Pool(origin, { connections: 2 });
t.teardown(() => dispatcher.destroy());
const send = createSendPrefill({ dispatcher, origin, timeoutMs: 1_000 });

t.test('a body is sent as the service wants it, and its file is given back', async (t) => {
  const received = once(lines, 'line');
  t.strictSame(await send(1, CORPS), {
    numero: 123,
    adresse: `${origin}/commencer/aide?prefill_token=secret`,
  });
  const { type, body } = JSON.parse(String((await received)[0]));
  t.equal(type, 'application/json', 'to the letter');
  t.strictSame(JSON.parse(body), CORPS);
});

t.test('whatever else the service does is told, and nothing is sent again', async (t) => {
  let received = 0;
  lines.on('line', () => received++);
  t.equal(await send(404, CORPS), 'demarche_inconnue');
  t.equal(await send(5, CORPS), 'refus_du_service');
  t.equal(await send(2, CORPS), 'reponse_inattendue', 'an address elsewhere is given to nobody');
  t.equal(await send(4, CORPS), 'reponse_inattendue', 'a flood is cut off');
  t.equal(await send(3, CORPS), 'sans_reponse', 'a service that hangs');
  t.equal(await send(6, CORPS), 'sans_reponse', 'a connection that breaks');
  t.equal(received, 6);
});

t.test('a service that is not there is a value too', async (t) => {
  const nowhere = new Pool('http://127.0.0.1:1');
  t.teardown(() => nowhere.destroy());
  const away = createSendPrefill({ dispatcher: nowhere, origin: 'http://127.0.0.1:1' });
  t.equal(await away(1, CORPS), 'sans_reponse');
});
