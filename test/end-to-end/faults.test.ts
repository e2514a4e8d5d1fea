import t, { type Test } from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { inseeEtablissement } from '../../src/sources/insee-etablissement.ts';
import { maintenanceEnd } from '../../src/sources/maintenance.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { startGateway, until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';

/** Time for a source to be asked again, where that may help. */
const WAIT_MS = 2_000;
/** What the contract allows beyond the wait asked. */
const GRACE_MS = 100;
/** One a fault: what is learnt of a source holds for the next who ask it. */
const FAULTY = [
  'infogreffe_extrait_rcs',
  'inpi_extrait_rne',
  'infogreffe_mandataires_sociaux',
  'commission_europeenne_numero_tva',
  'conventions_collectives',
  'dgfip_liens_capitalistiques',
  'dgfip_chiffres_affaires',
  'banque_de_france_bilans',
  'urssaf_attestation_vigilance',
  'opqibi_certification',
];
/** Late is nothing that is learnt: one source does for all. */
const SLOW = 'insee_unite_legale';
/** A source that no other waits for: those that wait for one that says 429 would find their minute closed. */
const LAST = 'infogreffe_extrait_rcs';

/**
 * Each fault that the mocked administrations know, and what the piece of its source must then say, the code by
 * its end.
 */
const FAULTS: [string, object, string, string | null][] = [
  ['hangs before its headers', { failure: 'hang' }, 'differe', null],
  ['hangs in mid-body', { failure: 'hang-mid-body' }, 'differe', null],
  ['sends a byte now and then', { failure: 'trickle' }, 'differe', null],
  ['is slower than the wait', { latencyMs: 3_500 }, 'differe', null],
  ['resets the connection', { failure: 'reset' }, 'indisponible', 'connexion_impossible'],
  ['resets in mid-body', { failure: 'reset-mid-body' }, 'indisponible', 'connexion_impossible'],
  ['truncates its JSON', { failure: 'truncated-json' }, 'indisponible', 'reponse_inattendue'],
  ['sends what is no JSON', { failure: 'invalid-json' }, 'indisponible', 'reponse_inattendue'],
  ['sends another shape', { failure: 'wrong-shape' }, 'indisponible', 'reponse_inattendue'],
  ['sends nothing', { failure: 'empty-body' }, 'indisponible', 'reponse_inattendue'],
  ['sends a page', { failure: 'html' }, 'indisponible', 'reponse_inattendue'],
  ['redirects', { failure: 'redirect' }, 'indisponible', null],
  ['says that there are too many calls', { failure: 'too-many-requests' }, 'differe', '429'],
  ['is in maintenance', { maintenance: { retryInSeconds: 900 } }, 'indisponible', '020'],
  ['fails', { errors: [{ code: '000', status: 502 }] }, 'indisponible', '000'],
];

/** A source that was left alone is asked again well before. */
const AGAIN_MS = 40_000;
/** Faults that speak of a time to come: until then the source is not asked, by anybody. */
const LASTING = ['429', '020'];

const spare = [...FAULTY];
const first = await startGateway(t);
let gateway = first;

/** One failure in its announced window, and a source is left alone until the window ends, whenever the test runs. */
function isInItsWindow(id: string): boolean {
  const source = catalog.find((one) => one.id === id);
  return source !== undefined && maintenanceEnd(source, Date.now()) !== null;
}

/**
 * Another gateway for one test: what it learns of the sources would hold for those after it. One
 * whose calls hang takes long to stop: the next test does not wait for that.
 */
async function startAnew(test: Test): Promise<void> {
  const another = await startGateway(t);
  gateway = another;
  test.teardown(() => {
    gateway = first;
    void another.stop();
  });
  await ask(siretOf());
}

let next = 0;
const siretOf = () => siretNumber(next++);

interface Timed {
  status: number;
  data: Dossier['data'];
  tookMs: number;
}

async function ask(siret: string, usage = 'marche_public', waitMs = WAIT_MS): Promise<Timed> {
  const startedMs = performance.now();
  const url = `${gateway.url}/v1/dossiers/${siret}?usage=${usage}&object=FAULTS&recipient=${RECIPIENT}`;
  const response = await fetch(url, { headers: { prefer: `wait=${waitMs / 1000}`, ...bearerAt(url) } });
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
    const faulty = code === '429' ? LAST : statut === 'differe' ? SLOW : (spare.shift() as string);
    const isLasting = LASTING.includes(code ?? '');
    if (isLasting) await startAnew(t);
    await setFault(faulty, fault);
    const { siret, data } = await askInTime(t);
    await clearFaults();
    const piece = data.pieces[faulty];
    t.equal(piece?.statut, statut, faulty);
    if (code) t.ok(piece?.erreur?.code.endsWith(code), `${piece?.erreur?.code} ends with ${code}`);
    t.type(piece?.nouvel_essai_le, 'string');
    t.strictSame(data.completude, {
      statut: 'partiel',
      en_attente: [faulty],
      prochain_essai_le: piece?.nouvel_essai_le,
    });
    t.equal(data.pieces.insee_etablissement?.statut, 'obtenu');
    if (statut === 'differe' && !code) return;
    const next = await ask(siret);
    t.equal(next.data.pieces.insee_etablissement?.obtenu_le, data.pieces.insee_etablissement?.obtenu_le);
    if (isLasting) t.equal(next.data.pieces[faulty]?.statut, statut, 'it is left alone until then');
    else
      t.equal(next.data.completude.statut, 'complet', 'a failure is not kept: it is over when the fault is');
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
        const first = await ask(siret, 'aide_publique', 0);
        t.equal(first.data.pieces[source]?.statut, 'differe', source);
        return { source, siret };
      }),
    );
    await clearFaults();
    for (const { source, siret } of hung) {
      const isThere = async () =>
        !(await ask(siret, 'aide_publique')).data.completude.en_attente.includes(source);
      await until(isThere, timeoutMs + WAIT_MS, () => `${source} never came back`);
    }
    const tookMs = performance.now() - startedMs;
    t.comment(`there again after ${Math.round(tookMs)} ms, of ${timeoutMs}`);
    t.ok(tookMs < timeoutMs + WAIT_MS + GRACE_MS, `${Math.round(tookMs)} ms`);
  },
);

const INSEE = ['insee_etablissement', 'insee_unite_legale'];
/** Of no use here, or out of their perimeter: what Insee says tells. */
const LEFT_OUT = ['non_demande', 'hors_perimetre'];

/** What all sources but two do at once, and what their pieces then say. */
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
    await startAnew(t);
    for (const id of INSEE) await setFault(id, {});
    await setFault('*', fault);
    const { siret, data } = await askInTime(t);
    await clearFaults();
    const asked = Object.values(data.pieces).filter((piece) => !LEFT_OUT.includes(piece.statut));
    t.ok(asked.length >= 15);
    for (const { source, statut: given } of asked) {
      if (INSEE.includes(source)) t.match(given, /^(obtenu|non_trouve)$/, source);
      else t.equal(given, statut, source);
    }
    t.type(data.identite.denomination, 'string');
    t.notOk(data.constats.some(({ conclusion }) => conclusion === 'contredite'));
    t.match(
      data.constats.find(({ exigence }) => exigence === 'regularite_sociale'),
      { conclusion: 'impossible_a_conclure' },
    );
    t.strictSame(data.a_demander, [], 'an outage asks nothing of the company');
    if ('maintenance' in fault || what.includes('too many')) return;
    const isOver = async () => (await ask(siretOf())).data.completude.en_attente.every(isInItsWindow);
    await until(isOver, AGAIN_MS, () => 'another company has everything once the sources are asked again');
    if (statut !== 'indisponible') return;
    const again = await ask(siret);
    t.ok(again.data.completude.en_attente.every(isInItsWindow));
    for (const id of INSEE) t.strictSame(again.data.pieces[id], data.pieces[id], `${id} has not moved`);
  });
}

await t.test(
  'a source that floods with 50 MB is cut off; the others are there within the wait',
  async (t) => {
    await startAnew(t);
    await setFault(SLOW, { failure: 'huge-body' });
    const { data } = await askInTime(t);
    await clearFaults();
    t.match(data.pieces[SLOW]?.statut, /^(indisponible|differe)$/);
    t.strictSame(data.completude.en_attente, [SLOW]);
  },
);

await t.test('with every source hanging, the answer still comes within the wait', async (t) => {
  await startAnew(t);
  await setFault('*', { failure: 'hang' });
  const { data } = await askInTime(t);
  await clearFaults();
  t.equal(data.completude.en_attente.length, 31, 'every source of the award');
  t.ok(data.constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
  t.strictSame(data.a_demander, [], 'nothing is asked of the company while an answer may come');
});

await t.test('what was late is there at the next call, and its obtenu_le no longer moves', async (t) => {
  await startAnew(t);
  await setFault(SLOW, { latencyMs: 600 });
  const { siret, data } = await askInTime(t, 0);
  t.equal(data.pieces[SLOW]?.statut, 'differe');
  const second = await ask(siret, 'marche_public', 5_000);
  await clearFaults();
  const third = await ask(siret);
  t.equal(second.data.completude.statut, 'complet');
  t.strictSame(third.data, second.data);
});
