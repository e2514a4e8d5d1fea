import { readdirSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type Piece, validityOn } from '../../src/dossier/piece.ts';
import { dayOf, parisTimeOf } from '../../src/dossier/time.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import {
  type Answered,
  type Ask,
  askEach,
  dataIn,
  failuresIn,
  inWords,
  missingIn,
  openCallers,
  pieceIn,
} from '../helpers/callers.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { MOVABLE_CLOCK, moveClocks } from '../helpers/processes.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

const DOWN = { errors: [{ code: '000', status: 502 }] };
/** Fresh until four in the morning, served at once for five minutes more, and for three days if it is down. */
const SOURCE = 'insee_unite_legale';
/** Of value on the day itself only: it is not served afterwards. */
const OF_THE_DAY = 'msa_conformite_cotisations';
const COMPANIES = Array.from({ length: 12 }, (_, i) => siretNumber(i));
/** Callers at once, so few that a busy machine sheds none. */
const WIDTH = 4;
const CROWD = 24;

/** The last day of a month, the one after this one, and two days before, on the wall in Paris. */
const lastDay = parisTimeOf(Date.now()).with({ day: 1 }).add({ months: 2 }).subtract({ days: 1 });
const at = (days: number, time: string) => lastDay.add({ days }).withPlainTime(time).epochMilliseconds;

const redis = await startRedis(t);
const administrations = await startAdministrations(t, {}, MOVABLE_CLOCK);
const env = { ...administrations.env, REDIS_URL: redis.url };
const gateways = await Promise.all([1, 2].map(() => startGateway(t, env, { imports: MOVABLE_CLOCK })));
const callers = gateways.map(({ url }) => openCallers(t, url));
const [one, other] = callers as [(typeof callers)[0], (typeof callers)[0]];

/** All processes are moved; what Redis forgets, it forgets in real time. */
async function moveTo(ms: number): Promise<void> {
  await moveClocks(
    [administrations, ...gateways].map(({ process }) => process),
    ms - Date.now(),
  );
}

function askAll(sirets: readonly string[]): Promise<Answered[]> {
  return askEach(sirets, WIDTH, (siret, i) => (i % 2 ? other : one).ask(siret, { wait: 20 }));
}

/** Many callers of both processes at once, for companies of which answers are kept; and how often the source was asked. */
async function crowd(): Promise<{ answers: Answered[]; calls: number }> {
  const before = (await administrations.calls())[SOURCE] ?? 0;
  const sirets = Array.from({ length: CROWD }, (_, i) => COMPANIES[1 + (i % 10)] ?? '');
  const answers = await Promise.all(sirets.flatMap((siret) => callers.map(({ ask }) => ask(siret))));
  return { answers, calls: ((await administrations.calls())[SOURCE] ?? 0) - before };
}

async function circuitAt(callers: (typeof one)[]): Promise<{ etat: string; jusqu_a: string | null }[]> {
  const answers = await Promise.all(callers.map(({ get }) => get('/v1/sources')));
  return answers.map(({ text }) => {
    const sources: { data: { id: string; circuit: { etat: string; jusqu_a: string | null } } }[] =
      JSON.parse(text).data;
    return sources.find(({ data }) => data.id === SOURCE)?.data.circuit ?? { etat: '', jusqu_a: null };
  });
}

await moveTo(at(-2, '10:00'));
const first = await askAll(COMPANIES);

/** What each process keeps of each company, once everything is kept by both. */
const kept = new Map<Ask, Piece[]>();
let missing: string[] = [];
const areKept = async () => {
  missing = [];
  for (const { ask } of callers) {
    const answers = await askEach(COMPANIES, WIDTH, (siret) => ask(siret));
    kept.set(
      ask,
      answers.map((answer) => pieceIn(answer, SOURCE)),
    );
    missing.push(...answers.flatMap(missingIn));
  }
  return missing.length === 0;
};
await until(areKept, 30_000, () => `not kept by both processes: ${missing}`);

await t.test('an answer no longer fresh is served at once, and its source asked again behind', async (t) => {
  t.strictSame(failuresIn(first), {});
  const siret = COMPANIES[0] ?? '';
  await moveTo(at(-1, '04:02'));
  // The others of that hour are asked first: only the one that is looked at is slow.
  await one.ask(COMPANIES.at(-1) ?? '', { wait: 20 });
  await administrations.setFault(SOURCE, { latencyMs: 2_000 });
  const answer = await other.ask(siret, { wait: 20 });
  const piece = pieceIn(answer, SOURCE);
  t.comment(`served in ${answer.tookMs.toFixed(1)} ms, of a source that takes 2000`);
  t.equal(piece.perime, true);
  t.equal(piece.obtenu_le, kept.get(other.ask)?.[0]?.obtenu_le);
  const isNew = async () => !pieceIn(await one.ask(siret), SOURCE).perime;
  await until(isNew, 20_000);
  await administrations.clearFaults();
  const renewed = pieceIn(await other.ask(siret), SOURCE);
  t.ok(Date.parse(renewed.obtenu_le ?? '') >= at(-1, '04:02'), 'for the other process as well');
});

await t.test('a source down: its kept answers are served, perime, as old as they are', async (t) => {
  await moveTo(at(-1, '10:30'));
  await administrations.setFault(SOURCE, DOWN);
  await administrations.setFault(OF_THE_DAY, DOWN);
  for (const [i, siret] of COMPANIES.entries()) {
    const { ask } = i < 7 ? one : other;
    // The first was asked about in the test before; the last is not looked at.
    if (i === 0 || siret === COMPANIES.at(-1)) continue;
    const answer = await ask(siret, { wait: 20 });
    const { perime, ...piece } = pieceIn(answer, SOURCE);
    t.equal(perime, true);
    t.strictSame({ ...piece, perime: false }, kept.get(ask)?.[i]);
    t.equal(pieceIn(answer, OF_THE_DAY).statut, 'indisponible', 'never beyond what the proof is worth');
  }
  const circuits = await circuitAt(callers);
  t.strictSame([...new Set(circuits.map(({ etat }) => etat))], ['ouvert'], 'for both processes');
});

await t.test('a source down is asked once each half-open interval, by one process of two', async (t) => {
  for (const interval of [1, 2, 3]) {
    const closed = await crowd();
    t.equal(closed.calls, 0, 'left alone until its rest is over');
    const [circuit] = await circuitAt([one]);
    await moveTo(Date.parse(circuit?.jusqu_a ?? '') + 1_000);
    const halfOpen = await crowd();
    t.equal(halfOpen.calls, 1, `one call in interval ${interval}`);
    const answers = [...closed.answers, ...halfOpen.answers];
    t.strictSame(failuresIn(answers), {});
    t.ok(answers.every((answer) => pieceIn(answer, SOURCE).perime));
    t.comment(`interval ${interval}: ${halfOpen.calls} call for ${inWords(halfOpen.answers)}`);
  }
});

await t.test('a source that is back is asked by both processes, and its answers are new', async (t) => {
  await administrations.clearFaults();
  const [circuit] = await circuitAt([one]);
  await moveTo(Date.parse(circuit?.jusqu_a ?? '') + 1_000);
  await one.ask(COMPANIES[1] ?? '');
  await until(async () => (await circuitAt(callers)).every(({ etat }) => etat === 'ferme'), 5_000);
  const answers = await askAll(COMPANIES);
  for (const answer of answers) {
    const { perime, obtenu_le } = pieceIn(answer, SOURCE);
    t.equal(perime, false);
    t.ok(Date.parse(obtenu_le ?? '') >= at(-1, '04:00'));
  }
});

/** What a piece says that no clock may change. */
function datesOf({ obtenu_le, validite, donnees, statut }: Piece): unknown {
  return { obtenu_le, du: validite.du, au: validite.au, donnees, statut };
}

const personas = readdirSync('fixtures/personas').map((folder): string => {
  return JSON.parse(readFileSync(`fixtures/personas/${folder}/persona.json`, 'utf8')).siret;
});

/** Shows that what is still served of what was kept is as it was; and counts it. */
async function showUnmoved(
  t: Test,
  before: ReadonlyMap<string, Record<string, Piece>>,
  nowMs: number,
): Promise<number> {
  const today = dayOf(nowMs);
  let count = 0;
  for (const { ask } of callers) {
    const answers = await askEach(personas, WIDTH, (siret) => ask(siret, { wait: 20 }));
    t.strictSame(failuresIn(answers), {});
    for (const [i, answer] of answers.entries()) {
      const siret = personas[i] ?? '';
      for (const piece of Object.values(dataIn(answer).pieces)) {
        const { source, obtenu_le, validite } = piece;
        if (validite.etat !== validityOn(today, validite))
          t.fail(`${siret} ${source} is judged on another day`);
        const then = before.get(siret)?.[source];
        if (!then || obtenu_le === null || Date.parse(obtenu_le) > at(0, '23:50:59')) continue;
        count++;
        if (JSON.stringify(datesOf(piece)) !== JSON.stringify(datesOf(then))) {
          t.strictSame(datesOf(piece), datesOf(then), `${siret} ${source}`);
        }
      }
    }
  }
  return count;
}

await t.test('a clock moved across midnight and the first of a month: no kept answer moves', async (t) => {
  await moveTo(at(0, '23:50'));
  let answers: Answered[] = [];
  // A source that the tests before have left alone is asked again within seconds.
  await until(async () => {
    answers = await askEach(personas, WIDTH, (siret) => one.ask(siret, { wait: 20 }));
    return answers.every((answer) => dataIn(answer).completude.statut === 'complet');
  }, 30_000);
  const before = new Map(answers.map((answer, i) => [personas[i] ?? '', dataIn(answer).pieces]));
  await administrations.setFault('*', DOWN);
  const steps: [days: number, time: string][] = [
    [0, '23:59:50'],
    [1, '00:00:02'],
    [1, '00:04'],
    [0, '23:30'],
    [1, '03:40'],
    [1, '08:20'],
    [2, '00:10'],
  ];
  for (const [days, time] of steps) {
    await moveTo(at(days, time));
    const count = await showUnmoved(t, before, at(days, time));
    t.comment(`${dayOf(at(days, time))} ${time}, all sources down: ${count} answers kept, none has moved`);
    t.ok(count > 100);
  }
  await administrations.clearFaults();
  await moveTo(at(2, '09:00'));
  const count = await showUnmoved(t, before, at(2, '09:00'));
  t.comment(`${dayOf(at(2, '09:00'))} 09:00, all sources back: ${count} answers kept, none has moved`);
});
