import type { ServerResponse } from 'node:http';

export interface HeadTextOptions {
  /** Names and values in turn, of all these answers. */
  constantHeaders: readonly string[];
  /** How long a connection may stay without a request, in milliseconds. */
  keepAliveMs: () => number;
}

/**
 * Gives a response its head as text.
 *
 * @param headers names and values in turn, of this answer: nobody looks them over any more
 */
export type SetHeadText = (response: ServerResponse, headers: readonly string[]) => void;

/**
 * Heads of answers 200 in HTTP/1.1 whose connection goes on, laid out once but for what varies: checking each of thirty headers
 * at each answer, and laying them out, costs node a fifth of what it takes to send a dossier. It has no public way around that,
 * so this one is what `writeHead` itself comes to; a test compares the two.
 */
export function createSetHeadText({ constantHeaders, keepAliveMs }: HeadTextOptions): SetHeadText {
  const beginning = `HTTP/1.1 200 OK\r\n${linesOf(constantHeaders)}`;
  const end = endOf(keepAliveMs);
  return (response, headers) => {
    Object.assign(response, { _header: `${beginning}${linesOf(headers)}${end()}` });
  };
}

function linesOf(headers: readonly string[]): string {
  let text = '';
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return text;
}

/** The same for a whole second. */
function endOf(keepAliveMs: () => number): () => string {
  let [second, text] = [Number.NaN, ''];
  return () => {
    const nowMs = Date.now();
    if (Math.floor(nowMs / 1000) === second) return text;
    second = Math.floor(nowMs / 1000);
    const [date, seconds] = [new Date(nowMs).toUTCString(), Math.floor(keepAliveMs() / 1000)];
    text = `Date: ${date}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n\r\n`;
    return text;
  };
}
