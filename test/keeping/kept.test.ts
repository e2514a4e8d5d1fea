import fc from 'fast-check';
import t from 'tap';
import { deferred, type Fact, notNeeded, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { dayOf, endOfDay, instantOf } from '../../src/dossier/time.ts';
import { type Kept, keptOf } from '../../src/keeping/kept.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { freshUntil } from '../../src/sources/freshness.ts';
import type { Source } from '../../src/sources/source.ts';
import { urssafAttestationVigilance as urssaf } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { fact } from '../helpers/app.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTES_OF_TWO_YEARS = 2 * 366 * 24 * 60;

const source: Source = {
  ...urssaf,
  freshness: { forSeconds: 3600 },
  revalidateSeconds: 600,
  staleSeconds: 86_400,
  absentSeconds: 300,
};
const forbidden: Outcome = {
  statut: 'non_autorise',
  erreur: { code: '01005', titre: 'Unité légale non diffusible' },
  nouvel_essai_le: null,
};

function keep(outcome: Outcome, of: Source = source, nowMs = NOON_MS): Kept {
  const kept = keptOf(of, outcome, nowMs);
  if (!kept) throw new Error(`not kept: ${outcome.statut}`);
  return kept;
}

function proofUntil(au: string | null, nowMs = NOON_MS): Fact {
  return { ...fact('obtenu'), validite: { du: null, au }, obtenu_le: instantOf(nowMs) };
}

const anySource = fc.constantFrom(...catalog);
/** Every minute of two years, changes of the clock included. */
const anyInstant = fc
  .integer({ min: 0, max: MINUTES_OF_TWO_YEARS })
  .map((minute) => Date.parse('2026-01-01T00:00:00Z') + minute * 60_000);

t.test('an answer is fresh, then served while it is asked again, then only in place of none', async (t) => {
  const { freshUntilMs, revalidateUntilMs, staleUntilMs } = keep(proofUntil(null));
  t.equal(freshUntilMs, NOON_MS + HOUR_MS);
  t.equal(revalidateUntilMs, freshUntilMs + 600_000);
  t.equal(staleUntilMs, freshUntilMs + DAY_MS);
});

t.test('nothing is served stale after the last day of its validity has ended in Paris', async (t) => {
  const tonight = keep(proofUntil('2026-11-23'));
  t.equal(tonight.staleUntilMs, Date.parse('2026-11-23T23:00:00Z'), 'midnight in Paris');
  t.equal(tonight.revalidateUntilMs, tonight.freshUntilMs + 600_000, 'which is before');
  const late = keep(proofUntil('2026-11-23'), source, Date.parse('2026-11-23T21:55:00Z'));
  t.equal(late.revalidateUntilMs, Date.parse('2026-11-23T23:00:00Z'));
  t.equal(keep(proofUntil('2026-11-24')).staleUntilMs, NOON_MS + HOUR_MS + DAY_MS, 'a day more is enough');
  fc.assert(
    fc.property(anySource, anyInstant, fc.integer({ min: -400, max: 400 }), (one, nowMs, days) => {
      const au = dayOf(nowMs + days * DAY_MS);
      const { revalidateUntilMs, staleUntilMs } = keep(proofUntil(au, nowMs), one, nowMs);
      return Math.max(revalidateUntilMs, staleUntilMs) <= endOfDay(au);
    }),
  );
});

t.test('what says no lives less than what says yes, for every source at any minute', async (t) => {
  const negatives: Outcome[] = [
    fact('non_trouve'),
    forbidden,
    fact('en_examen'),
    { ...fact('en_examen'), nouvel_essai_le: 'soon' },
  ];
  fc.assert(
    fc.property(anySource, anyInstant, (one, nowMs) => {
      const { freshUntilMs: positiveMs } = keep(fact('obtenu'), one, nowMs);
      return negatives.every((outcome) => {
        const { freshUntilMs } = keep(outcome, one, nowMs);
        return nowMs < freshUntilMs && freshUntilMs < positiveMs;
      });
    }),
    { numRuns: 2_000 },
  );
  t.equal(keep(fact('non_trouve')).freshUntilMs, NOON_MS + 300_000, 'as long as its source says');
  t.equal(keep(fact('refuse')).freshUntilMs, NOON_MS + HOUR_MS, 'a refusal is a statement like a proof');
});

t.test('a case that its source examines for two days is kept until then, and not longer', async (t) => {
  const examinedFor = (ms: number) =>
    keep({ ...fact('en_examen'), nouvel_essai_le: instantOf(NOON_MS + ms) }).freshUntilMs;
  t.equal(examinedFor(2 * DAY_MS), NOON_MS + 2 * DAY_MS);
  t.equal(examinedFor(DAY_MS), NOON_MS + DAY_MS);
  t.equal(examinedFor(30 * DAY_MS), NOON_MS + 2 * DAY_MS, 'however long it says');
  t.equal(examinedFor(60_000), NOON_MS + 300_000, 'as long as any negative answer when it says less');
});

t.test('a failure is not a fact: it is not kept, nor is what was never asked', async (t) => {
  const ours: Outcome = { ...forbidden, erreur: { code: '00100', titre: 'Vos droits' } };
  const unkeepable: Outcome[] = [
    unavailable('delai_depasse', '…', NOON_MS),
    deferred(null, NOON_MS),
    ours,
    { ...ours, erreur: null },
    notNeeded,
    { statut: 'hors_perimetre', regle: 'Réservé aux associations.' },
  ];
  for (const outcome of unkeepable) t.equal(keptOf(source, outcome, NOON_MS), null, outcome.statut);
});

t.test('a company that the law forbids to show is known to be one, code or not', async (t) => {
  for (const code of ['1005', '41005']) {
    const one: Outcome = { ...forbidden, erreur: { code, titre: 'Unité légale non diffusible' } };
    t.equal(keep(one).outcome, one, code);
  }
  t.equal(keep(forbidden).outcome, forbidden);
  const bare: Outcome = { ...forbidden, erreur: { code: 'http_451', titre: 'HTTP 451' } };
  t.equal(keep(bare).freshUntilMs, NOON_MS + 300_000);
});

t.test('a situation as of the call is never served on another day', async (t) => {
  const ofTheDay = catalog.filter(({ id }) => /^(msa|probtp)_/.test(id));
  t.equal(ofTheDay.length, 3);
  fc.assert(
    fc.property(
      fc.constantFrom(...ofTheDay),
      anyInstant,
      fc.constantFrom<Fact['statut']>('obtenu', 'refuse', 'non_trouve', 'en_examen'),
      (one, nowMs, statut) => {
        const { freshUntilMs, revalidateUntilMs, staleUntilMs } = keep(fact(statut), one, nowMs);
        const lastMs = Math.max(freshUntilMs, revalidateUntilMs, staleUntilMs);
        return lastMs === freshUntilMs && lastMs <= endOfDay(dayOf(nowMs));
      },
    ),
  );
});

t.test('an answer that says nothing of its end is as fresh as its source publishes', async (t) => {
  for (const one of catalog) {
    t.equal(keep(proofUntil(null), one).freshUntilMs, freshUntil(one.freshness, NOON_MS), one.id);
  }
});

t.test(
  'an answer whose document is missing is asked again in ten minutes, by who waits for it',
  async (t) => {
    const missing = { ...fact('obtenu'), document: 'manquant' as const };
    const kept = keep(missing);
    t.equal(kept.freshUntilMs, NOON_MS + 600_000);
    t.equal(kept.revalidateUntilMs, kept.freshUntilMs);
    t.ok(kept.staleUntilMs > NOON_MS + HOUR_MS, 'it still serves if its source does not answer');
    const whole = keep({ ...fact('obtenu'), document: { sha256: 'a'.repeat(64), taille: 10 } });
    t.equal(whole.freshUntilMs, NOON_MS + HOUR_MS);
  },
);
