import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT, SIRET } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';
import { bearerFor } from '../helpers/tokens.ts';

/** What each source takes: long enough for a process to go in the middle of it. */
const SLOW_MS = 3_000;
const ENDS_MS = 60_000;

const [postgres, administrations] = await Promise.all([startPostgres(t), startAdministrations(t)]);
const DATA_DIR = emptyFolder(t);
const env = { ...administrations.env, DATABASE_URL: postgres.url, DATA_DIR };
const leaving = await startGateway(t, env);

await t.test(
  'on Postgres, a candidature is handed over by a process that stops, and ends at another',
  async (t) => {
    await administrations.setFault('*', { latencyMs: SLOW_MS });
    const headers = { ...bearerFor(leaving.tokens, '/'), 'content-type': 'application/json' };
    const membres = [{ siret: siretNumber(1), role: 'cotraitant' }];
    const body = JSON.stringify({ siret: SIRET, object: 'REPRISE', recipient: RECIPIENT, membres });
    const posted = await fetch(`${leaving.url}/v1/candidatures`, { method: 'POST', headers, body });
    t.equal(posted.status, 202);
    await until(async () => Object.keys(await administrations.calls()).length > 0, ENDS_MS);
    leaving.process.kill('SIGTERM');
    t.equal(await exitOf(leaving.process), 0);
    await administrations.clearFaults();
    const heir = await startGateway(t, env);
    const startedMs = Date.now();
    let data = { statut: '', entreprises: [] as { statut: string }[] };
    await until(async () => {
      const path = `${heir.url}${posted.headers.get('location')}`;
      const read = await fetch(path, { headers: bearerFor(heir.tokens, '/') });
      data = JSON.parse(await read.text()).data;
      return data?.statut === 'terminee';
    }, ENDS_MS);
    t.comment(`ended ${Date.now() - startedMs} ms after the other was there`);
    t.strictSame(
      data.entreprises.map(({ statut }) => statut),
      ['complet', 'complet'],
    );
  },
);
