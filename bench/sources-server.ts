import { createServer, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { type AnswerTemplate, answerTemplateOf } from './answer-template.ts';
import { listen } from './listening.ts';
import { recordAnswers } from './record-answers.ts';

/** API Entreprise, played as cheaply as node:http can: what is measured must never wait for it. */

const IDENTIFIER = /\/(\d{14}|\d{9})(?=\/|\?|$)/;
/** So wide that it never holds the gateway back, which still has to count. */
const LIMIT_PER_MINUTE = 1_000_000;

const { values } = parseArgs({ options: { 'latency-ms': { type: 'string', default: '0' } } });
const latencyMs = Number(values['latency-ms']);

const templates = new Map<string, AnswerTemplate>();
for (const answer of await recordAnswers()) {
  templates.set(answer.path.replace(IDENTIFIER, '/'), answerTemplateOf(answer));
}

let calls = 0;
let minute = 0;
let callsThisMinute = 0;

/** Epoch seconds of the end of the minute that `nowMs` is in; a new minute is counted anew. */
function countCall(nowMs: number): number {
  const current = Math.floor(nowMs / 60_000);
  if (current !== minute) [minute, callsThisMinute] = [current, 0];
  calls++;
  callsThisMinute++;
  return (minute + 1) * 60;
}

function answer(template: AnswerTemplate, identifier: string, response: ServerResponse): void {
  const resetAtSeconds = countCall(Date.now());
  const body = template.about(identifier);
  response
    .writeHead(template.status, [
      'content-type',
      template.type,
      'content-length',
      String(body.length),
      'ratelimit-limit',
      String(LIMIT_PER_MINUTE),
      'ratelimit-remaining',
      String(Math.max(0, LIMIT_PER_MINUTE - callsThisMinute)),
      'ratelimit-reset',
      String(resetAtSeconds),
    ])
    .end(body);
}

const server = createServer((request, response) => {
  const url = request.url ?? '';
  if (url === '/calls') return response.end(String(calls));
  const found = IDENTIFIER.exec(url);
  const [path = ''] = found ? url.replace(found[0], '/').split('?', 1) : [];
  const template = templates.get(path);
  if (!found?.[1] || !template) return response.writeHead(404).end();
  const identifier = found[1];
  if (latencyMs === 0) return answer(template, identifier, response);
  return setTimeout(answer, latencyMs, template, identifier, response);
});

listen(server);
