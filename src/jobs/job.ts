/** What somebody wants followed: one application, a request for aid, or an opening of bids. */
export const KINDS = ['candidature', 'demande', 'ouverture'] as const;
export type Kind = (typeof KINDS)[number];

/** `interrompue`: the habilitation no longer covers it. */
export type JobState = 'en_cours' | 'terminee' | 'interrompue';

/** Those that somebody waits for are not behind the hundreds of an opening of bids. */
export const LINES = ['prompte', 'ouverture'] as const;
export type Line = (typeof LINES)[number];

/** What is asked once and collected for as long as it takes, company by company. */
export interface Job {
  id: string;
  kind: Kind;
  habilitationId: string;
  state: JobState;
  /** Of companies. */
  size: number;
  /** Of the first of its companies; the others follow one by one. */
  turn: number;
  /** Epoch milliseconds, as all instants here. */
  createdAtMs: number;
  /** When the first of its companies was asked about; null before. */
  begunAtMs: number | null;
  /** Nothing is asked any more from then on. */
  untilMs: number;
  endedAtMs: number | null;
  /** Everything about it is deleted then. */
  purgeAtMs: number;
  /** When it was to end, as was said when it was posted. */
  estimatedAtMs: number;
}

/** One company of a job, by its place in the list that was posted. */
export interface Task {
  jobId: string;
  position: number;
  isDone: boolean;
  /** What was collected so far, as text; null before the first answer. */
  result: string | null;
  /** Sources that have not answered yet; null before the first try. */
  waiting: number | null;
  tries: number;
  /** When those are asked again. */
  nextTryAtMs: number | null;
}

/** What is left to ask of a company, as text. */
export interface ToAsk {
  text: string;
  /** The day and the rights by which it was judged: by others it may differ. */
  judgedBy: string;
}

export type TaskRef = Pick<Task, 'jobId' | 'position'>;

/** A company to be collected: the lowest turn of its line comes first. */
export interface Work extends TaskRef {
  turn: number;
}

export function lineOf(kind: Kind): Line {
  return kind === 'ouverture' ? 'ouverture' : 'prompte';
}
