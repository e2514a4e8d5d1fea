import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { failuresIn, inWords, openCallers, startLoad } from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { HEAP_REPORT, heapBytes, residentBytes, socketsOf } from '../helpers/processes.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

/** What a busy platform asks in an hour: a question in two is about a company that nobody asked about before. */
const QUESTIONS = 4_000;
const NEW_SHARE = 0.2;
const WIDTH = 12;
const FLAPPING = 'infogreffe_extrait_rcs';
const FLAPS = [
  { failure: 'hang' },
  { errors: [{ code: '000', status: 502 }] },
  { failure: 'reset-mid-body' },
  { failure: 'hang-mid-body' },
  {},
];
const FLAP_MS = 1_000;
const MEBIBYTE = 1024 * 1024;
const WARM_UP = 400;
const LONGEST_MS = 45_000;

const administrations = await startAdministrations(t);
// So little is kept that all there is room for is taken before the hour begins.
const env = { ...administrations.env, MEMORY_CACHE_MIB: '8' };
const gateway = await startGateway(t, env, { imports: HEAP_REPORT });
const pid = gateway.process.pid ?? 0;
const socketsAtFirst = socketsOf(pid).size;

interface State {
  heap: number;
  resident: number;
  sockets: number;
}

async function stateOfRest(): Promise<State> {
  const { get, close } = openCallers(t, gateway.url);
  const areOver = async () => /^dlnuf_questions_under_way 0$/m.test((await get('/metrics')).text);
  await until(areOver, 40_000, () => 'questions are under way for ever');
  await close();
  await sleep(1_000);
  const heap = await heapBytes(gateway.process);
  return { heap, resident: residentBytes(pid), sockets: socketsOf(pid).size };
}

function inMebibytes({ heap, resident, sockets }: State): string {
  return `heap ${(heap / MEBIBYTE).toFixed(1)} MiB, resident ${(resident / MEBIBYTE).toFixed(1)} MiB, ${sockets} sockets`;
}

let asked = 0;
let known = 0;
let seed = 1;
/** The same at each run. */
function random(): number {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
}

/** Asks so many questions, most of them about companies that were asked about before. */
async function askFor(questions: number, newShare: number) {
  const { ask, close, shed } = openCallers(t, gateway.url, { connections: WIDTH });
  const startedMs = performance.now();
  const end = asked + questions;
  let isOver = () => {};
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const load = startLoad(WIDTH, 0, () => {
    if (++asked >= end || performance.now() - startedMs > LONGEST_MS) isOver();
    const n = known === 0 || random() < newShare ? known++ : Math.floor(known * random());
    const refresh = random() < 0.01 ? { headers: { 'cache-control': 'no-cache' } } : {};
    return ask(siretNumber(n), { usage: 'socle', wait: 1, ...refresh });
  });
  await over;
  await load.stop();
  await close();
  return { answers: load.take(), shed: shed() };
}

await t.test('an hour of a busy platform, one source flapping: all it took is given back', async (t) => {
  await askFor(WARM_UP, 1);
  const before = await stateOfRest();
  t.comment(`before: ${inMebibytes(before)}`);

  let flap = 0;
  const flapping = setInterval(() => {
    void administrations.setFault(FLAPPING, FLAPS[flap++ % FLAPS.length] ?? {}).catch(() => {});
  }, FLAP_MS);
  t.teardown(() => clearInterval(flapping));
  const startedMs = performance.now();
  const { answers, shed } = await askFor(QUESTIONS, NEW_SHARE);
  clearInterval(flapping);
  await administrations.clearFaults();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  t.comment(`${inWords(answers)}, in ${seconds} s, about ${known} companies; shed: ${shed}; flaps: ${flap}`);
  t.strictSame(failuresIn(answers), {});

  const after = await stateOfRest();
  t.comment(`after: ${inMebibytes(after)}`);
  t.ok(after.heap < before.heap * 1.25 + 8 * MEBIBYTE, 'memory in use is what it was');
  t.ok(after.resident < before.resident * 1.25 + 128 * MEBIBYTE, 'so is what the system gave');
  t.ok(after.sockets <= before.sockets + WIDTH, 'and no socket is left behind');

  await administrations.stop();
  await until(
    () => socketsOf(pid).size <= socketsAtFirst,
    10_000,
    () => `${socketsOf(pid).size} sockets`,
  );
  t.comment(`without the administrations: ${socketsOf(pid).size} sockets, as at the start`);
});
