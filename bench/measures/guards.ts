import type { Bench } from '../bench.ts';
import { dossierPath } from '../company.ts';
import { startUnguarded } from '../contestants/start-contestants.ts';
import { fill } from '../fill.ts';
import { keptContestant } from '../kept-contestant.ts';
import { type Line, throughputLine } from '../line.ts';
import { race } from '../race.ts';
import { startGateway } from '../start-gateway.ts';
import { startSources, withoutCalls } from '../start-sources.ts';

const AGAINST_UNGUARDED = { atLeast: 0.85 };

/** What token, rights, rate and journal cost a kept dossier. */
export async function guards(bench: Bench): Promise<Line[]> {
  await using sources = await startSources(bench);
  await using gateway = await startGateway(bench, { sourcesUrl: sources.url });
  await using unguarded = await startUnguarded(bench, sources.url);
  const paths = [dossierPath(0)];
  for (const { url } of [gateway, unguarded]) await fill(bench, url, paths, 2);
  const contestants = [gateway, unguarded].map((server) => keptContestant(bench, { server, paths }));
  const [ours, other] = await withoutCalls(bench, sources, () => race(bench, contestants));
  return [throughputLine('guards', ours, other, AGAINST_UNGUARDED)];
}
