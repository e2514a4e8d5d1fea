import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { median } from '../../bench/median.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { exitOf, startGateway } from '../helpers/start-gateway.ts';
import { bearerFor } from '../helpers/tokens.ts';

/** Some milliseconds of this machine are a second of the hub's: the faster, the more of its minutes the machine itself loses. */
const SPEED = 100;
const BIDDERS = 200;
const TAX_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
const LOOK_MS = 500;
/** Of the time of this machine. */
const LONGEST_MS = 100_000;
/** What a busy machine may lose of the hub's minutes: ten milliseconds of it are a second. Alone it loses none. */
const TOLERATED = 1.25;
/** Those of whom a call was under way when the process was killed, at most. */
const UNDER_WAY = 16;

const origin = String(Date.now());
const clock = { FAST_CLOCK: String(SPEED), FAST_CLOCK_ORIGIN_MS: origin };
const imports = [new URL('../helpers/fast-clock.ts', import.meta.url).href];
const administrations = await startAdministrations(t, { ...clock, SANDBOX_QUOTAS: 'on' }, imports);
const DATA_DIR = emptyFolder(t);
const open = () => startGateway(t, { ...administrations.env, ...clock, DATA_DIR }, { imports });
let gateway = await open();

async function ask(path: string, options: RequestInit = {}) {
  const headers = { ...bearerFor(gateway.tokens, path), ...options.headers } as Record<string, string>;
  const response = await fetch(`${gateway.url}${path}`, { ...options, headers });
  const body = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body };
}

await t.test('an opening of 200 bids, killed in the middle, ends when the quotas let it', async (t) => {
  const candidats = Array.from({ length: BIDDERS }, (_, i) => siretNumber(i));
  const postedMs = Date.now();
  const { status, headers, body } = await ask('/v1/ouvertures', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ object: 'OUVERTURE', recipient: RECIPIENT, candidats }),
  });
  t.equal(status, 202);
  const path = String(headers.get('location'));
  const estimates = [{ endMs: Date.parse(body.data.fin_estimee_le), isBeforeKill: true }];
  let atKill: number | null = null;
  /** Of its clock: how long nobody was there. */
  let goneMs = 0;
  let view = body;
  for (;;) {
    await sleep(LOOK_MS);
    const looked = await ask(`${path}?limite=0`);
    if (looked.status !== 200) continue;
    view = looked.body;
    const { terminees } = view.data.progression;
    if (view.data.statut !== 'en_cours' || Date.now() - postedMs > LONGEST_MS) break;
    estimates.push({ endMs: Date.parse(view.data.fin_estimee_le), isBeforeKill: atKill === null });
    if (atKill !== null || terminees < BIDDERS / 2) continue;
    atKill = terminees;
    const killedMs = Date.now();
    gateway.process.kill('SIGKILL');
    await exitOf(gateway.process);
    gateway = await open();
    goneMs = (Date.now() - killedMs) * SPEED;
    t.ok(
      (await ask(`${path}?limite=0`)).body.data.progression.terminees >= terminees,
      'what was done stays done',
    );
  }
  t.equal(view.data.statut, 'terminee');
  const { deposee_le, terminee_le } = view.data;
  const endMs = Date.parse(terminee_le);
  const tookMs = endMs - Date.parse(deposee_le) - goneMs;
  const calls = (await administrations.calls()).dgfip_attestation_fiscale ?? 0;
  const boundMs = (calls / TAX_PER_MINUTE) * MINUTE_MS;
  const faults = estimates.map(
    (one) => Math.abs(one.endMs + (one.isBeforeKill ? goneMs : 0) - endMs) / tookMs,
  );
  const [inMinutes, percent] = [(ms: number) => (ms / MINUTE_MS).toFixed(1), (x = 0) => Math.round(x * 100)];
  t.comment(
    `${inMinutes(tookMs)} min of its clock, besides ${inMinutes(goneMs)} dead; ${calls} tax certificates: ${inMinutes(boundMs)} min`,
  );
  t.comment(
    `estimated ${percent(faults[0])} % off at the post, ${percent(median(faults))} % in the middle, ${percent(Math.max(...faults))} % at worst`,
  );
  t.ok(atKill !== null, 'it was killed in the middle');
  t.ok(tookMs + goneMs > boundMs - 2 * MINUTE_MS, 'no faster than the quota');
  t.ok(tookMs < TOLERATED * boundMs, 'nor slower than the machine explains');
  const [first = 1] = faults;
  t.ok(first < 0.2, 'its end was estimated well at the post');
  // A machine that stalls for a tenth of a second loses ten of its clock: one estimate in such a moment tells nothing.
  t.ok(median(faults) < 0.2, 'and is from then on, half of the times at least');
  t.ok(calls <= BIDDERS * 1.2 + UNDER_WAY, 'what was collected is not asked again');
  await t.test('every dossier is there', async (t) => {
    const dossiers: string[] = [];
    const missing: string[] = [];
    for (let next: string | null = `${path}?limite=31`; next; ) {
      const page = await ask(next);
      t.equal(page.status, 200);
      for (const { siret, dossier } of page.body.data.entreprises) {
        dossiers.push(siret);
        if (dossier?.data.completude.statut !== 'complet') missing.push(siret);
      }
      next = page.body.links.suivante;
    }
    t.strictSame(dossiers, candidats);
    t.strictSame(missing, []);
  });
});
