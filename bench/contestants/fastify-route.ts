import fastify from 'fastify';
import { listen } from '../listening.ts';
import { readRecordings } from '../recording.ts';

/** What Fastify costs by itself: one route, no plugin, no log. */

const recordings = new Map(
  [...readRecordings(process.argv[2] ?? '')].map(([path, { headers, body }]) => [
    path,
    { headers: headersOf(headers), body },
  ]),
);

function headersOf(flat: string[]): Record<string, string> {
  const pairs = flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []));
  return Object.fromEntries(pairs);
}

const app = fastify();
app.get('/v1/dossiers/:siret', (request, reply) => {
  const recording = recordings.get(request.url);
  if (!recording) return reply.code(404).send();
  return reply.headers(recording.headers).send(recording.body);
});

await app.ready();
listen(app.server);
