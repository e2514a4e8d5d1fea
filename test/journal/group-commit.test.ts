import t from 'tap';
import { createGroupCommit, type LineWriter } from '../../src/journal/group-commit.ts';

/** A journal whose writer does what the test says, commit by commit. */
async function journal(writer: Partial<LineWriter> = {}, now?: () => number) {
  const commits: { rests: readonly string[]; done: PromiseWithResolvers<void> }[] = [];
  const told: string[] = [];
  const sleeps: (() => void)[] = [];
  const group = createGroupCommit({
    writer: {
      open: async () => {},
      append(rests) {
        const done = Promise.withResolvers<void>();
        commits.push({ rests, done });
        return done.promise;
      },
      close: async () => void told.push('fermé'),
      ...writer,
    },
    onOpen: () => told.push('ouvert'),
    onClosed: ({ message }) => told.push(message),
    onCommitted: (lines) => told.push(`${lines} lignes`),
    sleep: () => new Promise<void>((resolve) => sleeps.push(resolve)),
    now,
  });
  await group.opened;
  return { group, commits, told, wake: () => sleeps.shift()?.() };
}

/** What is left of this turn of the event loop, and the next. */
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

t.test('lines of one turn go together; those that come meanwhile go together in the next', async (t) => {
  const { group, commits, told } = await journal();
  const first = [group.record('a'), group.record('b')];
  await turn();
  await turn();
  const next = [group.record('c'), group.record('d')];
  await turn();
  t.strictSame(
    commits.map(({ rests }) => rests),
    [['a', 'b']],
    'one commit at a time',
  );
  let isDurable = false;
  void first[1]?.then(() => {
    isDurable = true;
  });
  await turn();
  t.notOk(isDurable, 'nobody is told before it is written');
  commits[0]?.done.resolve();
  await Promise.all(first);
  await turn();
  await turn();
  t.strictSame(commits[1]?.rests, ['c', 'd']);
  commits[1]?.done.resolve();
  await Promise.all(next);
  t.strictSame(told, ['ouvert', '2 lignes', '2 lignes']);
});

t.test('as long as each turn brings more, a commit waits for it; not for ever', async (t) => {
  let nowMs = 0;
  const { group, commits } = await journal({}, () => nowMs);
  const add = async (rest: string) => {
    void group.record(rest);
    await turn();
  };
  void group.record('a');
  for (const rest of ['b', 'c']) await add(rest);
  t.strictSame(commits, []);
  await turn();
  t.strictSame(commits[0]?.rests, ['a', 'b', 'c'], 'a turn that brings nothing ends it');
  commits[0]?.done.resolve();
  await turn();
  void group.record('d');
  await add('e');
  t.equal(commits.length, 1);
  nowMs = 5;
  await add('f');
  t.strictSame(commits[1]?.rests, ['d', 'e', 'f'], 'so does its time');
});

t.test('what those who were just answered ask next goes with what waits', async (t) => {
  const { group, commits } = await journal();
  const first = group.record('a');
  await turn();
  void group.record('b');
  commits[0]?.done.resolve();
  await first;
  // It is read in the turn that follows.
  setImmediate(() => setImmediate(() => void group.record('c')));
  for (let i = 0; i < 3; i++) await turn();
  t.strictSame(commits[1]?.rests, ['b', 'c']);
});

t.test('a failure refuses what was being written and what waits, then everything at once', async (t) => {
  const { group, commits, told, wake } = await journal();
  const written = group.record('a');
  await turn();
  const waits = group.record('b');
  commits[0]?.done.reject(new Error('the disk is full'));
  await t.rejects(written, { message: /cannot be written/ });
  await t.rejects(waits, { message: /cannot be written/ });
  t.notOk(group.isOpen());
  await t.rejects(group.record('c'), { message: /cannot be written/ });
  t.equal(commits.length, 1);
  await turn();
  wake();
  await turn();
  t.ok(group.isOpen(), 'it reopens by itself');
  void group.record('d');
  await turn();
  t.strictSame(commits[1]?.rests, ['d']);
  t.strictSame(told, ['ouvert', 'the disk is full', 'ouvert']);
});

t.test('a journal that does not open is tried again until it does', async (t) => {
  let tries = 0;
  const { group, told, wake } = await journal({
    open: async () => {
      if (++tries < 3) throw new Error('away');
    },
  });
  t.notOk(group.isOpen());
  for (let i = 0; i < 2; i++) {
    wake();
    await turn();
  }
  t.ok(group.isOpen());
  t.strictSame(told, ['away', 'ouvert']);
});

t.test('too many lines are refused, without closing', async (t) => {
  const { group } = await journal();
  const all = await Promise.all(
    Array.from({ length: 5_001 }, (_, i) =>
      Promise.race([group.record(String(i)).catch(() => 'refused'), turn()]),
    ),
  );
  t.strictSame(
    all.filter((one) => one === 'refused'),
    ['refused'],
  );
  t.ok(group.isOpen());
});

t.test('closing writes what waits, and takes nothing new', async (t) => {
  const { group, commits, told } = await journal();
  const last = group.record('a');
  const closed = group.close();
  await t.rejects(group.record('b'), { message: /cannot be written/ });
  await turn();
  commits[0]?.done.resolve();
  await last;
  await closed;
  t.strictSame(told.at(-1), 'fermé');
});
