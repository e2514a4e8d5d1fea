import type { Bench } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { startNginxCache } from '../contestants/nginx-cache.ts';
import { startFastifyRoute, startRaw, startUsual } from '../contestants/start-contestants.ts';
import { fill } from '../fill.ts';
import { hasCommand } from '../has-command.ts';
import { keptContestant } from '../kept-contestant.ts';
import { type Line, throughputLine } from '../line.ts';
import { race } from '../race.ts';
import { record } from '../recording.ts';
import { startGateway } from '../start-gateway.ts';
import type { Started } from '../start-process.ts';
import { startRedis } from '../start-redis.ts';
import { type Sources, startSources, withoutCalls } from '../start-sources.ts';

/** Dossiers of the lines that spread: too many for one to be hot in the caches of the core. */
const MANY = 1000;
const AGAINST_RAW = { atLeast: 0.75 };
const AGAINST_USUAL = { atLeast: 2.5 };

/** A dossier that is kept, from the whole gateway in one process, against whoever could send it. */
export async function kept(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url });
  const paths = Array.from({ length: MANY }, (_, company) => dossierPath(company));
  const hot = paths.slice(0, 1);
  await fill(bench, gateway.url, paths, 3);
  return [
    ...(await againstAll(bench, gateway, sources, hot)),
    ...(await withoutCalls(bench, sources, () =>
      againstRaw(bench, gateway, `kept, ${MANY} dossiers`, paths),
    )),
    ...(await withoutCalls(bench, sources, () => compressed(bench, gateway, hot))),
  ];
}

async function againstAll(
  bench: Bench,
  gateway: Started,
  sources: Sources,
  paths: string[],
): Promise<Line[]> {
  const { file, recordings } = await record(bench, gateway.url, paths);
  const shape = recordings.get(paths[0] ?? '')?.body ?? Buffer.of();
  await using redis = await startRedis(bench);
  await using raw = await startRaw(bench, file);
  await using fastify = await startFastifyRoute(bench, file);
  await using usual = await startUsual(bench, { redisUrl: redis.url, sourcesUrl: sources.url, shape });
  await using nginx = await nginxWhereInstalled(bench, raw.url);
  await fill(bench, usual.url, paths, 2);
  const sending = [gateway, raw, fastify, ...(nginx ? [nginx] : [])];
  const contestants = sending.map((server) => keptContestant(bench, { server, paths, recordings }));
  const standings = await withoutCalls(bench, sources, () =>
    race(bench, [...contestants, keptContestant(bench, { server: usual, paths })]),
  );
  const of = (name: string) => standings.find((one) => one.name === name);
  return [
    throughputLine('kept', of('gateway'), of('raw'), AGAINST_RAW),
    throughputLine('kept', of('gateway'), of('usual'), AGAINST_USUAL),
    throughputLine('kept', of('gateway'), of('fastify'), null),
    ...(nginx ? [throughputLine('kept', of('gateway'), of('nginx'), null)] : []),
  ];
}

async function nginxWhereInstalled(bench: Bench, rawUrl: string): Promise<Started | null> {
  if (hasCommand('nginx')) return startNginxCache(bench, rawUrl);
  bench.say('    nginx is not installed: left out');
  return null;
}

async function compressed(bench: Bench, gateway: Started, paths: string[]): Promise<Line[]> {
  return againstRaw(bench, gateway, 'kept, gzip', paths, { 'accept-encoding': 'gzip' });
}

/** The same bytes, whatever their number; nothing to say where the gateway does not compress. */
async function againstRaw(
  bench: Bench,
  gateway: Started,
  measure: string,
  paths: string[],
  headers: Record<string, string> = {},
): Promise<Line[]> {
  const { file, recordings, encoding } = await record(bench, gateway.url, paths, headers);
  if (headers['accept-encoding'] !== undefined && encoding !== headers['accept-encoding']) {
    bench.say(`    ${measure}: the gateway sends it as it is: left out`);
    return [];
  }
  await using raw = await startRaw(bench, file);
  const contestants = [gateway, raw].map((server) =>
    keptContestant(bench, { server, paths, headers, recordings }),
  );
  const [ours, limit] = await race(bench, contestants);
  return [throughputLine(measure, ours, limit, AGAINST_RAW)];
}
