import t from 'tap';
import { createHoldDocuments } from '../../src/documents/hold-documents.ts';

const document = { sha256: 'a'.repeat(64), taille: 10 };

t.test('each document of a dossier is held once in a while, for each usage', async (t) => {
  const held: string[] = [];
  const archive = {
    async hold({ source }: { source: string }, usage: string) {
      held.push(`${usage} ${source}`);
      return source !== 'absent';
    },
  };
  const hold = createHoldDocuments({ archive, onFailed: (error) => t.fail(String(error)) });
  const documents: [string, typeof document][] = [
    ['a', document],
    ['b', document],
  ];
  await hold('552032534', 'socle', documents);
  await hold('552032534', 'socle', documents);
  await hold('552032534', 'marche_public', [['a', document]]);
  t.strictSame(held, ['socle a', 'socle b', 'marche_public a']);
  await hold('552032534', 'socle', [['absent', document]]);
  await hold('552032534', 'socle', [['absent', document]]);
  t.equal(held.filter((one) => one === 'socle absent').length, 2, 'one that is not there may come back');
});

t.test(
  'a document that cannot be held is told of, costs the dossier nothing, and is tried again',
  async (t) => {
    let tries = 0;
    const failures: unknown[] = [];
    const archive = {
      async hold() {
        tries++;
        throw new Error('the disk is full');
      },
    };
    const hold = createHoldDocuments({ archive, onFailed: (error) => failures.push(error) });
    await hold('552032534', 'socle', [['a', document]]);
    await hold('552032534', 'socle', [['a', document]]);
    t.equal(tries, 2);
    t.equal(failures.length, 2);
  },
);

t.test('a dossier does not wait for a store that hangs, and is told of what came of it', async (t) => {
  const failures: unknown[] = [];
  const { promise: hanging, reject: fail } = Promise.withResolvers<boolean>();
  const hold = createHoldDocuments({
    archive: { hold: () => hanging },
    onFailed: (error) => failures.push(error),
    patienceMs: 5,
  });
  await hold('552032534', 'socle', [['a', document]]);
  t.strictSame(failures, [], 'it goes on behind the dossier');
  fail(new Error('the store is away'));
  await new Promise(setImmediate);
  t.match(failures, [/away/]);
});
