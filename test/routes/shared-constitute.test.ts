import t from 'tap';
import { habilitationOf } from '../../src/access/demonstration.ts';
import { rightsOf } from '../../src/access/rights.ts';
import { deferred } from '../../src/dossier/outcome.ts';
import type { Siret } from '../../src/dossier/siret.ts';
import type { Constituted } from '../../src/routes/constitute-dossier.ts';
import type { DossierQuestion } from '../../src/routes/dossier-question.ts';
import { createSharedConstitute } from '../../src/routes/shared-constitute.ts';
import { usages } from '../../src/usages/usages.ts';
import { subjectOf } from '../helpers/answer.ts';
import { askedFor, fact, SIRET } from '../helpers/app.ts';
import { tracing } from '../helpers/asker.ts';

const { siren } = subjectOf();
const QUESTION: DossierQuestion = {
  siret: SIRET as Siret,
  siren,
  usage: usages.socle,
  procedure: { etape: null, nature: null },
  date: null,
  tracing,
  waitMs: 5_000,
  refresh: false,
  rights: rightsOf(habilitationOf('socle', 0)),
};
const WHOLE: Constituted = {
  dossier: null,
  collected: new Map([['msa_conformite_cotisations', askedFor(fact('obtenu'))]]),
  mere: null,
  today: '2026-11-23',
};
const PARTIAL: Constituted = {
  dossier: null,
  collected: new Map([['msa_conformite_cotisations', { ...askedFor(deferred(null, null)), from: 'late' }]]),
  mere: null,
  today: '2026-11-23',
};

/** Dossiers that are constituted when the test says, on a clock of its own. */
function setUp() {
  let nowMs = 0;
  const works: {
    question: DossierQuestion;
    end: (constituted: Constituted) => void;
    fail: (error: Error) => void;
  }[] = [];
  const constitute = createSharedConstitute(
    (question) => {
      const { promise, resolve, reject } = Promise.withResolvers<Constituted>();
      works.push({ question, end: resolve, fail: reject });
      return promise;
    },
    () => nowMs,
  );
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { constitute, works, pass };
}

t.test('who asks for the same dossier at the same time waits for the same one', async (t) => {
  const { constitute, works } = setUp();
  const crowd = Array.from({ length: 100 }, () => constitute(QUESTION));
  t.equal(works.length, 1);
  works[0]?.end(WHOLE);
  t.same(new Set(await Promise.all(crowd)), new Set([WHOLE]));
  const next = constitute(QUESTION);
  t.equal(works.length, 2, 'who comes after that does not');
  works[1]?.end(WHOLE);
  await next;
});

t.test(
  'who asks for something else, for something newer, or for each piece as it comes, waits alone',
  async (t) => {
    const { constitute, works } = setUp();
    const all = [
      constitute(QUESTION),
      constitute({ ...QUESTION, siret: '35600000000048' as Siret }),
      constitute({ ...QUESTION, usage: usages.marche_public }),
      constitute({ ...QUESTION, date: '2026-11-02' }),
      constitute({ ...QUESTION, procedure: { etape: 'suivi', nature: null } }),
      constitute({ ...QUESTION, waitMs: 1_000 }),
      constitute({ ...QUESTION, refresh: true }),
      constitute(QUESTION, { onPiece() {} }),
    ];
    t.equal(works.length, all.length);
    for (const { end } of works) end(WHOLE);
    await Promise.all(all);
  },
);

t.test(
  'who came later goes on for the rest of its own wait when pieces were late for the first',
  async (t) => {
    const { constitute, works, pass } = setUp();
    const first = constitute(QUESTION);
    pass(3_000);
    const second = constitute(QUESTION);
    pass(2_000);
    works[0]?.end(PARTIAL);
    t.equal(await first, PARTIAL, 'the first has waited long enough');
    await new Promise(setImmediate);
    t.equal(works.length, 2);
    t.strictSame(works[1]?.question, { ...QUESTION, waitMs: 3_000 });
    works[1]?.end(WHOLE);
    t.equal(await second, WHOLE);
  },
);

t.test(
  'who came later has what the first has when nothing is late, or when its own wait is over too',
  async (t) => {
    const { constitute, works, pass } = setUp();
    const early = [constitute(QUESTION), constitute(QUESTION)];
    works[0]?.end(WHOLE);
    for (const one of early) t.equal(await one, WHOLE);
    const late = [constitute(QUESTION), constitute(QUESTION)];
    pass(5_000);
    works[1]?.end(PARTIAL);
    for (const one of late) t.equal(await one, PARTIAL);
    t.equal(works.length, 2);
  },
);

t.test('who came first is given what came early, though pieces are late and time is left', async (t) => {
  const { constitute, works, pass } = setUp();
  const first = constitute(QUESTION);
  pass(100);
  works[0]?.end(PARTIAL);
  await new Promise(setImmediate);
  t.equal(works.length, 1);
  t.equal(await first, PARTIAL);
});

t.test('a bug is that of all who wait, and the next tries again', async (t) => {
  const { constitute, works } = setUp();
  const both = [constitute(QUESTION), constitute(QUESTION)];
  works[0]?.fail(new Error('a bug'));
  for (const one of both) await t.rejects(one, /a bug/);
  const next = constitute(QUESTION);
  t.equal(works.length, 2);
  works[1]?.end(WHOLE);
  t.equal(await next, WHOLE);
});
