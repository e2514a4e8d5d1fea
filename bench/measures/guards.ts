import type { Bench } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { startRaw, startRawDurable, startUnguarded } from '../contestants/start-contestants.ts';
import { withFewAndMany } from '../few-and-many.ts';
import { fill } from '../fill.ts';
import { keptContestant } from '../kept-contestant.ts';
import { type Line, throughputLine } from '../line.ts';
import { race } from '../race.ts';
import { record } from '../recording.ts';
import { startGateway } from '../start-gateway.ts';
import { startSources, withoutCalls } from '../start-sources.ts';

const AGAINST_UNGUARDED = { atLeast: 0.85 };
const AGAINST_RAW = { atLeast: 0.75 };

/**
 * What token, rights, rate and journal cost a kept dossier, what all the rest does, and what a durable line would cost
 * node:http alone.
 */
export async function guards(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url });
  await using unguarded = await startUnguarded(bench, sources.url);
  const paths = [dossierPath(0)];
  for (const { url } of [gateway, unguarded]) await fill(bench, url, paths, 2);
  const { file } = await record(bench, gateway.url, paths);
  await using raw = await startRaw(bench, file);
  await using durable = await startRawDurable(bench, file);
  const servers = [gateway, unguarded, raw, durable];
  const contestants = servers.map((server) => keptContestant(bench, { server, paths }));
  // Awaited here: what is used is given back when this function ends.
  return await withFewAndMany(async (callers, named) => {
    const [ours, other, limit, durableLimit] = await withoutCalls(bench, sources, () =>
      race(bench, contestants, callers),
    );
    return [
      throughputLine(named('guards'), ours, other, AGAINST_UNGUARDED),
      throughputLine(named('kept'), ours, limit, AGAINST_RAW),
      throughputLine(named('kept'), ours, durableLimit, null),
      throughputLine(named('kept, without guards'), other, limit, AGAINST_RAW),
      throughputLine(named('a durable line alone'), durableLimit, limit, null),
    ];
  });
}
