import t from 'tap';
import type { FetchDocument } from '../../src/collection/fetch-document.ts';
import { createKeepDocument } from '../../src/collection/keep-document.ts';
import { NOON_MS, subjectOf } from '../helpers/answer.ts';
import { archiveOf, pdfSaying } from '../helpers/archives.ts';
import { HOURLY, tracing } from '../helpers/asker.ts';

const SOURCE = { ...HOURLY, document: { hosts: [] } };
const QUESTION = {
  source: SOURCE,
  subject: subjectOf(),
  tracing,
  refresh: false,
  lane: 'waiting' as const,
};
const LINK = 'https://storage.example/secret.pdf';
const PDF = pdfSaying('bonjour');

t.test('a document is kept for its company and its source, and told of without its link', async (t) => {
  const archive = archiveOf(t, Date.now);
  const told: unknown[] = [];
  const keep = createKeepDocument({
    fetch: async () => PDF,
    archive,
    now: () => NOON_MS,
    onTried: (...one) => told.push(one),
  });
  const { document } = await keep(QUESTION, LINK, 10_000);
  if (typeof document === 'string') return t.fail(document);
  const key = { siren: subjectOf().siren, source: SOURCE.id, sha256: document.sha256 };
  t.strictSame(await archive.read(key, 'socle'), PDF);
  t.notMatch(JSON.stringify(told), /secret/);
  t.match(told, [[{ id: SOURCE.id }, 'conserve', undefined]]);
});

t.test('what is no PDF is not kept, and neither is what could not be had', async (t) => {
  const archive = { keep: async () => t.fail('kept') as never };
  for (const [given, fault] of [
    [Buffer.from('<html>'), 'pas_un_pdf'],
    [PDF.subarray(0, 40), 'pas_un_pdf'],
    ['delai_depasse', 'delai_depasse'],
  ] as const) {
    const keep = createKeepDocument({ fetch: async () => given, archive, now: () => NOON_MS });
    t.equal((await keep(QUESTION, LINK, 10_000)).document, fault);
  }
});

t.test('a disk that is full costs the document, and is told of', async (t) => {
  const told: unknown[] = [];
  const keep = createKeepDocument({
    fetch: async () => PDF,
    archive: { keep: async () => Promise.reject(new Error('ENOSPC')) },
    now: () => NOON_MS,
    onTried: (...one) => told.push(one),
  });
  t.equal((await keep(QUESTION, LINK, 10_000)).document, 'conservation_impossible');
  t.match(told, [[{ id: SOURCE.id }, 'conservation_impossible', /ENOSPC/]]);
});

t.test(
  'a piece never waits more than four seconds for its document, nor longer than its source',
  async (t) => {
    const times: number[] = [];
    const fetch: FetchDocument = async (_source, _link, timeoutMs) => {
      times.push(timeoutMs);
      return 'delai_depasse';
    };
    const keep = createKeepDocument({ fetch, archive: archiveOf(t, Date.now), now: () => NOON_MS });
    await keep(QUESTION, LINK, 20_000);
    await keep(QUESTION, LINK, 1_200);
    t.strictSame(times, [4_000, 1_200]);
  },
);

t.test('a source that declares no documents has none, whatever its answers hold', async (t) => {
  const keep = createKeepDocument({
    fetch: async () => t.fail('fetched') as never,
    archive: archiveOf(t, Date.now),
    now: () => NOON_MS,
  });
  const { document } = await keep({ ...QUESTION, source: HOURLY }, LINK, 10_000);
  t.equal(document, 'lien_refuse');
});
