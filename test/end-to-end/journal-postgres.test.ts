import { Client } from 'pg';
import t from 'tap';
import { openChainArchive } from '../../src/journal/open-chains.ts';
import { createCheckSignature, createSigner } from '../../src/journal/signing.ts';
import { seedIn } from '../../src/journal/signing-key.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { findingsIn } from '../journal/journals.ts';

const AWAY_MS = 10_000;
const CALLERS = 10;
/** A commit is waited for 2 s, a statement 6 s; then it is tried every half second. */
const RECOVERY_MS = 15_000;
const PATH = '/v1/dossiers/00001140300029?usage=socle&object=2026-001&recipient=13002526500013';

t.test(
  'Postgres away for ten seconds under load: no data without its line, and recovery by itself',
  async (t) => {
    const [administrations, postgres] = await Promise.all([startAdministrations(t), startPostgres(t)]);
    const DATA_DIR = emptyFolder(t);
    const place = { DATABASE_URL: postgres.url, DATA_DIR };
    const gateway = await startGateway(t, { ...administrations.env, ...place });
    const statuses = new Map<number, number>();
    const answered: string[] = [];
    /** Answers to what was asked while it was known that nothing can be recorded. */
    const unrecordable: string[] = [];
    let isAway = false;
    let isOver = false;
    const ask = async (id: string) => {
      const response = await fetch(gateway.url + PATH, {
        headers: { ...bearerAt(gateway.url + PATH), 'x-request-id': id, prefer: 'wait=20' },
      });
      await response.text();
      return response.status;
    };
    t.equal(await ask('premiere-requete'), 200);
    const isReady = async () => (await fetch(`${gateway.url}/readyz`)).ok;
    let asked = 0;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!isOver) {
        const id = `requete-${++asked}`;
        const isAskedAway = isAway;
        const status = await ask(id);
        if (isAskedAway && isAway && status === 200) unrecordable.push(id);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 200) answered.push(id);
        else await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    await until(() => answered.length > 500, 20_000);

    for (const [away, back] of [
      [postgres.pause, postgres.resume],
      [postgres.kill, postgres.restart],
    ] as const) {
      await away();
      const awayMs = Date.now();
      await until(async () => !(await isReady()), 5_000);
      isAway = true;
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS - (Date.now() - awayMs)));
      t.strictSame(unrecordable, [], 'nothing is answered while nothing can be recorded');
      isAway = false;
      const before = answered.length;
      await back();
      const backMs = Date.now();
      await until(isReady, RECOVERY_MS);
      await until(() => answered.length > before, RECOVERY_MS);
      t.comment(`recovered ${Date.now() - backMs} ms after Postgres was back`);
    }
    isOver = true;
    await Promise.all(callers);

    t.strictSame([...statuses.keys()].sort(), [200, 503]);
    t.comment(`answered ${statuses.get(200)}, refused ${statuses.get(503)}`);
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    t.teardown(() => client.end());
    const { rows } = await client.query(`SELECT text::json ->> 'requete' AS id FROM journal_lines`);
    const recorded = new Set(rows.map(({ id }) => id));
    t.strictSame(
      answered.filter((id) => !recorded.has(id)),
      [],
    );
    const archive = openChainArchive(place, () => {});
    t.teardown(() => archive.close());
    const check = createCheckSignature([createSigner(seedIn(DATA_DIR)).key]);
    t.strictSame((await findingsIn(archive, { check })).faults, []);
  },
);
