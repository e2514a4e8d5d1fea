import { hash } from 'node:crypto';
import t, { type Test } from 'tap';
import { type Journal, JournalClosed } from '../../src/journal/group-commit.ts';
import { build, collectOf, fact, GOOD, journalInto, RECIPIENT, SIRET } from '../helpers/app.ts';
import { bearerAt } from '../helpers/tokens.ts';

interface Line {
  nature: string;
  requete: string;
  route: string;
  qui: object;
  pourquoi: object;
  quoi: { siren: string; conservees: string; demandees: string; empreinte: string | null };
  issue: { resultat: string; statut: number; motif: string | null };
}

const collect = collectOf({ insee_etablissement: fact('obtenu', null) });

/** A listening application whose journal the test holds; `close` shuts it. */
async function listening(t: Test, of = collect) {
  const lines: Line[] = [];
  const journal = { isOpen: true, isSlow: false };
  const written = journalInto(lines);
  const parts: { journal: Journal } = {
    journal: {
      ...written,
      isOpen: () => journal.isOpen,
      record: (rest) => (journal.isOpen ? written.record(rest) : Promise.reject(new JournalClosed('closed'))),
    },
  };
  const app = await build(t, of, [], parts);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = (path = GOOD, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers: { ...bearerAt(url + path), ...headers } });
  return { app, url, lines, journal, ask };
}

t.test(
  'an answer has its line: who asks for whom, why, whose data, which pieces, and its digest',
  async (t) => {
    const { lines, ask } = await listening(t);
    const answer = await ask();
    const body = await answer.text();
    const [line] = lines;
    t.equal(lines.length, 1);
    t.match(line, {
      nature: 'acces',
      requete: answer.headers.get('x-request-id'),
      route: '/v1/dossiers/:siret',
      qui: { habilitation: 'essai-marche_public', organisme: RECIPIENT, base_legale: /./ },
      pourquoi: { destinataire: RECIPIENT, usage: 'marche_public', objet: '2026-001' },
      quoi: { siren: SIRET.slice(0, 9), conservees: '0', demandees: /[1-9a-f]/ },
      issue: { resultat: 'repondu', statut: 200, motif: null },
    });
    t.equal(line?.quoi.empreinte, hash('sha256', body, 'base64url'));
  },
);

t.test('so has one that is kept, by the route or by its lane, and one that has not changed', async (t) => {
  const { app, lines, ask } = await listening(t);
  const first = await ask();
  await first.text();
  await (await ask(`${GOOD}&context=autre`)).text();
  await (await ask()).text();
  // `fetch` would ask for something newer by itself.
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  t.equal((await app.inject({ url: GOOD, headers })).statusCode, 304);
  t.equal(lines.length, 4);
  const [asked, ...kept] = lines;
  for (const { quoi } of kept) {
    t.equal(quoi.conservees, asked?.quoi.demandees);
    t.equal(quoi.demandees, '0');
    t.equal(quoi.empreinte, asked?.quoi.empreinte);
  }
});

t.test('a refusal has its line, with what is known of the question', async (t) => {
  const { url, lines, ask } = await listening(t, collectOf({}));
  t.equal((await ask()).status, 404);
  t.equal((await ask(GOOD, { authorization: '' })).status, 401);
  t.equal((await ask(GOOD, bearerAt(url + GOOD.replace('marche_public', 'socle')))).status, 403);
  t.equal((await ask('/livez')).status, 200);
  const siren = SIRET.slice(0, 9);
  t.match(lines, [
    {
      pourquoi: { objet: '2026-001' },
      quoi: { siren, empreinte: null },
      issue: { resultat: 'inconnu', statut: 404 },
    },
    {
      qui: { organisme: null },
      pourquoi: { objet: null },
      quoi: { siren: null },
      issue: { resultat: 'refuse', statut: 401, motif: 'jeton_absent' },
    },
    {
      qui: { organisme: RECIPIENT },
      quoi: { siren, conservees: '0', demandees: '0' },
      issue: { resultat: 'refuse', statut: 403, motif: 'usage' },
    },
  ]);
  t.equal(lines.length, 3);
});

t.test(
  'a dossier that leaves as it forms is recorded before its first piece, and again when it is whole',
  async (t) => {
    const lines: Line[] = [];
    const before: number[] = [];
    const app = await build(
      t,
      async (collecting) => {
        before.push(lines.length);
        return collect(collecting);
      },
      [],
      { journal: journalInto(lines) },
    );
    const { body } = await app.inject({ url: GOOD, headers: { accept: 'text/event-stream' } });
    t.strictSame(before, [1]);
    t.equal(lines.length, 2);
    t.match(lines[0], { quoi: { empreinte: null, demandees: lines[1]?.quoi.demandees } });
    const [, dossier = ''] = /event: dossier\ndata: (.*)\n/.exec(body) ?? [];
    t.equal(lines[1]?.quoi.empreinte, hash('sha256', dossier, 'base64url'));
  },
);

t.test('while nothing can be recorded no data leaves, kept or not, and the gateway says so', async (t) => {
  const { lines, journal, ask } = await listening(t);
  await (await ask()).text();
  journal.isOpen = false;
  const refusals = [
    await ask(),
    await ask(`${GOOD}&context=autre`),
    await ask(GOOD.replace('marche_public', 'socle')),
    await ask(GOOD, { accept: 'text/event-stream' }),
    await ask('/readyz'),
  ];
  for (const refusal of refusals) {
    t.equal(refusal.status, 503);
    t.equal(refusal.headers.get('retry-after'), '5');
    t.match(await refusal.json(), { type: '/problemes/passerelle-indisponible', detail: /journal/ });
  }
  t.equal((await ask('/livez')).status, 200);
  t.equal(lines.length, 1);
  journal.isOpen = true;
  t.equal((await ask()).status, 200);
  t.equal((await ask('/readyz')).status, 200);
});

t.test('a line that cannot be written at the last moment keeps its answer from leaving', async (t) => {
  const app = await build(t, collect, [], {
    journal: {
      isOpen: () => true,
      record: () => Promise.reject(new JournalClosed('closed')),
      close: async () => {},
    },
  });
  for (const accept of ['application/json', 'text/event-stream']) {
    const refusal = await app.inject({ url: GOOD, headers: { accept } });
    t.equal(refusal.statusCode, 503);
    t.notMatch(refusal.body, /"data"|event: piece/);
  }
});
