import t, { type Test } from 'tap';
import { createAccessStore } from '../../src/access/access-store.ts';
import type { Habilitation } from '../../src/access/habilitation.ts';
import { errors } from '../helpers/answer.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { openCallers } from '../helpers/callers.ts';
import { emptyFolder, openedAt, type Place } from '../helpers/databases.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { MOVABLE_CLOCK, moveClocks } from '../helpers/processes.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { type GatewayProcess, startGateway, until } from '../helpers/start-gateway.ts';
import { grantTokens, sure } from '../helpers/tokens.ts';
import { json, startUpstream } from '../helpers/upstream.ts';

t.setTimeout(180_000);

const REVOKED_WITHIN_MS = 1_000;
const PROCESSES = 3;
const SIRET = '41816609600069';
const PATH = `/v1/dossiers/${SIRET}?usage=socle&object=A&recipient=${RECIPIENT}`;

/** Three gateways of one store, and tokens for them. */
async function startThree(
  t: Test,
  place: Place,
  env: Record<string, string>,
  change: Partial<Habilitation> = {},
) {
  const upstream = await startUpstream(t, json(404, errors('01003')));
  const given = { SOURCES_URL: upstream.url, ...place, ...env };
  const start = () => startGateway(t, given, { imports: MOVABLE_CLOCK });
  const gateways = await Promise.all(Array.from({ length: PROCESSES }, start));
  const tokens = await grantTokens(place, Date.now, change);
  return { gateways, bearer: { authorization: `Bearer ${tokens.socle}` } };
}

async function statusAt({ url }: GatewayProcess, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url + PATH, { headers });
  await response.arrayBuffer();
  return response.status;
}

/** Revokes, and measures how long each process still lets in. */
async function revocationHolds(t: Test, place: Place, env: Record<string, string> = {}): Promise<void> {
  const { gateways, bearer } = await startThree(t, place, env);
  await Promise.all(gateways.map((one) => until(async () => (await statusAt(one, bearer)) === 404, 5_000)));
  const store = createAccessStore({ database: openedAt(t, place), now: Date.now });
  for (const name of ['essai-socle', 'essai-marche_public']) {
    const startedMs = performance.now();
    t.equal(sure(await store.revokeHabilitation(name)), true);
    if (name !== 'essai-socle') continue;
    const times = await Promise.all(
      gateways.map(async (one) => {
        await until(async () => (await statusAt(one, bearer)) === 401, 5_000);
        return performance.now() - startedMs;
      }),
    );
    t.comment(`in force after ${times.map((ms) => Math.round(ms)).join(', ')} ms`);
    t.ok(Math.max(...times) < REVOKED_WITHIN_MS, 'everywhere within a second');
  }
}

t.test('a revocation is in force in three processes within a second: one file', async (t) =>
  revocationHolds(t, { DATA_DIR: emptyFolder(t) }),
);

t.test('a revocation is in force in three processes within a second: Postgres and Redis', async (t) => {
  const { url: DATABASE_URL } = await startPostgres(t);
  const { url: REDIS_URL } = await startRedis(t);
  await revocationHolds(t, { DATA_DIR: emptyFolder(t), DATABASE_URL }, { REDIS_URL });
});

t.test('a rate holds for three processes together, within two in a hundred', async (t) => {
  const RATE = 1_000;
  const place = { DATA_DIR: emptyFolder(t) };
  const { url: REDIS_URL } = await startRedis(t);
  const { gateways, bearer } = await startThree(
    t,
    place,
    { REDIS_URL },
    { debit: { par_minute: RATE, familles: {} } },
  );
  const callers = gateways.map(({ url }) => openCallers(t, url, { connections: 8 }));
  const MINUTE_MS = 60_000;
  // All of it in one minute of the processes' clock, which goes to where one begins: nobody waits for that.
  const aheadMs = MINUTE_MS - (Date.now() % MINUTE_MS);
  const minuteOfAll = () => Math.floor((Date.now() + aheadMs) / MINUTE_MS);
  const minute = minuteOfAll();
  await moveClocks(
    gateways.map(({ process }) => process),
    aheadMs,
  );
  const counts = new Map<number, number>();
  let sample: Record<string, unknown> = {};
  await Promise.all(
    Array.from({ length: PROCESSES * 8 }, async (_, i) => {
      for (let n = 0; n < 60; n++) {
        const { status, headers } = await (callers[i % PROCESSES] as (typeof callers)[0]).ask(SIRET, {
          usage: 'socle',
          headers: bearer,
        });
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (status === 429) sample = headers;
      }
    }),
  );
  t.equal(minuteOfAll(), minute, 'all in one minute');
  t.comment(`answers: ${[...counts].map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  const admitted = counts.get(404) ?? 0;
  t.ok(admitted <= RATE, `${admitted}, never more`);
  t.ok(admitted >= RATE * 0.98, `${admitted}, hardly less`);
  t.match(sample, { 'retry-after': /^\d+$/ });
});

t.test('Postgres away closes the gateway, which says so, and opens by itself when it is back', async (t) => {
  const postgres = await startPostgres(t);
  const place = { DATA_DIR: emptyFolder(t), DATABASE_URL: postgres.url };
  const upstream = await startUpstream(t, json(404, errors('01003')));
  const gateway = await startGateway(t, { SOURCES_URL: upstream.url, ...place });
  const bearer = { authorization: `Bearer ${gateway.tokens.socle}` };
  const readyAt = async () => (await fetch(`${gateway.url}/readyz`)).status;
  t.equal(await statusAt(gateway, bearer), 404);
  await postgres.kill();
  await until(async () => (await readyAt()) === 503, 10_000);
  t.equal(await statusAt(gateway, bearer), 503);
  await postgres.restart();
  await until(async () => (await readyAt()) === 200, 10_000);
  t.equal(await statusAt(gateway, bearer), 404);
  t.equal(gateway.process.exitCode, null);
});
