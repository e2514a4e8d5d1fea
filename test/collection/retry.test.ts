import t from 'tap';
import { createRetryBudget, pauseBeforeRetry } from '../../src/collection/retry.ts';
import { deferred, type Failure, notNeeded, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { fact } from '../helpers/app.ts';

const LONG_MS = 60_000;
const down = (code: string, retryAfterMs?: number): Failure => ({
  ...unavailable(code, 'Panne', null),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const conflict = (code = '00015') => deferred({ code, titre: 'Conflit' }, null);

/** The pause with the smallest and the largest draw. */
function pauses(outcome: Outcome, attempt = 1, leftMs = LONG_MS): (number | null)[] {
  return [0, 1].map((draw) => pauseBeforeRetry({ outcome, attempt, leftMs, random: () => draw }));
}

t.test('what is passing is asked again after a short pause, which no two callers share', async (t) => {
  const codes = ['connexion_impossible', 'http_502', 'http_503', 'http_504', '00501', '501', '02501', '2501'];
  for (const code of [...codes, '31502', '01004', '99004', '4004', '01011', '55011', '99001']) {
    t.strictSame(pauses(down(code)), [100, 300], code);
    t.strictSame(pauses(down(code), 2), [200, 600], `${code}, the second time`);
    t.strictSame(pauses(down(code), 3), [null, null], `${code}, not a third time`);
  }
});

t.test('what asking again does not help is not asked again', async (t) => {
  const codes = ['delai_depasse', 'reponse_inattendue', 'reponse_trop_grande', 'identifiant_different'];
  const provider = ['99000', '99002', '99008', '99020', '99999', '99055', '02502', '01501', '31501', '31503'];
  const others = [
    'http_500',
    'http_400',
    'http_404',
    'http_422',
    '00500',
    '00004',
    '00011',
    '00502',
    '004',
    '',
  ];
  for (const code of [...codes, ...provider, ...others]) t.strictSame(pauses(down(code)), [null, null], code);
  const rights: Outcome = {
    statut: 'non_autorise',
    erreur: { code: '00101', titre: 'Interdit' },
    nouvel_essai_le: null,
  };
  const statements: Outcome[] = [fact('obtenu'), fact('non_trouve'), fact('en_examen'), rights, notNeeded];
  const quotas = [deferred({ code: '00429', titre: 'Trop de requêtes' }, null), conflict('http_429')];
  for (const outcome of [...statements, ...quotas, deferred(null, null)]) {
    t.strictSame(pauses(outcome), [null, null], JSON.stringify(outcome));
  }
});

t.test('a question that the hub is already asking is asked again at growing pauses', async (t) => {
  const expected = [
    [400, 600],
    [800, 1200],
    [1200, 1800],
    [1600, 2400],
    [2000, 3000],
    [2400, 3600],
    [null, null],
  ];
  for (const [index, range] of expected.entries()) t.strictSame(pauses(conflict(), index + 1), range);
  t.strictSame(pauses(conflict('http_409')), [400, 600]);
});

t.test('the time that the source states is waited for, when a call still fits after it', async (t) => {
  t.strictSame(pauses(down('00501', 10_000), 1, 11_000), [10_000, 10_000]);
  t.strictSame(pauses(down('00501', 10_000), 1, 10_999), [null, null]);
  t.strictSame(pauses(down('00501', 0)), [100, 300], 'at once is after the usual pause');
  t.strictSame(pauses({ ...conflict(), retryAfterMs: 2_000 }), [2_000, 2_000]);
  t.strictSame(pauses(down('99020', 1)), [null, null], 'a maintenance is not');
});

t.test('nothing is asked again when no call fits in what is left', async (t) => {
  t.strictSame(pauses(down('http_502'), 1, 1_299), [100, null]);
  t.strictSame(pauses(down('http_502'), 1, 1_300), [100, 300]);
  t.strictSame(pauses(conflict(), 1, 0), [null, null]);
});

t.test('retries are a tenth of the calls, and ten in a row at the most', async (t) => {
  const budget = createRetryBudget();
  const spend = () => Array.from({ length: 20 }, budget.take).filter(Boolean).length;
  t.equal(spend(), 10);
  const table: [number, number][] = [
    [9, 0],
    [1, 1],
    [10, 1],
    [95, 9],
    [5, 1],
    [1_000, 10],
  ];
  for (const [calls, retries] of table) {
    for (let i = 0; i < calls; i++) budget.deposit();
    t.equal(spend(), retries, `${calls} calls`);
  }
});
