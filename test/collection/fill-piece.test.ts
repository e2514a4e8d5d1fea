import t from 'tap';
import { keyOf } from '../../src/collection/question-key.ts';
import { unavailable } from '../../src/dossier/outcome.ts';
import type { ShareOptions, Sharing } from '../../src/fleet/sharing.ts';
import type { Shelves } from '../../src/keeping/shelves.ts';
import { douanesEori } from '../../src/sources/douanes-eori.ts';
import type { Source } from '../../src/sources/source.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { fact } from '../helpers/app.ts';
import { createAsker, HOURLY, messages, UP_TO_DATE, unshared } from '../helpers/asker.ts';
import { keptFor } from '../helpers/keeper.ts';

const DOWN = unavailable('delai_depasse', 'Trop tard', null);
const KEY = keyOf(HOURLY, subjectOf());

/** Shelves as far away as a Redis: a reading takes a moment, each time another. */
function farAway(shelves: Shelves): Shelves {
  const moments = async (count: number) => {
    for (let i = 0; i < count; i++) await new Promise(setImmediate);
  };
  let readings = 0;
  return {
    ...shelves,
    read: async (key) => {
      await moments(readings++ % 4);
      return shelves.read(key);
    },
    write(key, kept) {
      const { entry, stored } = shelves.write(key, kept);
      return { entry, stored: moments(3).then(() => stored ?? undefined) };
    },
  };
}

t.test('a hundred alike at once make one call, and the others say that they joined it', async (t) => {
  for (const options of [{}, { sharing: unshared }, { sharing: unshared, shelvesOver: farAway }]) {
    const { asked, calls } = createAsker(() => UP_TO_DATE, options);
    const all = await Promise.all(Array.from({ length: 100 }, () => asked()));
    t.equal(calls.length, 1);
    t.equal(all.filter(({ from }) => from === 'called').length, 1);
    t.ok(all.every(({ from }) => from !== 'late'));
    t.equal(new Set(all.map(({ outcome }) => JSON.stringify(outcome))).size, 1);
  }
});

t.test('those who come while the first ones end make no second call either', async (t) => {
  const { asked, calls } = createAsker(() => UP_TO_DATE, { sharing: unshared, shelvesOver: farAway });
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      for (let moment = 0; moment < i / 2; moment++) await new Promise(setImmediate);
      return asked();
    }),
  );
  t.equal(calls.length, 1);
});

t.test('asking anew joins a call under way, which the source would refuse twice', async (t) => {
  const answer = Promise.withResolvers<typeof UP_TO_DATE>();
  const { asked, calls } = createAsker(() => answer.promise);
  const all = [asked(), asked(HOURLY, { refresh: true }), asked(HOURLY, { refresh: true }), asked()];
  answer.resolve(UP_TO_DATE);
  t.same((await Promise.all(all)).map(({ from }) => from).sort(), ['called', 'joined', 'joined', 'joined']);
  t.equal(calls.length, 1);
});

t.test('a mapping that throws is a bug for all who wait for it, and for nobody else', async (t) => {
  const { asked, calls } = createAsker(() => UP_TO_DATE);
  const broken: Source = {
    ...HOURLY,
    read: () => {
      throw new Error('a bug');
    },
  };
  const [first, second, other] = await Promise.allSettled([asked(broken), asked(broken), asked(douanesEori)]);
  t.match([first, second], [{ reason: { message: 'a bug' } }, { reason: { message: 'a bug' } }]);
  t.match(other, { value: { outcome: { statut: 'indisponible' } } });
  t.equal(calls.length, 2);
  await t.rejects(asked(broken), /a bug/, 'and the next one asks again');
  t.equal(calls.length, 3);
});

/** A sharing in which another process does the work, and what it says of it. */
function workedElsewhere(
  message: (name: string) => string,
  meanwhile?: (options: ShareOptions) => void,
): Sharing {
  return {
    async share(name, _work, options) {
      meanwhile?.(options);
      return message(name);
    },
  };
}

t.test('what another process asked and kept is read, without a call', async (t) => {
  let shelves: Shelves | null = null;
  const sharing = workedElsewhere(
    () => '',
    () => void shelves?.write(KEY, keptFor({ n: 1 }, 60, NOON_MS)),
  );
  const asker = createAsker(() => UP_TO_DATE, { sharing });
  shelves = asker.shelves;
  t.match(await asker.asked(), {
    outcome: { donnees: { n: 1 } },
    freshUntilMs: NOON_MS + 60_000,
    perime: false,
  });
  t.equal(asker.calls.length, 0);
});

t.test('a failure that another process met is told, not kept, and not met again', async (t) => {
  const sharing = workedElsewhere((name) => messages.close(JSON.stringify(DOWN), name));
  const { asked, calls, shelves } = createAsker(() => UP_TO_DATE, { sharing });
  t.match(await asked(), { outcome: DOWN, freshUntilMs: null, entry: null });
  t.equal(calls.length, 0);
  t.equal(shelves.read(KEY), null);
});

t.test('what another process could not keep, or said of something else, is asked here', async (t) => {
  const sayings = [() => '', () => 'garbage', () => messages.close(JSON.stringify(DOWN), 'another name')];
  for (const saying of sayings) {
    const { asked, calls } = createAsker(() => UP_TO_DATE, { sharing: workedElsewhere(saying) });
    t.match(await asked(), { outcome: { statut: 'obtenu' } });
    t.equal(calls.length, 1);
  }
});

t.test('the wait of another process is told to who waits for it', async (t) => {
  const untilMs = NOON_MS + 60_000;
  const over = Promise.withResolvers<void>();
  const sharing: Sharing = {
    async share(_name, _work, { onDelayed }) {
      onDelayed?.(untilMs);
      await over.promise;
      return '';
    },
  };
  const { ask } = createAsker(() => UP_TO_DATE, { sharing });
  const told: number[] = [];
  const first = ask(HOURLY, {}, (atMs) => told.push(atMs));
  const second = ask(HOURLY, {}, (atMs) => told.push(atMs));
  t.same(told, [untilMs, untilMs], 'who comes later as well');
  for (const { meanwhile } of [first, second]) {
    t.match(meanwhile(), { outcome: { statut: 'differe', nouvel_essai_le: '2026-11-23T11:01:00Z' } });
  }
  over.resolve();
  await Promise.all([first.answer, second.answer]);
});

t.test(
  'the others are told that it is kept, or of the failure, under a name that tells nothing',
  async (t) => {
    const told: { name: string; message: string; limitMs: number }[] = [];
    const sharing: Sharing = {
      async share(name, work, { limitMs }) {
        const message = await work(() => {});
        told.push({ name, message, limitMs });
        return message;
      },
    };
    await createAsker(() => UP_TO_DATE, { sharing }).asked();
    await createAsker(() => DOWN, { sharing }).asked();
    const [kept, failed] = told;
    t.match(kept, { message: '', limitMs: HOURLY.timeoutMs });
    t.equal(failed?.name, kept?.name);
    t.match(failed?.name, /^[\w-]+$/);
    for (const secret of [KEY.siren, HOURLY.id, 'delai']) t.notMatch(JSON.stringify(told), secret);
    t.match(JSON.parse(messages.open(failed?.message ?? '', failed?.name ?? '') ?? ''), DOWN);
  },
);

t.test('the others are told how long the work waits for its quota', async (t) => {
  const told: number[] = [];
  const sharing: Sharing = { share: (_name, work) => work((untilMs) => told.push(untilMs)) };
  const asker = createAsker(() => UP_TO_DATE, { sharing });
  for (let n = 0; n < 250; n++) await asker.quota.take({ bucket: 'json', lane: 'waiting' });
  const heard: number[] = [];
  const { answer } = asker.ask(HOURLY, {}, (untilMs) => heard.push(untilMs));
  await asker.pass(0);
  t.equal(told.length, 1);
  t.same(heard, told);
  await asker.pass(65);
  t.match(await answer, { outcome: { statut: 'obtenu' } });
});

t.test('what is asked ahead of need goes on at once when somebody waits in another process', async (t) => {
  const raises: (() => number | null)[] = [];
  const told: number[] = [];
  const sharing: Sharing = {
    share(_name, work, { raise }) {
      raises.push(raise);
      return work((untilMs) => told.push(untilMs));
    },
  };
  const { ask, pass, quota, calls } = createAsker(() => UP_TO_DATE, { sharing });
  // Well before what is left of the minute is for everybody.
  await pass(10);
  for (let n = 0; n < 150; n++) await quota.take({ bucket: 'json', lane: 'background' });
  const { answer } = ask(HOURLY, { lane: 'background' });
  await pass(0);
  t.equal(told.length, 1, 'the share of the background is spent');
  t.equal(calls.length, 0);
  t.equal(raises[0]?.(), null);
  t.match(await answer, { outcome: { statut: 'obtenu' } });
});

t.test('another process is told that somebody waits: at once, or as soon as somebody does', async (t) => {
  const waited: string[] = [];
  const over = Promise.withResolvers<string>();
  const sharing: Sharing = {
    share(name, _work, { onWaited }) {
      onWaited(() => waited.push(name));
      return over.promise;
    },
  };
  const { ask } = createAsker(() => UP_TO_DATE, { sharing });
  const asking = [ask(HOURLY, { lane: 'background' }), ask(douanesEori)];
  t.equal(waited.length, 1);
  asking.push(ask(HOURLY), ask(HOURLY));
  t.equal(new Set(waited).size, 2);
  t.equal(waited.length, 2, 'once');
  over.resolve('');
  await Promise.all(asking.map(({ answer }) => answer));
});

t.test('a statement is kept before anyone is told of it', async (t) => {
  const stored = Promise.withResolvers<void>();
  const { asked } = createAsker(() => UP_TO_DATE, {
    shelvesOver: (shelves) => ({
      ...shelves,
      write: (key, kept) => ({ ...shelves.write(key, kept), stored: stored.promise }),
    }),
  });
  let isAnswered = false;
  const asking = asked().then((answer) => {
    isAnswered = true;
    return answer;
  });
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
  t.equal(isAnswered, false, 'the others would look for it in vain');
  stored.resolve();
  t.match(await asking, {
    entry: { version: 1 },
    outcome: { ...fact('obtenu'), obtenu_le: String, donnees: Object },
  });
});
