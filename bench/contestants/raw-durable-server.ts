import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGroupCommit } from '../../src/journal/group-commit.ts';
import { listen } from '../listening.ts';
import { readRecordings } from '../recording.ts';
import { inProcesses } from './in-processes.ts';

/**
 * The limit of an answer that is accounted for: the very same bytes by node:http alone, each after a line is on the disk. The
 * line, always the same, is as long as one of the journal; lines are written together as the journal's are, a file a process.
 * Nobody is recognised, nothing is counted, chained nor logged.
 */

const [recordingsFile = '', linesFile = '', processes = '1'] = process.argv.slice(2);
const { O_APPEND, O_CREAT, O_DSYNC, O_WRONLY } = constants;
const LINE = `${'x'.repeat(749)}\n`;

async function serve(): Promise<void> {
  const recordings = readRecordings(recordingsFile);
  const file = await open(`${linesFile}-${process.pid}`, O_APPEND | O_CREAT | O_DSYNC | O_WRONLY);
  const journal = createGroupCommit({
    writer: {
      open: async () => {},
      append: async (lines) => void (await file.write(lines.join(''))),
      close: () => file.close(),
    },
    sleep,
    onOpen: () => {},
    onClosed: (error) => {
      throw error;
    },
    onCommitted: () => {},
  });
  await journal.opened;
  const server = createServer((request, response) => {
    const recording = recordings.get(request.url ?? '');
    if (!recording) return response.writeHead(404).end();
    return journal.record(LINE).then(() => response.writeHead(200, recording.headers).end(recording.body));
  });
  listen(server);
}

inProcesses(Number(processes), serve);
