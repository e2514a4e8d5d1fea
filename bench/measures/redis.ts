import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Bench } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { startUsual } from '../contestants/start-contestants.ts';
import { fill } from '../fill.ts';
import { keptContestant } from '../kept-contestant.ts';
import { type Line, throughputLine } from '../line.ts';
import { race, type Standing } from '../race.ts';
import { record } from '../recording.ts';
import { startGateway } from '../start-gateway.ts';
import { startRedis } from '../start-redis.ts';
import { startSources, withoutCalls } from '../start-sources.ts';

const MANY = 1000;
const AGAINST_USUAL = { atLeast: 1 };

/** Dossiers that are in Redis only, sealed: a process that has just started, against the usual integration. */
export async function redisOnly(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using redis = await startRedis(bench);
  const env = {
    REDIS_URL: redis.url,
    CACHE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    // No answer is kept in the process: each request meets Redis, as in one that has just started.
    MEMORY_CACHE_MIB: '0',
  };
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url, env });
  const paths = Array.from({ length: MANY }, (_, company) => dossierPath(company));
  await fill(bench, gateway.url, paths, 3);
  const { recordings } = await record(bench, gateway.url, paths);
  const shape = recordings.get(paths[0] ?? '')?.body ?? Buffer.of();
  await using usual = await startUsual(bench, { redisUrl: redis.url, sourcesUrl: sources.url, shape });
  await fill(bench, usual.url, paths, 2);
  const commands = await commandsADossier(redis.url, () => fill(bench, gateway.url, paths, 1), MANY);
  const [ours, other] = await withoutCalls(bench, sources, () =>
    race(bench, [
      keptContestant(bench, { server: gateway, paths, recordings }),
      keptContestant(bench, { server: usual, paths }),
    ]),
  );
  return [lineOf(ours, other, commands)];
}

function lineOf(ours: Standing | undefined, other: Standing | undefined, commands: number): Line {
  const line = throughputLine(`redis, ${MANY} dossiers`, ours, other, AGAINST_USUAL);
  const read = `the gateway sends ${commands.toFixed(1)} commands to Redis a dossier`;
  if (commands >= 1) return { ...line, notes: [...line.notes, read] };
  return { ...line, value: Number.NaN, notes: [`${read}: it keeps dossiers in its process all the same`] };
}

/** Redis says how many commands it was sent: proof that it was read. */
async function commandsADossier(url: string, work: () => Promise<void>, dossiers: number): Promise<number> {
  const redis = new Redis(url);
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const before = await commands();
  await work();
  const made = (await commands()) - before;
  redis.disconnect();
  return made / dossiers;
}
