import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { listen } from '../listening.ts';
import { readRecordings } from '../recording.ts';

/** The limit: the very same bytes, by node:http alone, in one process or in several behind one port. */

const [recordingsFile = '', processes = '1'] = process.argv.slice(2);

function serve(): void {
  const recordings = readRecordings(recordingsFile);
  const server = createServer((request, response) => {
    const recording = recordings.get(request.url ?? '');
    if (!recording) return response.writeHead(404).end();
    return response.writeHead(200, recording.headers).end(recording.body);
  });
  listen(server);
}

if (cluster.isPrimary && Number(processes) > 1) {
  for (let i = 0; i < Number(processes); i++) cluster.fork();
} else serve();
