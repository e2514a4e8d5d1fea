import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { chainNameOf } from '../../src/journal/chain-name.ts';
import { createChainWriter } from '../../src/journal/chain-writer.ts';
import { createFileChainArchive, createFileChainStore, pathOfChain } from '../../src/journal/file-chains.ts';
import { hashOf } from '../../src/journal/line.ts';
import { createSigner } from '../../src/journal/signing.ts';
import { accessTexts, findingsIn, SOURCES, START_MS, signer, temporaryFolder } from './journals.ts';

/** Two processes that write in turn, each with seals between its lines; the first is closed, the second is not. */
async function journal(t: Test) {
  const folder = temporaryFolder(t);
  let nowMs = START_MS;
  let drawn = 0;
  const writer = (by = signer) => {
    const store = createFileChainStore(folder);
    t.teardown(() => store.close());
    const random = () => String(++drawn).padStart(8, '0');
    return createChainWriter({ store, signer: by, sources: SOURCES, now: () => nowMs, random });
  };
  const name = (number: number) => chainNameOf(START_MS, String(number).padStart(8, '0'));
  const [first, second] = [writer(), writer()];
  await first.open();
  await second.open();
  for (let minute = 0; minute < 3; minute++) {
    await first.append(accessTexts(3, { atMs: nowMs }));
    await second.append(accessTexts(2, { atMs: nowMs }));
    nowMs += 60_000;
    await first.seal();
    await second.seal();
  }
  await first.close();
  await second.append(accessTexts(2, { atMs: nowMs }));
  return {
    folder,
    archive: createFileChainArchive(folder),
    writer,
    later: (ms: number) => {
      nowMs += ms;
    },
    paths: [pathOfChain(folder, name(1)), pathOfChain(folder, name(2))] as [string, string],
    names: [name(1), name(2)] as [string, string],
  };
}

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const write = (path: string, lines: string[]) =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));

/** Chains and hashes lines anew, as somebody without the key could. */
function rechain(lines: string[], name: string): string[] {
  let before = name;
  return lines.map((line) => {
    const [text = ''] = line.split('\t');
    before = hashOf(before, text);
    return `${text}\t${before}`;
  });
}

t.test('a journal that nobody touched has no fault; a chain that goes on is only noted', async (t) => {
  const { archive } = await journal(t);
  const { faults, notes, summary } = await findingsIn(archive);
  t.strictSame(faults, []);
  t.strictSame(notes, ['interrompue']);
  t.strictSame(summary, { chains: 2, lines: 26, seals: 9 });
});

t.test('what processes write while their journal is read is no fault', async (t) => {
  const { archive, names, writer, later } = await journal(t);
  const [living, witness] = [writer(), writer()];
  for (const one of [living, witness]) await one.open();
  const last = chainNameOf(START_MS + 180_000, '00000004');
  const during = async () => {
    await living.append(accessTexts(2));
    await writer().open();
    later(60_000);
    await witness.append(accessTexts(1));
    await witness.seal();
  };
  async function* read(chain: string) {
    if (chain === last) await during();
    yield* archive.read(chain);
  }
  const { faults, summary } = await findingsIn({ ...archive, read });
  t.strictSame(faults, []);
  t.equal(summary.chains, names.length + 2);
});

t.test('an altered line is named, alone, with its chain, number and time', async (t) => {
  const { archive, paths, names } = await journal(t);
  const lines = linesOf(paths[0]);
  write(paths[0], lines.with(2, (lines[2] as string).replace('2026-001', '2026-002')));
  const { faults } = await findingsIn(archive);
  t.strictSame(faults, [{ fault: 'alteree', chain: names[0], number: 3, at: '2026-11-26T10:00:00.000Z' }]);
});

t.test('a removed line, lines in another order, a line written twice are each found', async (t) => {
  const { archive, paths } = await journal(t);
  const lines = linesOf(paths[0]);
  const faultsOf = async (changed: string[]) => {
    write(paths[0], changed);
    return (await findingsIn(archive)).faults.map(({ fault, number }) => `${fault} ${number}`);
  };
  t.strictSame(await faultsOf(lines.toSpliced(2, 1)), ['manquante 3']);
  t.strictSame(await faultsOf(lines.with(1, lines[2] as string).with(2, lines[1] as string)), [
    'manquante 2',
    'deplacee 2',
  ]);
  t.strictSame(await faultsOf(lines.toSpliced(3, 0, lines[2] as string)), ['deplacee 3']);
  t.strictSame(await faultsOf(lines), []);
});

t.test(
  'lines changed, then chained anew by somebody without the key, are found by the next seal',
  async (t) => {
    const { archive, paths, names } = await journal(t);
    const lines = linesOf(paths[0]);
    const changed = lines.with(2, (lines[2] as string).replace('2026-001', '2026-002'));
    write(paths[0], rechain(changed, names[0]));
    const [first] = (await findingsIn(archive)).faults;
    t.match(first, { fault: 'racine', chain: names[0], number: 5 });
  },
);

t.test('the end of a chain cut off, or a whole chain, is missed by the others', async (t) => {
  const { archive, paths, names } = await journal(t);
  const whole = linesOf(paths[0]);
  write(paths[0], whole.slice(0, -4));
  t.match((await findingsIn(archive)).faults, [
    { fault: 'fin_coupee', chain: names[0], number: whole.length - 3 },
  ]);
  rmSync(paths[0]);
  t.match((await findingsIn(archive)).faults, [{ fault: 'chaine_disparue', chain: names[0] }]);
});

t.test('a purge that no seal answers for excuses nothing', async (t) => {
  const { archive, paths, names } = await journal(t);
  const purged = '{"n":0,"nature":"purge","le":"2026-11-26T10:03:00.000Z","jusqu_a":"2026-11","chaines":1}';
  const lines = linesOf(paths[1]);
  const forged = purged.replace('"n":0', `"n":${lines.length + 1}`);
  write(paths[1], rechain([...lines, forged], names[1]));
  rmSync(paths[0]);
  t.match((await findingsIn(archive)).faults, [{ fault: 'chaine_disparue', chain: names[0] }]);
});

t.test('the end of a process that was killed is vouched for by the next one that begins', async (t) => {
  const { archive, paths, names, writer, later } = await journal(t);
  later(1_000);
  await writer().open();
  const lines = linesOf(paths[1]);
  const altered = lines.with(-1, (lines.at(-1) as string).replace('2026-001', '2026-002'));
  write(paths[1], rechain(altered, names[1]));
  t.match((await findingsIn(archive)).faults, [{ fault: 'chaine_recrite', chain: names[1] }]);
});

t.test('lines written later at the end of a process that was killed are not taken for its own', async (t) => {
  const { archive, paths, names, writer, later } = await journal(t);
  later(1_000);
  await writer().open();
  const lines = linesOf(paths[1]);
  const [last = ''] = (lines.at(-1) ?? '').split('\t');
  const number = lines.length + 1;
  const forged = (le: string) =>
    last.replace(/^\{"n":\d+/, `{"n":${number}`).replace(/"le":"[^"]+"/, `"le":"${le}"`);
  const found = async (le: string) => {
    write(paths[1], rechain([...lines, forged(le)], names[1]));
    return (await findingsIn(archive)).faults;
  };
  t.strictSame(await found('2026-11-26T10:03:30.000Z'), [], 'it may be that it lived a while longer');
  const le = '2026-11-20T10:00:00.000Z';
  t.strictSame(await found(le), [{ fault: 'ajoutee', chain: names[1], number, at: le }]);
});

t.test('a chain that somebody else signed is not taken for one of ours', async (t) => {
  const { archive, writer } = await journal(t);
  await writer(createSigner(Buffer.alloc(32, 8))).open();
  t.match((await findingsIn(archive)).faults, [{ fault: 'signature', number: 1 }]);
});

t.test('seals taken away do not go unseen', async (t) => {
  const { folder, archive, writer, later } = await journal(t);
  for (const name of readdirSync(`${folder}/2026-11`)) rmSync(`${folder}/2026-11/${name}`);
  const alone = writer();
  await alone.open();
  for (let i = 0; i < 2; i++) {
    await alone.append(accessTexts(1, { atMs: START_MS + i * 11 * 60_000 }));
    later(11 * 60_000);
  }
  t.strictSame((await findingsIn(archive)).faults, [], 'a process that slept sealed before it went on');
  const [name = ''] = readdirSync(`${folder}/2026-11`);
  const path = `${folder}/2026-11/${name}`;
  const kept = linesOf(path).filter((line) => !line.includes('"controle"'));
  const renumbered = kept.map((line, i) => line.replace(/^\{"n":\d+/, `{"n":${i + 1}`));
  write(path, rechain(renumbered, name.replace('.journal', '')));
  t.match((await findingsIn(archive)).faults, [{ fault: 'non_controlee', number: 3 }]);
});

t.test('what a killed process left half written is no fault, since nobody had an answer to it', async (t) => {
  const { archive, paths } = await journal(t);
  const bytes = readFileSync(paths[1]);
  const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  for (let cut = bytes.length - 1; cut > lastLine; cut -= 7) {
    writeFileSync(paths[1], bytes);
    truncateSync(paths[1], cut);
    const { faults, notes } = await findingsIn(archive);
    t.strictSame(faults, [], `cut at ${cut}`);
    t.ok(notes.includes('ligne_tronquee'));
  }
});

t.test('any one byte changed, anywhere in the files, is found', async (t) => {
  const { archive, paths } = await journal(t);
  const property = fc.asyncProperty(
    fc.constantFrom(...paths),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.integer({ min: 1, max: 255 }),
    async (path, where, flipped) => {
      const bytes = readFileSync(path);
      const at = Math.floor(where * bytes.length);
      writeFileSync(path, bytes.with(at, (bytes[at] as number) ^ flipped));
      const { faults } = await findingsIn(archive);
      writeFileSync(path, bytes);
      return faults.length > 0;
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

t.test('each newline and each last byte, changed into any other, is found', async (t) => {
  const { archive, paths } = await journal(t);
  const bytes = readFileSync(paths[1]);
  for (let value = 0; value < 256; value += 5) {
    if (value === bytes.at(-1)) continue;
    writeFileSync(paths[1], bytes.with(bytes.length - 1, value));
    const { faults } = await findingsIn(archive);
    t.ok(faults.length > 0, `last byte ${value}`);
  }
});
