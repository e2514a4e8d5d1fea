import type { Bench } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { startRaw, startUnguarded } from '../contestants/start-contestants.ts';
import { fill } from '../fill.ts';
import { keptContestant } from '../kept-contestant.ts';
import { type Line, throughputLine } from '../line.ts';
import { race } from '../race.ts';
import { record } from '../recording.ts';
import { startGateway } from '../start-gateway.ts';
import { startSources, withoutCalls } from '../start-sources.ts';

const AGAINST_UNGUARDED = { atLeast: 0.85 };
const AGAINST_RAW = { atLeast: 0.75 };

/** What token, rights, rate and journal cost a kept dossier, and what all the rest does. */
export async function guards(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url });
  await using unguarded = await startUnguarded(bench, sources.url);
  const paths = [dossierPath(0)];
  for (const { url } of [gateway, unguarded]) await fill(bench, url, paths, 2);
  await using raw = await startRaw(bench, (await record(bench, gateway.url, paths)).file);
  const contestants = [gateway, unguarded, raw].map((server) => keptContestant(bench, { server, paths }));
  const [ours, other, limit] = await withoutCalls(bench, sources, () => race(bench, contestants));
  return [
    throughputLine('guards', ours, other, AGAINST_UNGUARDED),
    throughputLine('kept, without guards', other, limit, AGAINST_RAW),
  ];
}
