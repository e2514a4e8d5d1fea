import t from 'tap';
import { createChainWriter } from '../../src/journal/chain-writer.ts';
import { type ConsultationsPage, positionIn } from '../../src/journal/consultations.ts';
import { accessText, contestationText } from '../../src/journal/entry.ts';
import type { Concerned, Position } from '../../src/journal/lookup.ts';
import { openChainArchive, openChainStore } from '../../src/journal/open-chains.ts';
import { openConsultations } from '../../src/journal/open-journal.ts';
import { emptyFolder, onBothStores } from '../helpers/databases.ts';
import { access, accessTexts, BODY, SIREN, SOURCES, START_MS, signer } from './journals.ts';

const OTHER_SIREN = '000011403';
const DAY_MS = 86_400_000;

await onBothStores(t, async (t, place) => {
  await t.test('accesses are found by company and by body, the latest first, page by page', async (t) => {
    const at = await place(t);
    const store = openChainStore(at, () => {});
    let nowMs = START_MS;
    let drawn = 0;
    const random = () => String(++drawn).padStart(8, '0');
    const writer = createChainWriter({ store, signer, sources: SOURCES, now: () => nowMs, random });
    const consultations = openConsultations(at, () => {});
    t.teardown(async () => {
      await consultations.close();
      await store.close();
    });
    const pages = async (of: Parameters<typeof consultations.list>[0], limit: number) => {
      const found: string[] = [];
      for (let after = null as ReturnType<typeof positionIn>; ; ) {
        const page = (await consultations.list(of, after, limit)) as ConsultationsPage;
        found.push(...page.consultations.map(({ requete }) => requete));
        if (!page.next) return found;
        after = positionIn(page.next);
      }
    };
    await writer.open();
    await writer.append([
      accessText(access({ requestId: 'a', atMs: nowMs })),
      accessText(access({ requestId: 'b', atMs: nowMs + 1, siren: OTHER_SIREN })),
      accessText(access({ requestId: 'c', atMs: nowMs + 1 })),
    ]);
    t.strictSame(await pages({ siren: SIREN }, 50), ['c', 'a']);
    t.strictSame(await pages({ body: BODY }, 1), ['c', 'b', 'a'], 'as soon as they are durable');
    nowMs += 10 * DAY_MS;
    await writer.append(accessTexts(25, { atMs: nowMs }));
    const expected = [...Array.from({ length: 25 }, (_, i) => `requete-${24 - i}`), 'c', 'a'];
    t.strictSame(await pages({ siren: SIREN }, 7), expected, 'from one month to the one before');
    t.strictSame(await pages({ siren: OTHER_SIREN }, 7), ['b']);
    t.strictSame(await pages({ siren: '123456782' }, 7), []);

    const { consultations: latest } = (await consultations.list(
      { siren: SIREN },
      null,
      1,
    )) as ConsultationsPage;
    t.match(latest, [
      {
        le: '2026-12-06T10:00:00.000Z',
        qui: { organisme: BODY, base_legale: 'CCP R2143-13' },
        siren: SIREN,
        conservees: SOURCES,
        demandees: [],
        contestations: [],
      },
    ]);
    const id = latest[0]?.id ?? '';
    const contestation = { le: '2026-12-06T11:00:00.000Z', texte: 'Nous n’avons pas candidaté.' };
    const { asker: qui } = access();
    await writer.append([
      contestationText({ ...contestation, requete: 'd', qui, siren: SIREN, organisme: BODY, acces: id }),
    ]);
    t.match(await consultations.find(id), { id, contestations: [contestation] });
    t.match(await consultations.list({ body: BODY }, null, 1), {
      consultations: [{ id, contestations: [contestation] }],
    });
    for (const unknown of ['', 'x', `${id}9`, id.replace(/\d+$/, '1')])
      t.equal(await consultations.find(unknown), null);

    const archive = openChainArchive(at, () => {});
    t.teardown(() => archive.close());
    await archive.drop('2026-11');
    t.strictSame(await pages({ siren: OTHER_SIREN }, 7), [], 'what was purged is not found any more');
  });
});

t.test('accesses are found through many slices of chains written at the same time', async (t) => {
  const at = { DATA_DIR: emptyFolder(t) };
  let nowMs = START_MS;
  let drawn = 0;
  const random = () => String(++drawn).padStart(8, '0');
  const writers = [1, 2].map(() => {
    const store = openChainStore(at, () => {});
    t.teardown(() => store.close());
    return createChainWriter({ store, signer, sources: SOURCES, now: () => nowMs, random });
  });
  const consultations = openConsultations(at, () => {});
  t.teardown(() => consultations.close());
  const page = async (of: Concerned, after: Position | null, limit: number) =>
    (await consultations.list(of, after, limit)) as ConsultationsPage;
  for (const writer of writers) await writer.open();
  const expected: string[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const texts = Array.from({ length: 20 }, (_, i) => {
      const requestId = `${turn}-${i}`;
      const siren = i === 0 ? OTHER_SIREN : SIREN;
      if (siren === SIREN) expected.unshift(requestId);
      return accessText(access({ requestId, atMs: ++nowMs, siren }));
    });
    await writers[turn % 2]?.append(texts);
    if (turn % 7 === 0) await page({ body: BODY }, null, 1);
  }
  const found: string[] = [];
  for (let after: Position | null = null; ; ) {
    const { consultations: some, next } = await page({ siren: SIREN }, after, 90);
    found.push(...some.map(({ requete }) => requete));
    if (next === null) break;
    after = positionIn(next);
  }
  t.strictSame(found, expected);
  const { consultations: others } = await page({ siren: OTHER_SIREN }, null, 100);
  t.equal(others.length, 60);
  t.match(await consultations.find(others.at(-1)?.id ?? ''), { requete: '0-0' });
});

t.test('what is no cursor of ours is none', async (t) => {
  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  const beyondTime = encoded('["20261126T100000000Z-00000001",9000000000000000,2]');
  for (const text of ['', 'x', 'W10', encoded('["a",1,2]'), beyondTime]) t.equal(positionIn(text), null);
});

t.test('a journal that cannot be looked up is told as such', async (t) => {
  const nowhere = { DATABASE_URL: 'postgres://127.0.0.1:1/none', DATA_DIR: emptyFolder(t) };
  const consultations = openConsultations(nowhere, () => {});
  t.teardown(() => consultations.close());
  t.match(await consultations.list({ siren: SIREN }, null, 1), Error);
});
