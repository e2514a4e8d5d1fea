import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startAdministrations } from '../helpers/administrations.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { type Answered, dataIn, inWords, missingIn, openCallers, startLoad } from '../helpers/callers.ts';
import { openCrowd } from '../helpers/crowd.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

/** More dossiers at once than one process may have under way, and more than it can do in a second. */
const CROWD = 4_000;
const WAIT_SECONDS = 5;
/** For a machine that is busy elsewhere, and with thousands of answers to send. */
const LATE_MS = 15_000;
const BACK_MS = 15_000;

// With their quotas on, as they are: most of what is asked is told when it will be there.
const administrations = await startAdministrations(t, { SANDBOX_QUOTAS: 'on' });
const gateway = await startGateway(t, administrations.env);
const regular = openCallers(t, gateway.url, { connections: 1, takesNo: true });
const kept = siretNumber(0);
const pathOf = (siret: string) =>
  `/v1/dossiers/${siret}?usage=marche_public&object=FOULE&recipient=${RECIPIENT}`;
const isKept = async () => missingIn(await regular.ask(kept, { wait: 20 })).length === 0;
await until(isKept, 60_000, () => 'the first dossier is not kept');

/** What the gateway says that it took itself. */
function timeInside({ headers }: Answered): { tookMs: number } {
  return { tookMs: Number(/dur=([\d.]+)/.exec(String(headers['server-timing']))?.[1]) };
}

await t.test('dossiers asked for by thousands at once: some are shed, the others are right', async (t) => {
  const sirets = Array.from({ length: CROWD }, (_, i) => siretNumber(1 + i));
  const crowd = await openCrowd(t, gateway.url, CROWD);
  const load = startLoad(1, 10, () => regular.ask(kept));
  await sleep(1_000);
  const before = load.take();
  const startedMs = performance.now();
  const answers = await crowd.askAll(sirets.map(pathOf), `prefer: wait=${WAIT_SECONDS}`);
  const tookMs = performance.now() - startedMs;
  const during = load.take();
  const isBack = async () => {
    const [one, other] = await Promise.all([
      regular.ask(kept),
      regular.ask(siretNumber(10_000), { wait: 0 }),
    ]);
    return one.status === 200 && other.status === 200;
  };
  const overMs = performance.now();
  await until(isBack, BACK_MS, () => 'it does not recover');
  const backMs = performance.now() - overMs;
  await sleep(1_000);
  await load.stop();
  const after = load.take();

  const accepted = answers.filter(({ status }) => status === 200);
  const shed = answers.filter(({ status }) => status === 503);
  t.comment(`${CROWD} new dossiers in ${Math.round(tookMs)} ms`);
  t.comment(`accepted: ${inWords(accepted)}`);
  t.comment(`of which in the gateway: ${inWords(accepted.map(timeInside))}`);
  t.comment(`shed: ${inWords(shed)}`);
  for (const [when, served] of Object.entries({ before, during, after })) {
    const right = served.filter(({ status }) => status === 200);
    t.comment(`a kept dossier, ${when}: ${inWords(right)}; shed: ${served.length - right.length}`);
  }
  t.comment(`serves again after ${Math.round(backMs)} ms`);

  t.equal(accepted.length + shed.length, CROWD, 'each is answered');
  t.ok(accepted.length > 0 && shed.length > 0);
  for (const { headers, text } of shed) {
    if (headers['retry-after'] === '5' && JSON.parse(text).type === '/problemes/passerelle-indisponible')
      continue;
    t.fail(`shed without a word: ${JSON.stringify(headers)} ${text}`);
  }
  for (const [i, answer] of answers.entries()) {
    if (answer.status !== 200) continue;
    const { siret, completude, pieces } = dataIn(answer);
    const isRight = siret === sirets[i] && completude.en_attente.every((id) => pieces[id]?.nouvel_essai_le);
    if (!isRight) t.fail(`another dossier than that of ${sirets[i]}`);
  }
  const longest = Math.max(...accepted.map(({ tookMs }) => tookMs));
  t.ok(longest < WAIT_SECONDS * 1000 + LATE_MS, `${Math.round(longest)} ms at the most`);
  t.ok(after.every(({ status }) => status === 200));
});
