import { createServer, type ServerResponse } from 'node:http';
import { habilitationOf } from '../../src/access/demonstration.ts';
import { rightsOf } from '../../src/access/rights.ts';
import type { Asked } from '../../src/collection/ask-source.ts';
import type { Collect } from '../../src/collection/collect.ts';
import { notNeeded } from '../../src/dossier/outcome.ts';
import { type Siret, sirenOf } from '../../src/dossier/siret.ts';
import { createConstitute } from '../../src/routes/constitute-dossier.ts';
import type { DossierQuestion } from '../../src/routes/dossier-question.ts';
import { outcomeOf } from '../../src/sources/outcome-of.ts';
import { usages } from '../../src/usages/usages.ts';
import { siretIn } from '../company.ts';
import { listen } from '../listening.ts';
import { CALLED, callsAbout, TRACING } from '../source-calls.ts';
import { createBareCall } from './bare-call.ts';

/**
 * The limit of a dossier that means something: the calls of the bare contestant, their answers checked against their schemas and
 * put into our words, and the dossier assembled, examined and serialised. Nobody is recognised, no quota is counted, no circuit
 * looked at, nothing is kept, journaled nor logged.
 */

const [sourcesUrl = ''] = process.argv.slice(2);
const YEAR_MS = 365 * 86_400_000;
const call = createBareCall(sourcesUrl, 'one pool');
const now = Date.now;

const asked = { perime: false, freshUntilMs: null, entry: null };
const collect: Collect = async ({ subject, sources }) => {
  const collected = new Map<string, Asked>();
  for (const { source } of sources) collected.set(source.id, { ...asked, outcome: notNeeded, from: 'rule' });
  const calls = callsAbout(subject.siret).map(async (path, i) => {
    const source = CALLED[i] as (typeof CALLED)[number];
    const response = { ...(await call(path, i)), retryAfterSeconds: null };
    const { outcome } = outcomeOf(source, response, subject, now());
    collected.set(source.id, { ...asked, outcome, from: 'called' });
  });
  await Promise.all(calls);
  return collected;
};
const constitute = createConstitute({ collect, now, hold: async () => {} });
const question: Omit<DossierQuestion, 'siret' | 'siren'> = {
  usage: usages.marche_public,
  procedure: { etape: 'attribution', nature: null },
  date: null,
  tracing: TRACING,
  waitMs: 30_000,
  refresh: false,
  rights: rightsOf(habilitationOf('marche_public', now() + YEAR_MS)),
};

async function answer(url: string, response: ServerResponse): Promise<void> {
  const siret = siretIn(url) as Siret;
  const { dossier } = await constitute({ ...question, siret, siren: sirenOf(siret) });
  const body = Buffer.from(JSON.stringify(dossier));
  response
    .writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)])
    .end(body);
}

const server = createServer((request, response) => {
  answer(request.url ?? '', response).catch((error) => response.writeHead(502).end(String(error)));
});

listen(server);
