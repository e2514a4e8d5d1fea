import t, { type Test } from 'tap';
import { rightsOf } from '../../src/access/rights.ts';
import type { ADemander, Dossier } from '../../src/dossier/dossier.ts';
import type { Posting } from '../../src/jobs/post-job.ts';
import { createReadLeft, judgedBy, toAskIn } from '../../src/routes/left-to-ask.ts';
import { byDocument } from '../../src/routes/left-view.ts';
import type { Followed } from '../../src/routes/posted-question.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { jobsOf, RECIPIENT, SIRET } from '../helpers/app.ts';
import { siretNumber } from '../helpers/gateway-on.ts';
import { sure } from '../helpers/tokens.ts';

const DAY_MS = 86_400_000;
const SIRETS = [0, 1, 2].map(siretNumber) as [string, string, string];
const FOLLOWED: Followed = {
  usage: 'marche_public',
  object: 'o',
  recipient: RECIPIENT,
  context: 'c',
  etape: 'attribution',
  nature: null,
  date: null,
  membres: SIRETS.map((siret) => ({ siret, role: 'candidat' })),
};

const rights = (sources: string[]) =>
  rightsOf({ audience: 'agent', usage: 'marche_public', sources } as unknown as Parameters<
    typeof rightsOf
  >[0]);
const ALL = rights(['insee_etablissement', 'urssaf_attestation_vigilance']);
const FEWER = rights(['insee_etablissement']);

const demand = (piece: string, more: Partial<ADemander> = {}): ADemander => ({
  piece,
  motif: 'm',
  recours: 'r',
  base_legale: 'b',
  ...more,
});
const dossier = (piece: string) =>
  ({
    data: {
      a_demander: [demand(piece)],
      constats: [
        { conclusion: 'impossible_a_conclure', pieces: ['urssaf_attestation_vigilance'] },
        { conclusion: 'etablie', pieces: ['insee_etablissement'] },
      ],
    },
  }) as unknown as Dossier;

/** An opening of which two companies were collected and judged at noon by all rights, and one is still to come. */
async function opening(t: Test) {
  let nowMs = NOON_MS;
  let examined = 0;
  const now = () => nowMs;
  const { store } = jobsOf(t, now);
  const posting: Posting = {
    kind: 'ouverture',
    habilitationId: 'h',
    size: 3,
    question: '{}',
    key: null,
    endOf: () => NOON_MS,
  };
  const posted = sure(await store.post(posting));
  if (posted === 'too_many') throw new Error('too many');
  const { id: jobId } = posted.job;
  const tried = { isDone: true, waiting: 0, tries: 1, nextTryAtMs: null };
  for (const position of [1, 0]) {
    const toAsk = toAskIn({ dossier: dossier(`collected ${position}`), mere: null }, judgedBy(ALL, nowMs));
    sure(await store.save({ jobId, position, result: '{}', toAsk, ...tried }, NOON_MS));
  }
  const read = createReadLeft({
    store,
    now,
    examine: async (_followed, position) => {
      examined++;
      return { dossier: dossier(`judged ${position}`), pieces: [], mere: null };
    },
  });
  return {
    async read(by = ALL) {
      examined = 0;
      const lefts = await Promise.all([read(jobId, FOLLOWED, by), read(jobId, FOLLOWED, by)]);
      t.strictSame(lefts[0], lefts[1]);
      return { left: lefts[0] ?? [], examined };
    },
    goOn: (ms: number) => {
      nowMs += ms;
    },
  };
}

const piecesOf = (left: { demandes: ADemander[] }[]) => left.map(({ demandes }) => demandes[0]?.piece);

t.test('what was judged when it was collected is read as it stands', async (t) => {
  const { read } = await opening(t);
  const { left, examined } = await read();
  t.equal(examined, 0);
  t.strictSame(piecesOf(left), ['collected 0', 'collected 1']);
  t.match(left, [
    { position: 0, siret: SIRETS[0], pieces: ['urssaf_attestation_vigilance'] },
    { position: 1, siret: SIRETS[1] },
  ]);
});

t.test('on another day it is judged anew, once for all who read', async (t) => {
  const { read, goOn } = await opening(t);
  goOn(DAY_MS);
  const first = await read();
  t.equal(first.examined, 2);
  t.strictSame(piecesOf(first.left), ['judged 0', 'judged 1']);
  const again = await read();
  t.strictSame(again, { left: first.left, examined: 0 });
});

t.test('for other rights too: nobody reads what they do not cover any more', async (t) => {
  const { read } = await opening(t);
  const { left, examined } = await read(FEWER);
  t.strictSame([examined, piecesOf(left)], [2, ['judged 0', 'judged 1']]);
});

t.test('of a company that nobody knows, nothing is left to ask', async (t) => {
  t.strictSame(JSON.parse(toAskIn({ dossier: null, mere: null }, 'by').text), {
    demandes: [],
    pieces: [],
    mere: null,
  });
});

t.test('a document is named once, with the companies it is to be asked of', async (t) => {
  const left = [
    { siret: SIRETS[0], demandes: [demand('B', { motif: 'two' }), demand('A')] },
    { siret: SIRETS[1], demandes: [demand('B', { motif: 'one', base_legale: 'c ; b' })] },
    { siret: SIRETS[2], demandes: [demand('B', { motif: 'two' }), demand('A', { recours: 'another' })] },
  ];
  t.strictSame(byDocument(left), [
    {
      piece: 'A',
      recours: 'another',
      base_legale: 'b',
      entreprises: [SIRETS[2]],
      motifs: [{ motif: 'm', entreprises: [SIRETS[2]] }],
    },
    {
      piece: 'A',
      recours: 'r',
      base_legale: 'b',
      entreprises: [SIRETS[0]],
      motifs: [{ motif: 'm', entreprises: [SIRETS[0]] }],
    },
    {
      piece: 'B',
      recours: 'r',
      base_legale: 'b ; c',
      entreprises: SIRETS,
      motifs: [
        { motif: 'one', entreprises: [SIRETS[1]] },
        { motif: 'two', entreprises: [SIRETS[0], SIRETS[2]] },
      ],
    },
  ]);
  t.strictSame(
    byDocument(left.slice(1)).map(({ piece }) => piece),
    ['A', 'B'],
    'in an order that does not hang on who is done first',
  );
});

t.test('two establishments of a company are not asked for the same', async (t) => {
  const left = [
    { siret: '55203253400646', demandes: [demand('A')] },
    { siret: SIRET, demandes: [demand('B')] },
    { siret: '55203253400653', demandes: [demand('A'), demand('C')] },
  ];
  t.strictSame(
    byDocument(left).map(({ piece, entreprises }) => [piece, ...entreprises]),
    [
      ['A', '55203253400646'],
      ['B', SIRET],
      ['C', '55203253400653'],
    ],
  );
});
