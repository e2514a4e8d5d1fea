import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { openChainArchive } from '../../src/journal/open-chains.ts';
import { createCheckSignature, createSigner } from '../../src/journal/signing.ts';
import { seedIn } from '../../src/journal/signing-key.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';
import { bearerFor } from '../helpers/tokens.ts';
import { findingsIn } from '../journal/journals.ts';

/** pg-boss goes by the machine's clock: what a process that is killed held comes back 35 s later, whatever the speed. */
const SPEED = 40;
const BIDDERS = 60;
const LOOK_MS = 250;
const LONGEST_MS = 100_000;
/** A process knows after 5 s that Postgres is away, or as soon as it has something to write. */
const KNOWN_MS = 10_000;
/** Companies of which a call was under way when a process was killed. */
const UNDER_WAY = 16;

const clock = { FAST_CLOCK: String(SPEED), FAST_CLOCK_ORIGIN_MS: String(Date.now()) };
const imports = [new URL('../helpers/fast-clock.ts', import.meta.url).href];
const [postgres, redis, administrations] = await Promise.all([
  startPostgres(t),
  startRedis(t),
  startAdministrations(t, { ...clock, SANDBOX_QUOTAS: 'on' }, imports),
]);
const place = { DATABASE_URL: postgres.url, DATA_DIR: emptyFolder(t) };
const CACHE_ENCRYPTION_KEY = Buffer.alloc(32, 1).toString('base64');
const env = { ...administrations.env, ...clock, ...place, REDIS_URL: redis.url, CACHE_ENCRYPTION_KEY };
const open = () => startGateway(t, env, { imports });
const [doomed, heir] = await Promise.all([open(), open()]);

async function ask({ url, tokens }: typeof heir, path: string, options: RequestInit = {}) {
  const headers = { ...bearerFor(tokens, path), 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { ...options, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

/** Postgres is not there until everybody knows it; what a caller is answered then. */
async function awayFor(path: string) {
  await postgres.kill();
  await until(async () => (await ask(heir, '/readyz')).status === 503, KNOWN_MS);
  const { status, body } = await ask(heir, path);
  await postgres.restart();
  return { status, type: body.type };
}

/** The SIRENs of companies of which the journal tells that a job asked for them. */
async function askedBy(jobId: string): Promise<Set<string>> {
  const archive = openChainArchive(place, () => {});
  const asked = new Set<string>();
  for (const month of await archive.months()) {
    for (const chain of await archive.chains(month)) {
      for await (const stored of archive.read(chain)) {
        const { requete, quoi } = stored.kind === 'line' ? JSON.parse(stored.text) : {};
        if (String(requete).startsWith(`${jobId}:`)) asked.add(quoi.siren);
      }
    }
  }
  await archive.close();
  return asked;
}

await t.test('an opening outlives kill -9 of a gateway, then of Postgres', async (t) => {
  const candidats = Array.from({ length: BIDDERS }, (_, i) => siretNumber(i));
  const opening = JSON.stringify({ object: 'OUVERTURE', recipient: RECIPIENT, candidats });
  const { status, headers, body } = await ask(doomed, '/v1/ouvertures', { method: 'POST', body: opening });
  t.equal(status, 202);
  const postedMs = Date.now();
  const path = String(headers.get('location'));
  let isKilled = false;
  let away: { status: number; type: string } | null = null;
  let view = body;
  while (Date.now() - postedMs < LONGEST_MS) {
    await sleep(LOOK_MS);
    const looked = await ask(heir, `${path}?limite=0`);
    if (looked.status !== 200) continue;
    view = looked.body;
    const { statut, progression } = view.data;
    if (statut !== 'en_cours') break;
    if (!isKilled && progression.terminees > 0) {
      isKilled = true;
      doomed.process.kill('SIGKILL');
      await exitOf(doomed.process);
    } else if (!away && progression.terminees >= BIDDERS / 2) {
      away = await awayFor(`${path}?limite=0`);
    }
  }
  t.equal(view.data.statut, 'terminee');
  t.ok(isKilled);
  t.strictSame(away, { status: 503, type: '/problemes/passerelle-indisponible' });

  await t.test('nothing is lost, and nobody is asked about twice', async (t) => {
    const pages = await Promise.all([0, 31].map((from) => ask(heir, `${path}?apres=${from}&limite=31`)));
    const companies = pages.flatMap((page) => page.body.data.entreprises);
    t.strictSame(
      companies.map(({ siret, statut }) => `${siret} ${statut}`),
      candidats.map((siret) => `${siret} complet`),
    );
    const calls = (await administrations.calls()).dgfip_attestation_fiscale ?? 0;
    t.ok(calls <= BIDDERS + UNDER_WAY, `${calls} tax certificates`);
  });

  await t.test('each has its line in the journal, which verifies', async (t) => {
    const asked = await askedBy(body.data.id);
    t.strictSame(
      candidats.map((siret) => siret.slice(0, 9)).filter((siren) => !asked.has(siren)),
      [],
    );
    const check = createCheckSignature([createSigner(seedIn(place.DATA_DIR)).key]);
    const archive = openChainArchive(place, () => {});
    t.teardown(() => archive.close());
    t.strictSame((await findingsIn(archive, { check })).faults, []);
  });
});
