import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipOf, type Rendition } from '../keeping/rendition.ts';
import { createSetHeadText } from './head-text.ts';

export interface SendRenditionOptions {
  /** Headers that every answer carries, names and values in turn. */
  constantHeaders: readonly string[];
  /** While true, each answer is the last of its connection. */
  isClosing: () => boolean;
  /** How long a connection may stay without a request, in milliseconds. */
  keepAliveMs: () => number;
}

/** What varies by call. */
export interface Sending {
  requestId: string;
  traceparent: string;
  cacheStatus: string;
  /** What `Server-Timing` calls the time spent. */
  timing: 'conserve' | 'collecte';
  tookMs: number;
  encoding: 'gzip' | 'identity';
  /** Whether it goes to a socket as it is: HTTP/1.1, kept alive, and nobody has set anything on the response. */
  isPlain: boolean;
  /** Other headers, names and values in turn. */
  more: readonly string[];
}

/** @returns the status */
export type SendRendition = (
  request: IncomingMessage,
  response: ServerResponse,
  rendition: Rendition,
  sending: Sending,
) => 200 | 304;

const FIXED = [
  'vary',
  'accept, accept-encoding, authorization',
  'cache-control',
  'private, no-cache',
  'content-type',
  'application/json; charset=utf-8',
];

/** Sends a dossier as it is kept: head and body are written as they stand. */
export function createSendRendition(options: SendRenditionOptions): SendRendition {
  const { isClosing, keepAliveMs } = options;
  const constantHeaders = [...options.constantHeaders, ...FIXED];
  const setHeadText = createSetHeadText({ constantHeaders, keepAliveMs });
  return (request, response, rendition, sending) => {
    const isGzip = sending.encoding === 'gzip';
    const headers = [
      'x-request-id',
      sending.requestId,
      'traceparent',
      sending.traceparent,
      'etag',
      isGzip ? `W/${rendition.etag}` : rendition.etag,
      'cache-status',
      sending.cacheStatus,
      'server-timing',
      `${sending.timing};dur=${sending.tookMs.toFixed(1)}`,
      ...sending.more,
    ];
    const isLast = isClosing();
    if (isLast) headers.push('connection', 'close');
    if (matches(request.headers['if-none-match'], rendition.etag)) {
      response.writeHead(304, [...constantHeaders, ...headers]).end();
      return 304;
    }
    const body = isGzip ? gzipOf(rendition) : rendition.identity;
    if (isGzip) headers.push('content-encoding', 'gzip');
    headers.push('content-length', String(body.length));
    if (sending.isPlain && !isLast) setHeadText(response, headers);
    else response.writeHead(200, [...constantHeaders, ...headers]);
    response.end(body);
    return 200;
  };
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
export function matches(given: string | undefined, etag: string): boolean {
  if (!given) return false;
  return given.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
