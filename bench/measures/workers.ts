import { askDossiers } from '../ask-dossiers.ts';
import { type Bench, CALLERS } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { complaintAboutDossier } from '../complaints.ts';
import { startRaw, startRawDurable } from '../contestants/start-contestants.ts';
import { withFewAndMany } from '../few-and-many.ts';
import { fill } from '../fill.ts';
import { keptContestant } from '../kept-contestant.ts';
import { figuresOf, type Line, medianRatio } from '../line.ts';
import { processCountOf } from '../process-tree.ts';
import { race, type Standing } from '../race.ts';
import { record } from '../recording.ts';
import { startGateway } from '../start-gateway.ts';
import { startRedis } from '../start-redis.ts';
import { startSources, withoutCalls } from '../start-sources.ts';

const CPU_TIME = { atMost: 1.1 };
const PROCESSES = 2;
const OURS = `gateway × ${PROCESSES}`;

/**
 * CPU time of a kept dossier in several processes behind one port, against one process; and what that costs
 * node:http alone, without and with a durable line an answer. All on the same core: what is compared is work
 * done, and the load needs the other one.
 */
export async function workers(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using redis = await startRedis(bench);
  const env = { REDIS_URL: redis.url };
  const several = { ...env, WORKERS: String(PROCESSES) };
  await using one = await startGateway(bench, { sourcesUrl: sources.url, env });
  await using all = await startGateway(bench, { name: OURS, sourcesUrl: sources.url, env: several });
  const path = dossierPath(0);
  for (const { url } of [one, all]) await keepInEachProcess(bench, url, path);
  const { file, recordings } = await record(bench, one.url, [path]);
  await using raw = await startRaw(bench, file);
  await using allRaw = await startRaw(bench, file, PROCESSES);
  await using durable = await startRawDurable(bench, file);
  await using allDurable = await startRawDurable(bench, file, PROCESSES);
  const contestants = [one, all, raw, allRaw, durable, allDurable].map((server) =>
    keptContestant(bench, { server, paths: [path], recordings }),
  );
  const isShared = processCountOf(all.pid) > processCountOf(one.pid);
  // Awaited here: what is used is given back when this function ends.
  return await withFewAndMany(async (callers, named) => {
    const standings = await withoutCalls(bench, sources, () => race(bench, contestants, callers));
    const line = (first: number) =>
      cpuLine(named('workers, CPU time'), standings[first + 1], standings[first]);
    return [{ ...line(0), target: CPU_TIME, ...(isShared ? {} : NOT_SHARED) }, line(2), line(4)];
  });
}

const NOT_SHARED = { value: Number.NaN, notes: ['WORKERS started no other process'] };

function cpuLine(measure: string, several: Standing | undefined, one: Standing | undefined): Line {
  if (!several || !one) throw new Error('workers: a contestant is missing');
  return {
    measure,
    ours: figuresOf(several),
    against: figuresOf(one),
    value: medianRatio(several, one, 'cpuUs'),
    unit: '',
    cpuRatio: null,
    target: null,
    notes: [],
  };
}

/** Connections are shared out between processes: enough of them, and each has met the dossier. */
async function keepInEachProcess(bench: Bench, origin: string, path: string): Promise<void> {
  await fill(bench, origin, [path], 2);
  let left = CALLERS * 10;
  const next = () => (left-- > 0 ? path : null);
  await askDossiers({
    origin,
    next,
    callers: CALLERS,
    complaintAbout: complaintAboutDossier,
    wrong: bench.wrong,
  });
}
