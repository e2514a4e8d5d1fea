import { Agent, request } from 'node:http';
import t from 'tap';
import { createFileChainArchive } from '../../src/journal/file-chains.ts';
import { journalFolder } from '../../src/journal/open-chains.ts';
import { createCheckSignature, createSigner } from '../../src/journal/signing.ts';
import { seedIn } from '../../src/journal/signing-key.ts';
import { startAdministrations } from '../helpers/administrations.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { freePorts } from '../helpers/redis-server.ts';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';
import { bearerAt } from '../helpers/tokens.ts';
import { findingsIn } from '../journal/journals.ts';

const ANSWERS = 50_000;
const KILLS = 4;
const CALLERS = 40;
const PATH = '/v1/dossiers/00001140300029?usage=socle&object=2026-001&recipient=13002526500013';

/** Asks again and again, whatever becomes of the server; remembers each request that was answered with data. */
function callers(port: number, bearer: () => object) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const answered = new Set<string>();
  const refused = { count: 0 };
  let asked = 0;
  let isOver = false;

  function askOnce(): Promise<void> {
    const id = `requete-${++asked}`;
    return new Promise((resolve) => {
      const options = {
        host: '127.0.0.1',
        port,
        path: PATH,
        agent,
        headers: { ...bearer(), 'x-request-id': id },
      };
      const lost = () => {
        refused.count++;
        setTimeout(resolve, 20);
      };
      const asking = request(options, (response) => {
        response.on('error', () => {});
        response.resume().on('close', () => {
          // A head of status 200 is data already.
          if (response.statusCode === 200) answered.add(id);
          resolve();
        });
      });
      asking.on('error', lost).end();
    });
  }

  const all = Array.from({ length: CALLERS }, async () => {
    while (!isOver) await askOnce();
  });
  return {
    answered,
    refused,
    async stop() {
      isOver = true;
      await Promise.all(all);
      agent.destroy();
    },
  };
}

/** The requests that the journal tells of. */
async function recordedIn(dataDir: string): Promise<Set<string>> {
  const archive = createFileChainArchive(journalFolder(dataDir));
  const recorded = new Set<string>();
  for (const month of await archive.months()) {
    for (const chain of await archive.chains(month)) {
      for await (const stored of archive.read(chain)) {
        if (stored.kind === 'line') recorded.add(JSON.parse(stored.text).requete);
      }
    }
  }
  return recorded;
}

t.test(
  'kill -9 again and again: every answer that was received has its line, and the journal verifies',
  async (t) => {
    const administrations = await startAdministrations(t);
    const DATA_DIR = emptyFolder(t);
    const [port = 0] = await freePorts(1);
    const env = { ...administrations.env, DATA_DIR, PORT: String(port) };
    let gateway = await startGateway(t, env);
    const first = await fetch(`${gateway.url}${PATH}`, {
      headers: { ...bearerAt(gateway.url + PATH), prefer: 'wait=20' },
    });
    t.equal(first.status, 200);
    await first.text();
    const load = callers(port, () => bearerAt(`${gateway.url}${PATH}`));
    for (let kill = 1; kill <= KILLS; kill++) {
      const share = (ANSWERS * (kill - Math.random() / 2)) / (KILLS + 1);
      await until(() => load.answered.size > share, 60_000);
      gateway.process.kill('SIGKILL');
      await exitOf(gateway.process);
      gateway = await startGateway(t, env);
    }
    await until(() => load.answered.size >= ANSWERS, 60_000);
    gateway.process.kill('SIGKILL');
    await load.stop();
    const recorded = await recordedIn(DATA_DIR);
    const missing = [...load.answered].filter((id) => !recorded.has(id));
    t.comment(
      `${load.answered.size} answers, ${load.refused.count} connections lost, ${recorded.size} lines`,
    );
    t.strictSame(missing, []);
    const check = createCheckSignature([createSigner(seedIn(DATA_DIR)).key]);
    const { faults, summary } = await findingsIn(createFileChainArchive(journalFolder(DATA_DIR)), { check });
    t.strictSame(faults, []);
    t.equal(summary.chains, KILLS + 1);
  },
);
