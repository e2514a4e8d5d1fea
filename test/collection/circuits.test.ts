import fc from 'fast-check';
import t from 'tap';
import { type CircuitState, type CircuitsOptions, createCircuits } from '../../src/collection/circuits.ts';
import { deferred, type Failure, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { inseeUniteLegale } from '../../src/sources/insee-unite-legale.ts';
import { msaConformiteCotisations } from '../../src/sources/msa-conformite-cotisations.ts';
import type { Source } from '../../src/sources/source.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { fact } from '../helpers/app.ts';

const insee = inseeUniteLegale as unknown as Source;
/** Announces that it may be down from 03:00 to 03:30. */
const msa = msaConformiteCotisations as unknown as Source;
const THREE_MS = Date.parse('2026-11-23T02:00:00Z');

const broken = unavailable('99001', 'Service non disponible', null);
const forbidden: Failure = {
  statut: 'non_autorise',
  erreur: { code: '00100', titre: 'Privilèges insuffisants' },
  nouvel_essai_le: null,
};
const maintenance = (retryAfterMs?: number): Failure => ({
  ...unavailable('99020', 'Maintenance', null),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** Circuits at noon, without jitter unless told; their clock; their transitions. */
function scene(options: Partial<CircuitsOptions> = {}, startMs = NOON_MS) {
  const clock = { nowMs: startMs };
  const changes: CircuitState[] = [];
  const circuits = createCircuits({
    now: () => clock.nowMs,
    random: () => 0.5,
    onChange: (_source, state) => void changes.push(state),
    ...options,
  });
  const call = (outcome: Outcome, source = insee) => {
    const refusal = circuits.refusal(source);
    if (refusal === null) circuits.record(source, outcome, clock.nowMs);
    return refusal as Failure | null;
  };
  const calls = (outcome: Outcome, times: number, source = insee) => {
    for (let i = 0; i < times; i++) call(outcome, source);
  };
  const etat = (source = insee) => circuits.stateOf(source).etat;
  /** How long the source is left alone from now. */
  const restMs = (source = insee) => {
    const state = circuits.stateOf(source);
    return state.etat === 'ferme' ? 0 : state.untilMs - clock.nowMs;
  };
  return { circuits, clock, changes, call, calls, etat, restMs };
}

t.test('a source that works is asked, and so is one that fails now and then', async (t) => {
  const { call, calls, etat } = scene();
  calls(broken, 4);
  calls(fact('non_trouve'), 1);
  calls(broken, 4);
  t.equal(call(broken), null);
  t.equal(etat(), 'ouvert', 'the fifth in a row opens the circuit');
});

t.test('a source that is left alone is answered for at once: why, and when it is tried again', async (t) => {
  const { calls, call, circuits, changes, clock } = scene();
  clock.nowMs += 250;
  calls(broken, 5);
  t.strictSame(call(broken), {
    statut: 'indisponible',
    erreur: {
      code: '99001',
      titre: "Source en panne, laissée au repos jusqu'au prochain essai : Service non disponible",
    },
    nouvel_essai_le: '2026-11-23T11:00:11Z',
  });
  const { erreur } = broken;
  const state = { etat: 'ouvert', untilMs: NOON_MS + 10_250, restMs: 10_000, erreur };
  t.strictSame(circuits.stateOf(insee), state);
  t.strictSame(changes, [state]);
  t.equal(circuits.refusal(msa), null, 'the others are asked');
});

t.test('one in two of twenty calls that fail is too many', async (t) => {
  const { calls, etat } = scene();
  for (let i = 0; i < 9; i++) {
    calls(fact('obtenu'), 1);
    calls(broken, 1);
  }
  t.equal(etat(), 'ferme');
  calls(fact('obtenu'), 1);
  calls(broken, 1);
  t.equal(etat(), 'ouvert');
});

t.test('what tells nothing of the source neither opens its circuit nor counts as a success', async (t) => {
  const { calls, etat } = scene();
  calls(broken, 4);
  calls(unavailable('identifiant_different', 'Autre', null), 10);
  calls(unavailable('99999', 'Erreur inconnue', null), 10);
  calls(deferred({ code: '00429', titre: 'Trop de requêtes' }, null), 10);
  t.equal(etat(), 'ferme');
  calls(broken, 1);
  t.equal(etat(), 'ouvert');
});

t.test('after the rest one call is let through, and its success closes the circuit', async (t) => {
  const { calls, call, circuits, changes, clock, etat } = scene();
  calls(broken, 5);
  clock.nowMs += 9_999;
  t.ok(circuits.refusal(insee));
  clock.nowMs += 1;
  t.equal(etat(), 'demi_ouvert');
  t.equal(circuits.refusal(insee), null);
  t.match(call(broken), { erreur: { code: '99001' }, nouvel_essai_le: '2026-11-23T11:00:17Z' });
  circuits.record(insee, fact('obtenu'), clock.nowMs);
  t.equal(etat(), 'ferme');
  t.same(
    changes.map((state) => state.etat),
    ['ouvert', 'demi_ouvert', 'ferme'],
  );
  calls(broken, 4);
  t.equal(etat(), 'ferme', 'the failures before are forgotten');
});

t.test('each probe that fails doubles the rest, up to a bound', async (t) => {
  const { calls, clock, restMs } = scene();
  calls(broken, 5);
  const rests: number[] = [];
  for (let i = 0; i < 6; i++) {
    rests.push(restMs());
    clock.nowMs += restMs();
    calls(broken, 1);
  }
  t.strictSame(rests, [10_000, 20_000, 40_000, 80_000, 160_000, 160_000]);
});

t.test('rests are spread by a fifth', async (t) => {
  for (const [draw, expectedMs] of [
    [0, 8_000],
    [1, 12_000],
  ] as const) {
    const { calls, restMs } = scene({ random: () => draw });
    calls(broken, 5);
    t.equal(restMs(), expectedMs);
  }
});

t.test('a probe that tells nothing leaves all as it was for ten seconds', async (t) => {
  const { calls, clock, circuits, restMs } = scene();
  calls(broken, 5);
  clock.nowMs += 10_000;
  calls(deferred({ code: '00429', titre: 'Trop de requêtes' }, null), 1);
  t.match(circuits.stateOf(insee), { etat: 'ouvert', erreur: broken.erreur });
  t.equal(restMs(), 10_000);
  clock.nowMs += 10_000;
  calls(broken, 1);
  t.equal(restMs(), 20_000, 'and the next that fails doubles');
});

t.test('a probe of which nothing is heard gives way after the time of its source', async (t) => {
  const { calls, clock, circuits } = scene();
  calls(broken, 5);
  clock.nowMs += 10_000;
  t.equal(circuits.refusal(insee), null);
  const abandonedMs = clock.nowMs;
  clock.nowMs += insee.timeoutMs;
  t.ok(circuits.refusal(insee));
  clock.nowMs += 500;
  t.equal(circuits.refusal(insee), null);
  circuits.record(insee, fact('obtenu'), abandonedMs);
  t.equal(circuits.stateOf(insee).etat, 'demi_ouvert', 'it speaks no more for the source');
});

t.test('calls that began before the circuit changed tell nothing of the source', async (t) => {
  const { calls, clock, circuits, etat, restMs } = scene();
  const beforeMs = clock.nowMs;
  clock.nowMs += 1;
  calls(broken, 5);
  for (const outcome of [broken, fact('obtenu'), maintenance(60_000), forbidden]) {
    circuits.record(insee, outcome, beforeMs);
    t.equal(restMs(), 10_000);
  }
  clock.nowMs += 10_000;
  t.equal(circuits.refusal(insee), null);
  circuits.record(insee, broken, beforeMs);
  t.equal(etat(), 'demi_ouvert', 'nor do they while a probe is under way');
  circuits.record(insee, fact('obtenu'), clock.nowMs);
  for (let i = 0; i < 5; i++) circuits.record(insee, broken, beforeMs);
  t.equal(etat(), 'ferme', 'nor when it is over');
});

t.test(
  'a maintenance that states its end opens at once until then, for four hours at the most',
  async (t) => {
    const { call, calls, clock, restMs, etat } = scene();
    calls(maintenance(1_800_000), 1);
    t.equal(etat(), 'maintenance');
    t.equal(restMs(), 1_800_000);
    t.match(call(broken), {
      erreur: { titre: /^Source en maintenance, .*Maintenance$/ },
      nouvel_essai_le: '2026-11-23T11:30:00Z',
    });
    clock.nowMs += 1_800_000;
    calls(maintenance(86_400_000), 1);
    t.equal(restMs(), 4 * 3_600_000);
    clock.nowMs += restMs();
    calls(broken, 1);
    t.equal(etat(), 'ouvert', 'a probe that fails otherwise is an outage, which rests as at first');
    t.equal(restMs(), 10_000);
  },
);

t.test('a maintenance that states no end is a failure like another', async (t) => {
  const { calls, etat } = scene();
  calls(maintenance(), 4);
  t.equal(etat(), 'ferme');
  calls(maintenance(), 1);
  t.equal(etat(), 'ouvert');
});

t.test('in its announced window one failure of a source closes it until the end of the window', async (t) => {
  for (const outcome of [broken, maintenance(), unavailable('delai_depasse', 'Trop tard', null)]) {
    const { calls, etat, restMs } = scene({}, THREE_MS + 300_000);
    calls(outcome, 1, msa);
    t.equal(etat(msa), 'maintenance');
    t.equal(restMs(msa), 1_500_000);
  }
  const { calls, restMs, etat } = scene({}, THREE_MS);
  calls(maintenance(60_000), 1, msa);
  t.equal(restMs(msa), 60_000, 'the end that the answer states is preferred');
  calls(broken, 1);
  t.equal(etat(), 'ferme', 'the others need five failures');
});

t.test('a source that answers in its announced window is asked', async (t) => {
  const { calls, etat } = scene({}, THREE_MS);
  calls(fact('obtenu'), 50, msa);
  calls(unavailable('99999', 'Erreur inconnue', null), 1, msa);
  t.equal(etat(msa), 'ferme');
  const before = scene({}, THREE_MS - 1);
  before.calls(broken, 1, msa);
  t.equal(before.etat(msa), 'ferme', 'and before it as always');
});

t.test('a token that a source refuses is not shown to it again for ten minutes', async (t) => {
  const { call, calls, clock, etat, restMs } = scene();
  calls(forbidden, 1);
  t.equal(etat(), 'non_autorise');
  t.equal(restMs(), 600_000);
  t.strictSame(call(broken), forbidden);
  clock.nowMs += 600_000;
  calls(forbidden, 1);
  t.equal(restMs(), 600_000, 'one call tells whether it still is');
  clock.nowMs += 600_000;
  calls(fact('obtenu'), 1);
  t.equal(etat(), 'ferme');
});

t.test('what the law forbids for one company is asked for the next', async (t) => {
  const { calls, etat } = scene();
  calls({ ...forbidden, erreur: { code: '01005', titre: 'Raisons légales' } }, 20);
  t.equal(etat(), 'ferme');
});

interface Step {
  waitMs: number;
  /** Asks when true; else the oldest call under way, or the newest, ends with the outcome. */
  asks: boolean;
  oldest: boolean;
  outcome: Outcome;
}

/** Plays a story; gives what was admitted, against the state in which the source was, and when. */
function play(steps: readonly Step[], draw: number): { etat: CircuitState['etat']; nowMs: number }[] {
  const { circuits, clock, etat } = scene({ random: () => draw }, THREE_MS - 60_000);
  const underWay: number[] = [];
  const admitted = [];
  for (const { waitMs, asks, oldest, outcome } of steps) {
    clock.nowMs += waitMs;
    const before = etat(msa);
    if (asks && circuits.refusal(msa) === null) {
      underWay.push(clock.nowMs);
      admitted.push({ etat: before, nowMs: clock.nowMs });
    } else if (!asks) {
      const askedMs = oldest ? underWay.shift() : underWay.pop();
      if (askedMs !== undefined) circuits.record(msa, outcome, askedMs);
      // A transition tells the probes of one half-open interval from those of the next.
      if (etat(msa) !== before) admitted.push({ etat: 'ferme' as const, nowMs: clock.nowMs });
    }
  }
  return admitted;
}

t.test('whatever comes of the calls, none is admitted to a source left alone but one probe', async (t) => {
  const silent = [maintenance(), deferred(null, null), unavailable('99999', 'Erreur inconnue', null)];
  const step = fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.nat(20_000), fc.nat(700_000)),
    asks: fc.boolean(),
    oldest: fc.boolean(),
    outcome: fc.constantFrom(
      broken,
      broken,
      broken,
      fact('obtenu'),
      forbidden,
      maintenance(45_000),
      ...silent,
    ),
  });
  const story = fc.property(fc.array(step, { maxLength: 200 }), fc.nat(100), (steps, percent) => {
    let previous: { etat: CircuitState['etat']; nowMs: number } = { etat: 'ferme', nowMs: 0 };
    for (const one of play(steps, percent / 100)) {
      if (one.etat !== 'ferme' && one.etat !== 'demi_ouvert') return false;
      const isSecond = one.etat === 'demi_ouvert' && previous.etat === 'demi_ouvert';
      if (isSecond && one.nowMs - previous.nowMs < msa.timeoutMs) return false;
      previous = one;
    }
    return true;
  });
  t.doesNotThrow(() => fc.assert(story, { numRuns: 500 }));
});

t.test('what another process found out is known here, and told to nobody', async (t) => {
  const announced: unknown[] = [];
  const sharing = { takeProbe: async () => true, announce: (...of: unknown[]) => void announced.push(of) };
  const { circuits, clock, etat, restMs, changes } = scene({ sharing });
  const rest = {
    etat: 'ouvert',
    untilMs: NOON_MS + 30_000,
    restMs: 20_000,
    erreur: { code: 'a', titre: 'b' },
  } as const;
  circuits.learn(insee, null);
  circuits.learn(insee, rest);
  circuits.learn(insee, { ...rest, untilMs: NOON_MS + 20_000 });
  t.equal(restMs(), 30_000, 'of two ends the later');
  circuits.learn(insee, { ...rest, untilMs: NOON_MS + 40_000 });
  t.equal(restMs(), 40_000);
  clock.nowMs += 1_000;
  circuits.learn(insee, null);
  t.equal(etat(), 'ferme');
  t.equal(circuits.refusal(insee), null);
  t.same(announced, []);
  t.same(
    changes.map((state) => state.etat),
    ['ouvert', 'ouvert', 'ferme'],
  );
});

t.test('a process waits for leave to probe, and answers everybody else at once meanwhile', async (t) => {
  const leave = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  const asked: unknown[] = [];
  const sharing = {
    takeProbe: (source: Source, _rest: unknown, leaseMs: number) => {
      asked.push([source.id, leaseMs]);
      return (leave[asked.length - 1] ?? leave[1])?.promise ?? Promise.resolve(true);
    },
    announce() {},
  };
  const { circuits, calls, clock, restMs, etat } = scene({ sharing });
  calls(broken, 5);
  clock.nowMs += restMs();
  const first = circuits.refusal(insee);
  t.ok(first instanceof Promise);
  t.match(circuits.refusal(insee), { statut: 'indisponible' });
  leave[0]?.resolve(false);
  t.match(await first, { statut: 'indisponible' }, 'another process probes');
  t.match(circuits.refusal(insee), { statut: 'indisponible' });
  clock.nowMs += 200;
  const second = circuits.refusal(insee);
  leave[1]?.resolve(true);
  t.equal(await second, null);
  t.strictSame(asked, Array(2).fill([insee.id, insee.timeoutMs + 500]));
  circuits.record(insee, broken, clock.nowMs);
  t.equal(etat(), 'ouvert');
  t.equal(restMs(), 20_000);
});

t.test('who hears of the outcome while waiting for leave to probe acts on it', async (t) => {
  for (const isClosed of [true, false]) {
    const leave = Promise.withResolvers<boolean>();
    const sharing = { takeProbe: () => leave.promise, announce() {} };
    const { circuits, calls, clock, restMs } = scene({ sharing });
    calls(broken, 5);
    clock.nowMs += restMs();
    const refusal = circuits.refusal(insee);
    const erreur = { code: '99002', titre: 'Hors-délai' };
    const rest = { etat: 'ouvert', untilMs: clock.nowMs + 20_000, restMs: 20_000, erreur } as const;
    circuits.learn(insee, isClosed ? null : rest);
    leave.resolve(true);
    if (isClosed) t.equal(await refusal, null);
    else t.match(await refusal, { erreur: { code: '99002' } });
  }
});

t.test('asking whether a source that works may be asked costs next to nothing', async (t) => {
  const { circuits } = scene();
  circuits.record(insee, fact('obtenu'), NOON_MS);
  const rounds = 200_000;
  const startedMs = performance.now();
  for (let i = 0; i < rounds; i++) circuits.refusal(insee);
  const microseconds = ((performance.now() - startedMs) / rounds) * 1000;
  t.ok(microseconds < 1, `${microseconds.toFixed(3)} µs`);
});
