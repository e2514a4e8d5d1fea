import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { catalog } from '../../src/sources/catalog.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { type Answered, type Ask, dataIn, failuresIn, inWords, openCallers } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';
import { startUnaccepting } from '../helpers/unaccepting.ts';

/** Of use in the follow-up of a contract only. */
const UNASKED = ['insee_successions'];
/** What is asked about a mother company waits for what never comes. */
const AFTER_OTHERS = 2;
/** What the contract allows beyond the wait asked. */
const GRACE_MS = 100;
const LONGEST_MS = Math.max(...catalog.map(({ timeoutMs }) => timeoutMs));
/** Failures in a row after which a circuit opens. */
const IN_A_ROW = 5;
const TRIES = 4;
/** Without any wait for a source, on a machine that is busy elsewhere. */
const AT_ONCE_MS = 1_000;

const [unaccepting, administrations] = await Promise.all([startUnaccepting(t), startAdministrations(t)]);
const [unconnected, connected] = await Promise.all([
  startGateway(t, { SOURCES_URL: unaccepting.url, SOURCES_TOKEN: 'jeton' }),
  startGateway(t, administrations.env),
]);
// Its last calls hang when all is shown: nobody waits for their end.
t.teardown(() => void unconnected.process.kill('SIGKILL'));
const [atConnect, atOthers] = [openCallers(t, unconnected.url), openCallers(t, connected.url)];
let next = 0;

/**
 * Asks about a company that nobody asked about yet. A machine that is busy elsewhere may be late by itself:
 * others are then asked about, and the quickest answer counts.
 */
async function quickest(ask: Ask, wait: number): Promise<Answered> {
  let best: Answered | null = null;
  for (let left = TRIES; left > 0 && !(best && best.tookMs < wait * 1000 + GRACE_MS); left--) {
    const answer = await ask(siretNumber(next++), { wait });
    if (!best || answer.tookMs < best.tookMs) best = answer;
  }
  return best as Answered;
}

async function showInTime(t: Test, ask: Ask): Promise<void> {
  for (const wait of [0, 1]) {
    const answer = await quickest(ask, wait);
    t.comment(`a wait of ${wait} s: ${answer.tookMs.toFixed(1)} ms`);
    t.equal(answer.status, 200);
    t.ok(answer.tookMs < wait * 1000 + GRACE_MS, `${Math.round(answer.tookMs)} ms`);
    const { pieces, completude, constats, a_demander } = dataIn(answer);
    t.equal(completude.en_attente.length, catalog.length - UNASKED.length);
    const asked = Object.values(pieces).filter(({ source }) => !UNASKED.includes(source));
    t.ok(asked.every(({ statut }) => statut === 'differe' || statut === 'indisponible'));
    t.ok(asked.every(({ nouvel_essai_le }) => nouvel_essai_le !== null));
    t.ok(constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
    t.strictSame(a_demander, [], 'nothing is asked of the company while an answer may come');
  }
}

await Promise.all([atConnect.ask(siretNumber(next++), { wait: 0 }), atOthers.ask(siretNumber(next++))]);
const startedMs = performance.now();

await t.test('every source hanging at connect: the answer comes within the wait and 100 ms', async (t) => {
  await showInTime(t, atConnect.ask);
  const asked = Array.from({ length: IN_A_ROW }, () => atConnect.ask(siretNumber(next++), { wait: 0 }));
  await Promise.all(asked);
});

await t.test('every source hanging at headers: the answer comes within the wait and 100 ms', async (t) => {
  await administrations.setFault('*', { failure: 'hang' });
  await showInTime(t, atOthers.ask);
});

await t.test('every source hanging in mid-body: the answer comes within the wait and 100 ms', async (t) => {
  await administrations.setFault('*', { failure: 'hang-mid-body' });
  await showInTime(t, atOthers.ask);
  await administrations.clearFaults();
});

await t.test('hung at connect until their time is over, sources are then answered for at once', async (t) => {
  await sleep(Math.max(0, startedMs + LONGEST_MS - performance.now()));
  let openCount = 0;
  const areOpen = async () => {
    const { data } = JSON.parse((await atConnect.get('/v1/sources')).text);
    const etats = data.map((one: { data: { circuit: { etat: string } } }) => one.data.circuit.etat);
    openCount = etats.filter((etat: string) => etat !== 'ferme').length;
    return openCount === catalog.length - UNASKED.length - AFTER_OTHERS;
  };
  await until(areOpen, 10_000, () => `${openCount} circuits are open`);
  const impatient = await quickest(atConnect.ask, 0);
  t.equal(impatient.status, 200);
  // Asked together: the first to come may be the calls that tell whether a source is back; the others are none.
  const patient = await Promise.all(
    Array.from({ length: TRIES }, () => atConnect.ask(siretNumber(next++), { wait: 5 })),
  );
  t.comment(`${openCount} circuits are open; with a wait of 5 s: ${inWords(patient)}`);
  t.strictSame(failuresIn(patient), {});
  t.ok(Math.min(...patient.map(({ tookMs }) => tookMs)) < AT_ONCE_MS, 'not waited for');
});
