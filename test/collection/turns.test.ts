import t from 'tap';
import type { Question } from '../../src/collection/ask-once.ts';
import type { Asked, Asking } from '../../src/collection/ask-source.ts';
import { createTurns } from '../../src/collection/turns.ts';
import { deferred, type NotAsked, unavailable } from '../../src/dossier/outcome.ts';
import type { Siren } from '../../src/dossier/siret.ts';
import { inseeEtablissement } from '../../src/sources/insee-etablissement.ts';
import { inseeUniteLegale } from '../../src/sources/insee-unite-legale.ts';
import { msaConformiteCotisations as MSA } from '../../src/sources/msa-conformite-cotisations.ts';
import type { Turn, Wanted } from '../../src/sources/turn.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { askedFor, fact } from '../helpers/app.ts';
import { tracing } from '../helpers/asker.ts';

const ANSWER = askedFor(fact('obtenu'));
const RULE: NotAsked = { statut: 'hors_perimetre', regle: 'Hors périmètre.' };
const FAILED = unavailable('delai_depasse', '…', null);
const question: Question = {
  source: MSA,
  subject: subjectOf(),
  tracing,
  refresh: false,
  lane: 'waiting',
};
const [ETABLISSEMENT, UNITE] = [inseeEtablissement.id, inseeUniteLegale.id];
const late: Asked = { ...askedFor(deferred(null, NOON_MS)), from: 'late' };

/** MSA, asked after Insee unless a rule leaves it out. */
function setUp(turn: Partial<Turn>, answer: Asking['answer'] = ANSWER, wantedIds = [ETABLISSEMENT, UNITE]) {
  const asked: Question[] = [];
  const whole: Turn = {
    after: [ETABLISSEMENT, UNITE],
    canGoFirst: true,
    decide: (_, isFinal) => (isFinal ? {} : null),
    ...turn,
  };
  const msa: Wanted = { source: MSA, turn: whole };
  const insee = [inseeEtablissement, inseeUniteLegale].filter(({ id }) => wantedIds.includes(id));
  const turns = createTurns({
    ask: (one) => {
      asked.push(one);
      return { answer, meanwhile: () => late };
    },
    wanted: [...insee.map((source) => ({ source, turn: null })), msa],
    now: () => NOON_MS,
  });
  return { asked, turns, begin: () => turns.ask(msa, question, () => {}) };
}

t.test('a source waits for all that it comes after, then is asked', async (t) => {
  const { asked, turns, begin } = setUp({});
  const { answer } = begin();
  turns.hear(ETABLISSEMENT, fact('obtenu'));
  t.equal(asked.length, 0);
  t.ok(turns.isAnyWaiting());
  turns.hear(UNITE, fact('obtenu'));
  t.equal(asked.length, 1);
  t.notOk(turns.isAnyWaiting());
  t.equal(await answer, ANSWER);
});

t.test('one that a rule leaves out is never asked, and says the rule', async (t) => {
  const { asked, turns, begin } = setUp({ decide: (_, isFinal) => (isFinal ? RULE : null) });
  const { answer } = begin();
  turns.hear(ETABLISSEMENT, fact('obtenu'));
  turns.hear(UNITE, fact('obtenu'));
  t.match(await answer, { outcome: RULE, from: 'rule', entry: null });
  t.equal(asked.length, 0);
});

t.test('when all is known before, the answer is there at once', async (t) => {
  const { asked, turns, begin } = setUp({});
  turns.hear(ETABLISSEMENT, fact('obtenu'));
  turns.hear(UNITE, fact('obtenu'));
  t.equal(begin().answer, ANSWER, 'no turn of the event loop is lost');
  t.equal(asked.length, 1);
});

t.test('who is not asked at all is not waited for', async (t) => {
  const { asked, begin } = setUp({}, ANSWER, []);
  begin();
  t.equal(asked.length, 1);
});

t.test('a failure is an answer: the source is asked', async (t) => {
  const { asked, turns, begin } = setUp({});
  begin();
  turns.hear(ETABLISSEMENT, FAILED);
  turns.hear(UNITE, FAILED);
  t.equal(asked.length, 1);
});

t.test('those who may go first do when the others are late; those who may not still wait', async (t) => {
  const first = setUp({});
  first.begin();
  first.turns.hurry();
  t.equal(first.asked.length, 1);
  first.turns.hear(UNITE, fact('obtenu'));
  t.equal(first.asked.length, 1, 'once');
  const patient = setUp({ canGoFirst: false });
  patient.begin();
  patient.turns.hurry();
  t.equal(patient.asked.length, 0);
});

t.test('at the deadline a source still waiting is asked, and says what it can', async (t) => {
  const kept = setUp({});
  t.equal(kept.begin().meanwhile(), ANSWER, 'what is kept of it is there');
  const away = setUp({}, new Promise<Asked>(() => {}));
  t.equal(away.begin().meanwhile(), late);
  const patient = setUp({ canGoFirst: false });
  const { meanwhile } = patient.begin();
  t.match(meanwhile(), { outcome: { statut: 'differe' }, from: 'late' });
  patient.turns.hear(ETABLISSEMENT, fact('obtenu'));
  patient.turns.hear(UNITE, fact('obtenu'));
  t.equal(patient.asked.length, 1, 'it goes on in the background');
});

t.test('what the others said may be part of the question', async (t) => {
  const mere = '000756189' as Siren;
  const { asked, turns, begin } = setUp({
    decide: (answers, isFinal) => (isFinal && answers.get(UNITE) ? { mere } : null),
  });
  begin();
  turns.hear(ETABLISSEMENT, fact('obtenu'));
  turns.hear(UNITE, fact('obtenu'));
  t.match(asked[0]?.subject, { ...subjectOf(), mere });
});

t.test('a bug in a decision costs the piece and nothing else', async (t) => {
  const { turns, begin } = setUp({
    decide: (answers) => {
      if (answers.size > 0) throw new Error('bug');
      return null;
    },
  });
  const { answer } = begin();
  t.doesNotThrow(() => turns.hear(UNITE, fact('obtenu')));
  await t.rejects(answer as Promise<Asked>, { message: 'bug' });
});
