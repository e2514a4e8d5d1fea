import t from 'tap';
import type { Attempt, Question } from '../../src/collection/ask-once.ts';
import { createAskPatiently } from '../../src/collection/ask-patiently.ts';
import type { KeepFault } from '../../src/collection/keep-document.ts';
import { createRetryBudget } from '../../src/collection/retry.ts';
import { deferred, type Outcome, type StoredDocument, unavailable } from '../../src/dossier/outcome.ts';
import { dgfipLiassesFiscales } from '../../src/sources/dgfip-liasses-fiscales.ts';
import type { Source } from '../../src/sources/source.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { fact } from '../helpers/app.ts';
import { HOURLY, tracing } from '../helpers/asker.ts';

const ABSENT = fact('non_trouve');
const RESET = unavailable('connexion_impossible', '…', NOON_MS);
const CONFLICT = deferred({ code: '00015', titre: 'Déjà en cours' }, NOON_MS);

/** Asks in a world where each call comes to what is next in the script, the last for ever, and time costs nothing. */
function setUp(script: [outcome: Outcome, tookMs: number | null][], retries = createRetryBudget()) {
  const calls: { path: string; timeoutMs: number }[] = [];
  const pauses: number[] = [];
  const ask = createAskPatiently({
    async askOnce(_question, path, timeoutMs): Promise<Attempt> {
      const [outcome, tookMs] = script[Math.min(calls.length, script.length - 1)] as [Outcome, number | null];
      calls.push({ path, timeoutMs });
      return { outcome, link: null, tookMs };
    },
    keepDocument: async () => ({ document: 'lien_refuse', tookMs: 0 }),
    retries,
    random: () => 0.5,
    sleep: async (delayMs) => void pauses.push(delayMs),
  });
  const asked = (source: Source = HOURLY) => {
    const question: Question = { source, subject: subjectOf(), tracing, refresh: false, lane: 'waiting' };
    return ask(question, () => {});
  };
  return { asked, calls, pauses, timeouts: () => calls.map(({ timeoutMs }) => timeoutMs) };
}

t.test('the next path is asked only when the one before does not know the company', async (t) => {
  const absent = setUp([[ABSENT, 100]]);
  t.match(await absent.asked(dgfipLiassesFiscales), { statut: 'non_trouve' });
  t.same(
    absent.calls.map(({ path }) => path.slice(-5)),
    ['/2025', '/2024'],
  );
  for (const outcome of [fact('obtenu'), fact('en_examen'), unavailable('03002', '…', null)]) {
    const known = setUp([[outcome, 100]]);
    t.equal(await known.asked(dgfipLiassesFiscales), outcome);
    t.equal(known.calls.length, 1, outcome.statut);
  }
});

t.test('all paths and retries share the time of their source', async (t) => {
  const { asked, timeouts, pauses } = setUp([
    [ABSENT, 6_000],
    [RESET, 2_000],
    [fact('obtenu'), 100],
  ]);
  t.match(await asked(dgfipLiassesFiscales), { statut: 'obtenu' });
  t.same(pauses, [200]);
  t.same(timeouts(), [15_000, 9_000, 6_800]);
});

t.test('a path for which no time is left is not asked', async (t) => {
  const { asked, calls } = setUp([[ABSENT, 15_000]]);
  t.match(await asked(dgfipLiassesFiscales), { statut: 'non_trouve' });
  t.equal(calls.length, 1);
});

t.test('what may pass is asked again, what will not is not', async (t) => {
  const passing = setUp([[RESET, 100]]);
  t.equal(await passing.asked(), RESET);
  t.equal(passing.calls.length, 3, 'twice more');
  const conflicting = setUp([
    [CONFLICT, 100],
    [fact('obtenu'), 100],
  ]);
  t.match(await conflicting.asked(), { statut: 'obtenu' });
  for (const outcome of [unavailable('delai_depasse', '…', null), fact('en_examen')]) {
    const lasting = setUp([[outcome, 100]]);
    await lasting.asked();
    t.equal(lasting.calls.length, 1, outcome.statut);
  }
});

t.test('nothing is asked again when too little time is left for it', async (t) => {
  const { asked, calls, pauses } = setUp([[RESET, 13_900]]);
  t.equal(await asked(), RESET);
  t.equal(calls.length, 1);
  t.same(pauses, []);
  const inTime = setUp([[RESET, 13_000]]);
  await inTime.asked();
  t.same(inTime.timeouts(), [15_000, 1_800], 'once, then no more');
});

t.test('what was not called, but answered for, is not asked again', async (t) => {
  const { asked, calls } = setUp([[RESET, null]]);
  t.equal(await asked(), RESET);
  t.equal(calls.length, 1);
});

t.test(
  'a source that is asking already is asked again whatever was spent: it is not in trouble',
  async (t) => {
    const spent = createRetryBudget();
    while (spent.take());
    const { asked, calls } = setUp([[CONFLICT, 100]], spent);
    await asked();
    t.ok(calls.length > 2, `${calls.length} calls`);
    const { calls: others, asked: again } = setUp([[RESET, 100]], spent);
    await again();
    t.equal(others.length, 1, 'one in trouble is not');
  },
);

t.test('retries are a tenth of the calls, so that sources in trouble are not made worse', async (t) => {
  const { asked, calls } = setUp([[RESET, 100]]);
  const questions = 1_000;
  for (let n = 0; n < questions; n++) await asked();
  const retries = calls.length - questions;
  t.ok(retries > 90 && retries <= 111, `${retries} retries`);
});

const STORED: StoredDocument = { sha256: 'a'.repeat(64), taille: 10 };

/** Asks a source whose answers hold links, which lead to what is next in the script, the last for ever. */
function setUpLinks(
  documents: (StoredDocument | KeepFault)[],
  {
    links = ['https://a', 'https://b'] as (string | null)[],
    retries = createRetryBudget(),
    tookMs = 1_000,
  } = {},
) {
  const refreshes: boolean[] = [];
  const followed: { link: string; timeoutMs: number }[] = [];
  const ask = createAskPatiently({
    async askOnce({ refresh }): Promise<Attempt> {
      const link = links[Math.min(refreshes.length, links.length - 1)] ?? null;
      refreshes.push(refresh);
      return { outcome: fact('obtenu', refreshes.length), link, tookMs };
    },
    async keepDocument(_question, link, timeoutMs) {
      const document = documents[Math.min(followed.length, documents.length - 1)] as StoredDocument;
      followed.push({ link, timeoutMs });
      return { document, tookMs: 500 };
    },
    retries,
    random: () => 0.5,
    sleep: async () => {},
  });
  const asked = (refresh = false) =>
    ask({ source: HOURLY, subject: subjectOf(), tracing, refresh, lane: 'waiting' }, () => {});
  return { asked, refreshes, followed };
}

t.test('a link is followed in the time that is left to its source', async (t) => {
  const { asked, followed } = setUpLinks([STORED]);
  t.match(await asked(), { statut: 'obtenu', document: STORED });
  t.strictSame(followed, [{ link: 'https://a', timeoutMs: HOURLY.timeoutMs - 1_000 }]);
});

t.test('an answer without a link has no document, and misses none', async (t) => {
  const { asked, followed } = setUpLinks([STORED], { links: [null] });
  t.notOk('document' in (await asked()));
  t.strictSame(followed, []);
});

t.test('a document that cannot be had is missing, and nothing else of the piece is', async (t) => {
  for (const fault of ['delai_depasse', 'pas_un_pdf', 'lien_refuse', 'conservation_impossible'] as const) {
    const { asked, refreshes } = setUpLinks([fault]);
    t.strictSame(await asked(), { ...fact('obtenu', 1), document: 'manquant' }, fault);
    t.equal(refreshes.length, 1, 'another link would do no better');
  }
});

t.test('for a dead link another is asked for, past what the hub keeps, once', async (t) => {
  const renewed = setUpLinks(['lien_mort', STORED]);
  t.match(await renewed.asked(), { donnees: 2, document: STORED });
  t.strictSame(renewed.refreshes, [false, true]);
  t.strictSame(
    renewed.followed.map(({ link }) => link),
    ['https://a', 'https://b'],
  );
  const dead = setUpLinks(['lien_mort']);
  t.match(await dead.asked(), { donnees: 2, document: 'manquant' });
  t.equal(dead.refreshes.length, 2);
});

t.test(
  'it is not when it was asked for already, when retries are spent, or when no time is left',
  async (t) => {
    const refreshed = setUpLinks(['lien_mort']);
    t.match(await refreshed.asked(true), { document: 'manquant' });
    t.strictSame(refreshed.refreshes, [true]);
    const retries = createRetryBudget();
    while (retries.take());
    const spent = setUpLinks(['lien_mort'], { retries });
    t.match(await spent.asked(), { document: 'manquant' });
    t.equal(spent.refreshes.length, 1);
    const late = setUpLinks(['lien_mort'], { tookMs: HOURLY.timeoutMs - 100 });
    t.match(await late.asked(), { document: 'manquant' });
    t.equal(late.refreshes.length, 1);
  },
);

t.test('an answer that comes without a link in place of a dead one is the one that is given', async (t) => {
  const { asked } = setUpLinks(['lien_mort'], { links: ['https://a', null] });
  t.strictSame(await asked(), fact('obtenu', 2));
});
