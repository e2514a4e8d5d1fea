import type { ServerResponse } from 'node:http';
import type { Failure } from './faults.ts';
import type { WireAnswer } from './wire-answer.ts';

const HUGE_BYTES = 50 * 2 ** 20;
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const TRICKLE_MS = 100;

type Sleep = (ms: number) => Promise<void>;
type Distort = (answer: WireAnswer) => WireAnswer;
type Transport = (response: ServerResponse, answer: WireAnswer, sleep: Sleep) => void | Promise<void>;

/** Of a document that does not exist, or does not any more. */
const NOBODY = '00000000-0000-4000-8000-000000000000';
const LINK = /(?<="document_url":")[^"]+/g;

const half = (body: Buffer) => body.subarray(0, Math.floor(body.length / 2));

/** Well-formed HTTP around a body no client expects. */
const distortions: Partial<Record<Failure, Distort>> = {
  'truncated-json': (answer) => ({ ...answer, body: half(answer.body) }),
  'cut-off': (answer) => ({ ...answer, body: half(answer.body) }),
  'link-elsewhere': linking(() => 'https://documents.example/attestation.pdf'),
  'link-to-metadata': linking(() => 'http://169.254.169.254/latest/meta-data/'),
  'dead-link': linking((link) => link.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, NOBODY)),
  'invalid-json': (answer) => ({ ...answer, body: Buffer.from('{"data":{"siret":,}') }),
  'wrong-shape': (answer) => ({ ...answer, body: Buffer.from('{"data":[null],"links":7}') }),
  'empty-body': (answer) => ({ ...answer, body: Buffer.alloc(0) }),
  html: () => ({
    status: 200,
    contentType: 'text/html',
    body: Buffer.from('<!doctype html><title>Service</title><p>Une page au lieu de données</p>'),
  }),
};

function linking(to: (link: string) => string): Distort {
  return (answer) => ({ ...answer, body: Buffer.from(answer.body.toString().replace(LINK, to)) });
}

/** Ways to send an answer that never arrives whole, or never ends. */
const transports: Partial<Record<Failure, Transport>> = {
  hang: () => undefined,
  'hang-mid-body': (response, answer) => void announce(response, answer).write(half(answer.body)),
  reset: (response) => void response.socket?.resetAndDestroy(),
  'reset-mid-body': (response, answer) => {
    announce(response, answer).write(half(answer.body), () => response.socket?.resetAndDestroy());
  },
  trickle: async (response, answer, sleep) => {
    announce(response, answer);
    for (const byte of answer.body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await sleep(TRICKLE_MS);
    }
    response.end();
  },
  'huge-body': async (response, answer) => {
    response.writeHead(200, { 'content-type': answer.contentType });
    response.write('{"data":{"remplissage":"');
    for (let sent = 0; sent < HUGE_BYTES && !response.destroyed; sent += CHUNK.length) {
      if (!response.write(CHUNK)) await drained(response);
    }
    response.end('"},"links":{},"meta":{}}');
  },
};

export function distort(failure: Failure, answer: WireAnswer): WireAnswer {
  return distortions[failure]?.(answer) ?? answer;
}

/** Null when the failure needs nothing of the socket. */
export function transportOf(failure: Failure): Transport | null {
  return transports[failure] ?? null;
}

function announce(response: ServerResponse, { status, contentType, body }: WireAnswer): ServerResponse {
  return response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
}

/** Waits for room in the socket, or for its end: a client that left never drains anything. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
