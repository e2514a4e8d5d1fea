import t from 'tap';
import type { Question } from '../../src/collection/ask-once.ts';
import { createHandOver } from '../../src/collection/hand-over.ts';
import { alone } from '../../src/fleet/fleet.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { msaConformiteCotisations as msa } from '../../src/sources/msa-conformite-cotisations.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { messages, tracing } from '../helpers/asker.ts';

const question: Question = {
  source: msa,
  subject: subjectOf('55203253400646', '2026-11-20'),
  tracing,
  refresh: true,
  lane: 'waiting',
  traceparent: '00-1-2-01',
};

/** Processes of one fleet: what one announces, the others hear at once. */
function fleetOf(count: number, sources = catalog) {
  const listeners: ((message: string) => void)[] = [];
  const announced: string[] = [];
  const timers: [callback: () => void, delayMs: number][] = [];
  const processes = Array.from({ length: count }, (_, self) => {
    const asked: Question[] = [];
    const fleet = {
      ...alone,
      on(_topic: string, listener: (message: string) => void) {
        listeners[self] = listener;
      },
      announce(topic: string, message: string) {
        announced.push(`${topic} ${message}`);
        for (const [i, listener] of listeners.entries()) if (i !== self) listener(message);
      },
    };
    const handOver = createHandOver({
      fleet,
      messages,
      sources,
      now: () => NOON_MS,
      ask: (one) => void asked.push(one),
      schedule: (callback, delayMs) => void timers.push([callback, delayMs]),
    });
    return { handOver, asked };
  });
  return { processes, announced, timers, hear: (message: string) => listeners[0]?.(message) };
}

t.test('the question of a process that stops is asked by the others, for nobody who waits', async (t) => {
  const { processes, timers } = fleetOf(3);
  const [leaving, ...others] = processes;
  leaving?.handOver(question);
  t.same(
    timers.map(([, delayMs]) => delayMs),
    [1_000, 1_000],
    'once the one who leaves holds it no more',
  );
  t.ok(others.every(({ asked }) => asked.length === 0));
  for (const [callback] of timers) callback();
  for (const { asked } of others) {
    t.match(asked, [{ source: msa, tracing, refresh: false, lane: 'background' }]);
    t.same(asked[0]?.subject, subjectOf('55203253400646', '2026-11-23'), 'on the day on which it is asked');
  }
  t.same(leaving?.asked, []);
});

t.test('what is announced tells neither who nor what', async (t) => {
  const { processes, announced } = fleetOf(1);
  processes[0]?.handOver(question);
  t.equal(announced.length, 1);
  for (const secret of ['55203253400646', '552032534', msa.id, tracing.context])
    t.notMatch(announced[0], secret);
});

t.test('what is not ours, or of a source that this process does not know, is not asked', async (t) => {
  const { hear, timers } = fleetOf(1);
  const closed = (value: unknown) => messages.close(JSON.stringify(value), 'handover');
  const good = { source: msa.id, siret: '55203253400646', tracing };
  const garbage = [
    '',
    'garbage',
    messages.close(JSON.stringify(good), 'another name'),
    messages.close('no JSON', 'handover'),
    closed(null),
    closed({ ...good, source: 'nobody' }),
    closed({ ...good, siret: '55203253400647' }),
    closed({ ...good, tracing: {} }),
  ];
  for (const message of garbage) t.doesNotThrow(() => hear(message));
  t.same(timers, []);
  hear(closed(good));
  t.equal(timers.length, 1, 'the same without a fault is');
});
