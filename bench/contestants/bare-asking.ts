import { createServer, type ServerResponse } from 'node:http';
import type { Siret } from '../../src/dossier/siret.ts';
import { siretIn } from '../company.ts';
import { listen } from '../listening.ts';
import { callsAbout, IDENTIFYING, WAITING } from '../source-calls.ts';
import { createBareCall } from './bare-call.ts';

/**
 * The limit of asking: the same calls, parsed and sent on; nothing is checked, kept nor assembled. They go out
 * all at once, or in turn: those that wait for the identity of the company after it, as the gateway's do.
 */

const [sourcesUrl = '', way = 'each'] = process.argv.slice(2);
const isInTurn = way === 'each in turn';
const call = createBareCall(sourcesUrl, way === 'one pool' ? 'one pool' : 'a pool each');

async function called(path: string, place: number): Promise<unknown> {
  const { body } = await call(path, place);
  return JSON.parse(body);
}

async function askAll(calls: readonly string[]): Promise<unknown[]> {
  const identity: Promise<unknown>[] = [];
  const answers = calls.map((path, i) => {
    if (isInTurn && WAITING[i]) return Promise.all(identity).then(() => called(path, i));
    const answer = called(path, i);
    if (IDENTIFYING[i]) identity.push(answer);
    return answer;
  });
  return Promise.all(answers);
}

async function answer(url: string, response: ServerResponse): Promise<void> {
  const siret = siretIn(url) as Siret;
  const startedMs = performance.now();
  const answers = await askAll(callsAbout(siret));
  const sourcesMs = performance.now() - startedMs;
  const body = Buffer.from(JSON.stringify({ siret, answers }));
  const length = String(body.length);
  response
    .writeHead(200, [
      'content-type',
      'application/json',
      'content-length',
      length,
      'x-sources-ms',
      sourcesMs.toFixed(3),
    ])
    .end(body);
}

const server = createServer((request, response) => {
  answer(request.url ?? '', response).catch((error) => response.writeHead(502).end(String(error)));
});

listen(server);
