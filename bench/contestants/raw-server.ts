import { createServer } from 'node:http';
import { listen } from '../listening.ts';
import { readRecordings } from '../recording.ts';
import { inProcesses } from './in-processes.ts';

/** The limit: the very same bytes, by node:http alone, in one process or in several behind one port. */

const [recordingsFile = '', processes = '1'] = process.argv.slice(2);

inProcesses(Number(processes), () => {
  const recordings = readRecordings(recordingsFile);
  const server = createServer((request, response) => {
    const recording = recordings.get(request.url ?? '');
    if (!recording) return response.writeHead(404).end();
    return response.writeHead(200, recording.headers).end(recording.body);
  });
  listen(server);
});
