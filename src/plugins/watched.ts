import { type Aggregator, Gauge, type Registry } from 'prom-client';

/** What is looked at when the metrics are read, rather than counted. */
export interface Watched {
  /** By source id: the state of its circuit, in the words of the catalogue. */
  circuits(): Iterable<[source: string, etat: string]>;
  /** By bucket: calls left this minute, and calls a minute. */
  quotas(): Iterable<[bucket: string, left: number, limit: number]>;
  /** Calls that wait for their quota. */
  quotaWaiting(): number;
  /** Questions under way. */
  asking(): number;
  /** Processes that share what is kept, this one included. */
  fleet(): number;
  /** Whether Redis answers; null without Redis. */
  redisIsWell(): boolean | null;
  journalIsOpen(): boolean;
}

/** What is followed, as far as this process sees it. */
export interface JobCounts {
  /** Companies being collected by this process. */
  underWay: number;
  /** Companies of all jobs that remain to be done; null while that cannot be read. */
  left: number | null;
}

const ETATS = ['ferme', 'demi_ouvert', 'ouvert', 'maintenance', 'non_autorise'];

/** Each value is looked up when the metrics are read, and not before. */
export function watch(watched: Watched, registers: Registry[]): void {
  /** @param aggregator what the processes of one port make of their values */
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    aggregator: Aggregator,
    look: (gauge: Gauge) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      aggregator,
      registers,
      collect() {
        look(this);
      },
    });
  gauge(
    'dlnuf_circuit_state',
    'The state that the circuit of each source is in: 1, the others 0',
    ['source', 'etat'],
    'max',
    (it) => {
      for (const [source, current] of watched.circuits()) {
        for (const etat of ETATS) it.set({ source, etat }, Number(etat === current));
      }
    },
  );
  gauge(
    'dlnuf_quota_left_calls',
    'Calls left in the current minute, as far as this process knows',
    ['bucket'],
    'min',
    (it) => {
      for (const [bucket, left] of watched.quotas()) it.set({ bucket }, left);
    },
  );
  gauge('dlnuf_quota_limit_calls', 'Calls a minute', ['bucket'], 'max', (it) => {
    for (const [bucket, , limit] of watched.quotas()) it.set({ bucket }, limit);
  });
  gauge('dlnuf_quota_waiting_calls', 'Calls that wait for their quota', [], 'sum', (it) =>
    it.set(watched.quotaWaiting()),
  );
  gauge('dlnuf_questions_under_way', 'Questions to sources under way', [], 'sum', (it) =>
    it.set(watched.asking()),
  );
  gauge('dlnuf_fleet_processes', 'Processes that share what is kept', [], 'max', (it) =>
    it.set(watched.fleet()),
  );
  gauge(
    'dlnuf_journal_open',
    'Whether the journal can be written: 1 or 0, and then no data is given',
    [],
    'min',
    (it) => it.set(Number(watched.journalIsOpen())),
  );
  // A gauge without labels is 0 until it is set, which would say that Redis is down.
  if (watched.redisIsWell() === null) return;
  gauge('dlnuf_redis_up', 'Whether Redis answers: 1 or 0; absent without Redis', [], 'min', (it) =>
    it.set(Number(watched.redisIsWell())),
  );
}

/** Jobs are read by the application, which opens after what is watched above. */
export function watchJobs(counts: () => JobCounts, registers: Registry[]): void {
  new Gauge({
    name: 'dlnuf_job_companies_under_way',
    help: 'Companies of jobs that are being collected',
    aggregator: 'sum',
    registers,
    collect() {
      this.set(counts().underWay);
    },
  });
  new Gauge({
    name: 'dlnuf_job_companies_left',
    help: 'Companies of all jobs that remain to be done; NaN while jobs cannot be read',
    aggregator: 'max',
    registers,
    collect() {
      this.set(counts().left ?? Number.NaN);
    },
  });
}
