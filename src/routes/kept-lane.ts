import type { IncomingMessage, ServerResponse } from 'node:http';
import { agentIn } from '../access/agent.ts';
import { type Gate, refusalOfDossier } from '../access/gate.ts';
import { rateLimitOf } from '../access/rate-limit.ts';
import type { Holder } from '../access/register.ts';
import type { Witness, Witnessed } from '../access/witness.ts';
import type { Rendition } from '../keeping/rendition.ts';
import type { Asker } from './admission.ts';
import { cacheStatusOfKept } from './cache-status.ts';
import type { DossierQuestion } from './dossier-question.ts';
import type { KeptDossiers } from './kept-dossiers.ts';
import type { Sending, SendRendition } from './send-rendition.ts';
import { askedIn, toldOfKept, witnessedOf } from './told.ts';

/** What an address and its headers were read to mean. */
export interface KnownRequest {
  question: DossierQuestion;
  encoding: Sending['encoding'];
}

/**
 * The way of the requests that ask again, in the same words, for a dossier that is kept: past the router and the
 * hooks, which would cost a third of the throughput. It answers what the route would, to the byte; whatever is
 * unusual goes the whole way.
 */
export interface KeptLane {
  /** Remembers what the route has read: a request that was never answered has no lane. */
  learn(request: IncomingMessage, known: KnownRequest): void;
  /**
   * Answers, at once or as soon as that is accounted for; or leaves the request as it is, and gives false.
   *
   * @param passOn lets the request go the whole way after all
   */
  take(request: IncomingMessage, response: ServerResponse, passOn: () => void): boolean;
}

export interface KeptLaneOptions {
  keptDossiers: KeptDossiers;
  send: SendRendition;
  now: () => number;
  /** False while requests are to be looked at more closely: the process stops, or is behind. */
  isOpen(): boolean;
  requestIdOf(request: IncomingMessage): string;
  traceparentOf(request: IncomingMessage): string;
  gate: Pick<Gate, 'recallNow' | 'takeNow'>;
  witness: Witness;
  /** @param tookMs how long the answer took, in milliseconds */
  onAnswered(requestId: string, status: number, tookMs: number): void;
}

interface Remembered extends KnownRequest {
  asked: Witnessed['asked'];
  accept: string | undefined;
  acceptEncoding: string | undefined;
}

/** A request that may be answered by what is kept. */
interface Asking {
  request: IncomingMessage;
  response: ServerResponse;
  passOn: () => void;
  startedMs: number;
  known: Remembered;
  asker: Asker;
}

const MAX_REMEMBERED = 10_000;
const MAX_URL_LENGTH = 400;

export function createKeptLane(options: KeptLaneOptions): KeptLane {
  const { keptDossiers, send, now, isOpen, requestIdOf, traceparentOf, onAnswered } = options;
  const { gate, witness } = options;
  const remembered = new Map<string, Remembered>();

  function recall({ url = '', headers }: IncomingMessage): Remembered | null {
    const known = remembered.get(url);
    const isSame = known?.accept === headers.accept && known?.acceptEncoding === headers['accept-encoding'];
    return known && isSame ? known : null;
  }

  return {
    /** When there are too many all are forgotten, which costs less than keeping them in the order of their use. */
    learn({ url = '', headers }, known) {
      if (url.length > MAX_URL_LENGTH) return;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const { accept, 'accept-encoding': acceptEncoding } = headers;
      remembered.set(url, { ...known, asked: askedIn(known.question), accept, acceptEncoding });
    },
    take(request, response, passOn) {
      if (!isPlain(request) || !isNext(response) || !isOpen()) return false;
      const startedMs = performance.now();
      const known = recall(request);
      const holder = known && gate.recallNow(request);
      const agent = agentIn(request.headers);
      if (!known || !holder || agent === undefined || isRefused(holder, known.question)) return false;
      const asking = { request, response, passOn, startedMs, known, asker: { holder, agent } };
      const kept = keptDossiers.read(questionOf(known, holder));
      if (!(kept instanceof Promise)) return kept !== null && give(asking, kept);
      kept.then((rendition) => {
        // The token, or what it stands for, may be good for nothing any more.
        const isGiven = rendition && gate.recallNow(request) === holder && give(asking, rendition);
        if (!isGiven) passOn();
      });
      return true;
    },
  };

  /** As soon as that is accounted for; false, and nothing is done, when the rate must be looked at the long way. */
  function give(asking: Asking, rendition: Rendition): boolean {
    const { request, response, passOn, startedMs, known, asker } = asking;
    const rate = gate.takeNow(asker.holder);
    if (!rate) return false;
    const requestId = requestIdOf(request);
    witness(witnessedOf(requestId, asker, known.asked, toldOfKept(rendition)), (isRemembered) => {
      if (!isRemembered) return passOn();
      const status = send(request, response, rendition, {
        requestId,
        traceparent: traceparentOf(request),
        cacheStatus: cacheStatusOfKept(rendition, now()),
        timing: 'conserve',
        tookMs: performance.now() - startedMs,
        encoding: known.encoding,
        isPlain: request.httpVersion === '1.1' && response.shouldKeepAlive,
        more: rateLimitOf(asker.holder, rate),
      });
      onAnswered(requestId, status, performance.now() - startedMs);
    });
    return true;
  }
}

/** The same as long as whoever asks has the same rights, so that where its dossier is kept is worked out once. */
function questionOf(known: KnownRequest, { rights }: Holder): DossierQuestion {
  if (known.question.rights !== rights) known.question = { ...known.question, rights };
  return known.question;
}

function isRefused(holder: Holder, { usage, tracing }: DossierQuestion): boolean {
  return refusalOfDossier(holder, { usage: usage.id, recipient: tracing.recipient }) !== null;
}

/** A question without a body, that asks for nothing anew. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.host !== undefined &&
    headers['cache-control'] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined
  );
}

/** Nothing that was asked before on the same connection is still to be answered. */
function isNext(response: ServerResponse): boolean {
  return response.socket !== null;
}
