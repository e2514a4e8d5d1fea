import { setTimeout as sleep } from 'node:timers/promises';
import { askDossiers, each } from './ask-dossiers.ts';
import type { Bench } from './bench.ts';
import { siretIn } from './company.ts';
import { complaintAboutDossier } from './complaints.ts';

/** Few at a time: what is filled must be whole, however slow the machine. */
const FILLERS = 8;
/** The first dossier of a process is asked alone: it learns from it how much the sources bear. */
const ALONE = 1;
const ATTEMPTS = 10;
const PAUSE_MS = 1_000;

/** Asks for dossiers so many times each, so that whatever a server keeps of them is kept. */
export async function fill(
  bench: Bench,
  origin: string,
  paths: readonly string[],
  times: number,
): Promise<void> {
  await askUntilRight(bench, origin, paths.slice(0, 1), ALONE);
  for (let time = 0; time < times; time++) await askUntilRight(bench, origin, paths, FILLERS);
}

/** Asks again for what was refused or not whole: a server may refuse what a busy machine leaves no time for. */
export async function askUntilRight(
  { wrong }: Bench,
  origin: string,
  paths: readonly string[],
  callers: number,
): Promise<void> {
  let left = paths;
  for (let attempt = 1; left.length > 0 && attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await sleep(PAUSE_MS);
    const unfit = new Set<string>();
    await askDossiers({
      origin,
      callers,
      next: each(left),
      complaintAbout(answer) {
        const complaint = complaintAboutDossier(answer);
        if (complaint !== null) unfit.add(answer.siret);
        return complaint;
      },
      wrong: (complaint) => attempt === ATTEMPTS && wrong(complaint),
    });
    left = left.filter((path) => unfit.has(siretIn(path)));
  }
}
