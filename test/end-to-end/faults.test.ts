import t, { type Test } from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { inseeEtablissement } from '../../src/sources/insee-etablissement.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';

const WAIT_MS = 1_000;
/** What the contract allows beyond the wait asked. */
const GRACE_MS = 100;
const FAULTY = 'insee_unite_legale';

/** Each fault that the mocked administrations know, and what the piece of its source must then say. */
const FAULTS: [string, object, string, string | null][] = [
  ['hangs before its headers', { failure: 'hang' }, 'differe', null],
  ['hangs in mid-body', { failure: 'hang-mid-body' }, 'differe', null],
  ['sends a byte now and then', { failure: 'trickle' }, 'differe', null],
  ['is slower than the wait', { latencyMs: 2_500 }, 'differe', null],
  ['resets the connection', { failure: 'reset' }, 'indisponible', 'connexion_impossible'],
  ['resets in mid-body', { failure: 'reset-mid-body' }, 'indisponible', 'connexion_impossible'],
  ['truncates its JSON', { failure: 'truncated-json' }, 'indisponible', 'reponse_inattendue'],
  ['sends what is no JSON', { failure: 'invalid-json' }, 'indisponible', 'reponse_inattendue'],
  ['sends another shape', { failure: 'wrong-shape' }, 'indisponible', 'reponse_inattendue'],
  ['sends nothing', { failure: 'empty-body' }, 'indisponible', 'reponse_inattendue'],
  ['sends a page', { failure: 'html' }, 'indisponible', 'reponse_inattendue'],
  ['redirects', { failure: 'redirect' }, 'indisponible', null],
  ['says that there are too many calls', { failure: 'too-many-requests' }, 'differe', '00429'],
  ['is in maintenance', { maintenance: { retryInSeconds: 900 } }, 'indisponible', '01020'],
  ['fails', { errors: [{ code: '000', status: 502 }] }, 'indisponible', '01000'],
];

const gateway = await startGateway(t);
let next = 0;
const siretOf = () => siretNumber(next++);

interface Timed {
  status: number;
  data: Dossier['data'];
  tookMs: number;
}

async function ask(siret: string, usage = 'marche_public', waitMs = WAIT_MS): Promise<Timed> {
  const startedMs = performance.now();
  const response = await fetch(
    `${gateway.url}/v1/dossiers/${siret}?usage=${usage}&object=FAULTS&recipient=${RECIPIENT}`,
    { headers: { prefer: `wait=${waitMs / 1000}` } },
  );
  const { data } = (await response.json()) as Dossier;
  return { status: response.status, data, tookMs: performance.now() - startedMs };
}

interface InTime extends Timed {
  siret: string;
}

/**
 * What a company that nobody asked about yet is answered, shown to come within the wait. A machine that is busy
 * elsewhere may be late by itself: another company is then asked about, twice at the most.
 */
async function askInTime(t: Test, waitMs = WAIT_MS): Promise<InTime> {
  for (let left = 2; ; left--) {
    const siret = siretOf();
    const answer = await ask(siret, 'marche_public', waitMs);
    const isInTime = answer.tookMs < waitMs + GRACE_MS;
    if (!isInTime && left > 0) continue;
    t.ok(isInTime, `${Math.round(answer.tookMs)} ms`);
    t.equal(answer.status, 200);
    return { ...answer, siret };
  }
}

async function clearFaults(): Promise<void> {
  await fetch(`${gateway.controlUrl}/faults`, { method: 'DELETE' });
}

async function setFault(source: string, fault: object): Promise<void> {
  const response = await fetch(`${gateway.controlUrl}/faults/${source}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (!response.ok) throw new Error(await response.text());
}

await ask(siretOf());

for (const [what, fault, statut, code] of FAULTS) {
  await t.test(`a source that ${what} costs its piece and nothing else`, async (t) => {
    await setFault(FAULTY, fault);
    const { siret, data } = await askInTime(t);
    await clearFaults();
    t.equal(data.pieces[FAULTY]?.statut, statut);
    if (code) t.equal(data.pieces[FAULTY]?.erreur?.code, code);
    t.type(data.pieces[FAULTY]?.nouvel_essai_le, 'string');
    t.strictSame(data.completude, {
      statut: 'partiel',
      en_attente: [FAULTY],
      prochain_essai_le: data.pieces[FAULTY]?.nouvel_essai_le,
    });
    t.equal(data.pieces.insee_etablissement?.statut, 'obtenu');
    if (statut === 'indisponible' || code) {
      const next = await ask(siret);
      t.equal(next.data.completude.statut, 'complet', 'a failure is not kept: it is over when the fault is');
      t.equal(next.data.pieces.insee_etablissement?.obtenu_le, data.pieces.insee_etablissement?.obtenu_le);
    }
  });
}

/** Three sources that take as long at most, so that their hung calls are waited for together. */
const HANGS: [source: string, fault: object][] = [
  ['insee_etablissement', { failure: 'hang' }],
  ['insee_unite_legale', { failure: 'hang-mid-body' }],
  ['insee_successions', { failure: 'trickle' }],
];

await t.test(
  'a hung call holds back later callers until the time of its source is over, no longer',
  async (t) => {
    const { timeoutMs } = inseeEtablissement;
    const startedMs = performance.now();
    const hung = await Promise.all(
      HANGS.map(async ([source, fault]) => {
        const siret = siretOf();
        await setFault(source, fault);
        const first = await ask(siret, 'marche_public', 0);
        t.equal(first.data.pieces[source]?.statut, 'differe', source);
        return { source, siret };
      }),
    );
    await clearFaults();
    for (const { source, siret } of hung) {
      const isThere = async () => !(await ask(siret)).data.completude.en_attente.includes(source);
      await until(isThere, timeoutMs + WAIT_MS, () => `${source} never came back`);
    }
    const tookMs = performance.now() - startedMs;
    t.comment(`there again after ${Math.round(tookMs)} ms, of ${timeoutMs}`);
    t.ok(tookMs < timeoutMs + WAIT_MS + GRACE_MS, `${Math.round(tookMs)} ms`);
  },
);

const INSEE = ['insee_etablissement', 'insee_unite_legale', 'insee_successions'];

/** What 27 sources of 30 do at once, and what their pieces then say. */
const STORMS: [what: string, fault: object, statut: string][] = [
  ['hangs', { failure: 'hang' }, 'differe'],
  ['hangs in mid-body', { failure: 'hang-mid-body' }, 'differe'],
  ['resets its connections', { failure: 'reset' }, 'indisponible'],
  ['truncates its JSON', { failure: 'truncated-json' }, 'indisponible'],
  ['says that there are too many calls', { failure: 'too-many-requests' }, 'differe'],
  ['is in maintenance', { maintenance: { retryInSeconds: 900 } }, 'indisponible'],
];

for (const [what, fault, statut] of STORMS) {
  await t.test(`when everybody but Insee ${what}, Insee's identity is there, within the wait`, async (t) => {
    for (const id of INSEE) await setFault(id, {});
    await setFault('*', fault);
    const { siret, data } = await askInTime(t);
    await clearFaults();
    for (const { source, statut: given } of Object.values(data.pieces)) {
      if (INSEE.includes(source)) t.match(given, /^(obtenu|non_trouve)$/, source);
      else t.equal(given, statut, source);
    }
    t.type(data.identite.denomination, 'string');
    t.ok(data.constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
    t.strictSame(data.a_demander, [], 'an outage asks nothing of the company');
    const other = await ask(siretOf());
    t.equal(other.data.completude.statut, 'complet', 'another company has everything once the fault is over');
    if (statut !== 'indisponible') return;
    const again = await ask(siret);
    t.equal(again.data.completude.statut, 'complet');
    for (const id of INSEE) t.strictSame(again.data.pieces[id], data.pieces[id], `${id} has not moved`);
  });
}

await t.test(
  'a source that floods with 50 MB is cut off; the others are there within the wait',
  async (t) => {
    await setFault(FAULTY, { failure: 'huge-body' });
    const { data } = await askInTime(t);
    await clearFaults();
    t.match(data.pieces[FAULTY]?.statut, /^(indisponible|differe)$/);
    t.strictSame(data.completude.en_attente, [FAULTY]);
  },
);

await t.test('with every source hanging, the answer still comes within the wait', async (t) => {
  await setFault('*', { failure: 'hang' });
  const { data } = await askInTime(t);
  await clearFaults();
  t.equal(data.completude.en_attente.length, 30);
  t.ok(data.constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
  t.strictSame(data.a_demander, [], 'nothing is asked of the company while an answer may come');
});

await t.test('what was late is there at the next call, and its obtenu_le no longer moves', async (t) => {
  await setFault(FAULTY, { latencyMs: 600 });
  const { siret, data } = await askInTime(t, 0);
  t.equal(data.pieces[FAULTY]?.statut, 'differe');
  const second = await ask(siret, 'marche_public', 5_000);
  await clearFaults();
  const third = await ask(siret);
  t.equal(second.data.completude.statut, 'complet');
  t.strictSame(third.data, second.data);
});
