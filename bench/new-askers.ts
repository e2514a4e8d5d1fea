import { type AskedDossier, type AskOptions, askDossiers, each } from './ask-dossiers.ts';
import { type Bench, CALLERS } from './bench.ts';
import { dossierPath } from './company.ts';
import { complaintAboutCalls, complaintAboutDossier } from './complaints.ts';
import { type BareWay, MEANING, startBareAsking } from './contestants/start-contestants.ts';
import { fill } from './fill.ts';
import { CALLS_A_DOSSIER } from './source-calls.ts';
import { startGateway } from './start-gateway.ts';
import type { Started } from './start-process.ts';
import { startSources } from './start-sources.ts';

const WARM_UP = { dossiers: 1_500, callers: 8 };

/** Whoever is asked about companies that nobody has asked about. */
export interface NewAsker {
  server: Started;
  /** Gently: a process that has compiled nothing yet would refuse what it cannot answer in time. */
  warmUp(): Promise<void>;
  /** Asks for a round, each caller once in `everyMs`, or as soon as it is answered when zero. */
  ask(everyMs: number): Promise<AskedDossier[]>;
  /** What it refused to answer since this was last said (503, and when to come back); null when nothing. */
  refusalNote(): string | null;
}

export interface NewAskers extends AsyncDisposable {
  gateway: NewAsker;
  /** One a way asked for, in that order. */
  bare: NewAsker[];
  /** How many calls each makes for a dossier. */
  callsNote: string;
}

/** The gateway, and the same calls by undici alone, on the same sources. */
export async function startNewAskers(
  bench: Bench,
  latencyMs: number,
  ways: readonly BareWay[],
): Promise<NewAskers> {
  const stack = new AsyncDisposableStack();
  const sources = stack.use(await startSources(bench, latencyMs));
  const gateway = stack.use(await startGateway(bench, { sourcesUrl: sources.url }));
  const bare: Started[] = [];
  for (const way of ways) bare.push(stack.use(await startBareAsking(bench, sources.url, way)));
  let company = 0;
  const nextPath = () => dossierPath(company++);
  const callsBefore = await sources.calls();
  await fill(bench, gateway.url, [nextPath()], 1);
  const calls = (await sources.calls()) - callsBefore;
  const complaintAboutBare: AskOptions['complaintAbout'] = (answer) =>
    complaintAboutCalls(answer, CALLS_A_DOSSIER);
  const complaintAbout = (way: BareWay | undefined) =>
    way === MEANING ? complaintAboutDossier : complaintAboutBare;
  return {
    gateway: asker(bench, gateway, nextPath, complaintAboutDossier),
    bare: bare.map((server, i) => asker(bench, server, nextPath, complaintAbout(ways[i]))),
    callsNote: `calls a dossier: gateway ${calls}, bare ${CALLS_A_DOSSIER}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function asker(
  bench: Bench,
  server: Started,
  nextPath: () => string,
  complaintAbout: AskOptions['complaintAbout'],
): NewAsker {
  let refusals = 0;
  const asking = {
    origin: server.url,
    complaintAbout,
    wrong: (complaint: string) => bench.wrong(`${server.name}: ${complaint}`),
  };
  return {
    server,
    async warmUp() {
      const paths = Array.from({ length: WARM_UP.dossiers }, nextPath);
      await askDossiers({ ...asking, next: each(paths), callers: WARM_UP.callers });
    },
    refusalNote() {
      const note = refusals === 0 ? null : `${server.name} refused ${refusals} (503), which no figure counts`;
      refusals = 0;
      return note;
    },
    async ask(everyMs) {
      const untilMs = performance.now() + bench.roundSeconds * 1000;
      const next = () => (performance.now() < untilMs ? nextPath() : null);
      const asked = await askDossiers({
        ...asking,
        next,
        callers: CALLERS,
        everyMs,
        refused: () => refusals++,
      });
      server.forgetOutput();
      return asked;
    },
  };
}
