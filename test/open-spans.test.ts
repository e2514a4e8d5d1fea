import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { unavailable } from '../src/dossier/outcome.ts';
import { openSpans } from '../src/open-spans.ts';
import { msaConformiteCotisations as msa } from '../src/sources/msa-conformite-cotisations.ts';
import { build, collectOf, GOOD, RECIPIENT, SIRET } from './helpers/app.ts';

interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
}

/** A collector of the test's own, that speaks OTLP over HTTP. */
async function startCollector(t: Test): Promise<{ url: string; spans(): ExportedSpan[]; text(): string }> {
  const bodies: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => void server.close().closeAllConnections());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () =>
      bodies.flatMap((body) =>
        JSON.parse(body).resourceSpans.flatMap((resource: { scopeSpans: { spans: ExportedSpan[] }[] }) =>
          resource.scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    text: () => bodies.join('\n'),
  };
}

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

t.test('a request is a span in the trace of its caller, and the answer names it', async (t) => {
  const collector = await startCollector(t);
  const spans = openSpans(collector.url);
  const app = await build(t, collectOf({}), [], { spans });
  const answer = await app.inject({ url: GOOD, headers: { traceparent: CALLER } });
  await spans.close();
  const [, traceId, spanId] = String(answer.headers.traceparent).split('-');
  const [span] = collector.spans();
  t.equal(traceId, '0af7651916cd43dd8448eb211c80319c');
  t.match(span, { traceId, spanId, parentSpanId: 'b7ad6b7169203331', name: 'GET /v1/dossiers/:siret' });
  for (const identifier of [SIRET, SIRET.slice(0, 9), RECIPIENT]) t.notMatch(collector.text(), identifier);
});

t.test('a call to a source is a span below that of its request, in error when the source is', async (t) => {
  const collector = await startCollector(t);
  const spans = openSpans(`${collector.url}/`);
  const request = spans.begin('GET', undefined);
  spans.sourceCalled(msa, unavailable('delai_depasse', 'trop long', null), 1500, request.traceparent);
  request.end('/v1/dossiers/:siret', 200);
  await spans.close();
  const [call, server] = collector.spans();
  t.equal(call?.name, msa.id);
  t.equal(call?.traceId, server?.traceId);
  t.equal(call?.parentSpanId, server?.spanId);
  t.equal(call?.status.code, 2);
  t.not(server?.status.code, 2);
});

t.test('a caller who does not sample its trace is followed in that', async (t) => {
  const collector = await startCollector(t);
  const spans = openSpans(collector.url);
  const { traceparent, end } = spans.begin('GET', CALLER.replace(/01$/, '00'));
  end('/livez', 200);
  await spans.close();
  t.match(traceparent, /-00$/);
  t.strictSame(collector.spans(), []);
});

t.test('a collector that is not there holds nothing back', async (t) => {
  const spans = openSpans('http://127.0.0.1:9');
  spans.begin('GET', 'nonsense').end('/livez', 500);
  const startedMs = performance.now();
  await spans.close().catch(() => {});
  t.ok(performance.now() - startedMs < 10_000);
});
