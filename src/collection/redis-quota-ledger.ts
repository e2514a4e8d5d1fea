import type { Fleet } from '../fleet/fleet.ts';
import type { RedisLink } from '../fleet/redis-link.ts';
import { QUOTAS, type Quota } from '../sources/source.ts';
import { createMemoryQuotaLedger } from './memory-quota-ledger.ts';
import { BUCKETS, type Place, type QuotaLedger, type Reservation } from './quota-ledger.ts';
import { type QuotaReply, type QuotaRequest, runQuotaScript } from './quota-script.ts';

export interface RedisQuotaLedgerOptions {
  link: RedisLink;
  fleet: Fleet;
  /** Of the sources' address and token, whose quotas these are; the token itself has no place in a key. */
  digest: string;
}

/** The share of a limit from which on each process tells the others what is reserved. */
const TELLING_SHARE = 0.1;
/** Processes whose clocks are minutes off do not make the others forget. */
const KEPT_WINDOWS = 5;

interface Claim {
  reservation: Reservation;
  resolve(place: Place | null): void;
}

/**
 * One count for all processes. Each keeps in memory what Redis told it last: when Redis is away it goes on
 * from there, every call counted once for each process, since they cannot consult each other.
 */
export function createRedisQuotaLedger({ link, fleet, digest }: RedisQuotaLedgerOptions): QuotaLedger {
  const memory = createMemoryQuotaLedger();
  const topic = `quota:${digest}`;
  const claims = new Map<Quota, Claim[]>();
  /** How many times Redis may have missed or lost something. */
  let losses = 0;
  /** After how many of these each bucket was last told all that this process knows. */
  const toldAfter = Object.fromEntries(BUCKETS.map((bucket) => [bucket, 0])) as Record<Quota, number>;
  let oldest = 0;
  /** The most processes seen in this window and the one before: a busy one is not heard for a moment. */
  let strengths = { window: 0, before: 1, now: 1 };

  /** Undefined when Redis is away. */
  async function exchange(bucket: Quota, asked: Partial<QuotaRequest>): Promise<QuotaReply | undefined> {
    const reply = await exchangeOnce(bucket, asked);
    if (reply !== null) return reply;
    losses++;
    return (await exchangeOnce(bucket, asked)) ?? undefined;
  }

  /** Null when Redis has lost the bucket. */
  async function exchangeOnce(bucket: Quota, asked: Partial<QuotaRequest>) {
    const lossesBefore = losses;
    const told = toldAfter[bucket] < losses ? allOf(bucket) : summaryOf(bucket);
    const usages = [...told.usages, ...(asked.usages ?? [])];
    const key = `dlnuf:quota:{${digest}:${bucket}}`;
    const reply = await link.run((redis) => runQuotaScript(redis, key, { ...told, ...asked, usages }));
    if (!reply) {
      if (reply === undefined) losses++;
      return reply;
    }
    measure(oldest);
    memory.adopt(bucket, reply.state, losses > lossesBefore);
    toldAfter[bucket] = lossesBefore;
    return reply;
  }

  /** Only while Redis answers: without it the others are not heard, but there. */
  function measure(window: number): void {
    if (window !== strengths.window) strengths = { window, before: strengths.now, now: 1 };
    strengths.now = Math.max(strengths.now, fleet.size());
  }

  /** Where there are more processes than calls, the last of them make none. */
  function reserveAlone(reservation: Reservation): Place | null {
    if (fleet.rank() >= memory.known(reservation.bucket).limit) return null;
    return memory.reserve(reservation, Math.max(strengths.before, strengths.now, fleet.size()));
  }

  function summaryOf(bucket: Quota): QuotaRequest {
    const { limit, open, counts } = memory.known(bucket);
    const isCounted = counts.size > 0;
    return { limit, isLearnt: false, open, oldest, usages: [], released: [], reservations: [], isCounted };
  }

  function allOf(bucket: Quota): QuotaRequest {
    const { limit, counts } = memory.known(bucket);
    const usages = [...counts].map(([window, used]) => ({ window, used, inFlight: 0 }));
    const isLearnt = limit !== QUOTAS[bucket].perMinute;
    return { ...summaryOf(bucket), isLearnt, usages, isCounted: false };
  }

  /** One exchange at a time for all the calls of a dossier, and for what is claimed while it is under way. */
  async function reserveTogether(bucket: Quota, waiting: Claim[]): Promise<void> {
    claims.set(bucket, waiting);
    await null;
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      const reservations = batch.map(({ reservation }) => reservation);
      const reply = await exchange(bucket, { reservations });
      const places = reply?.places ?? reservations.map(reserveAlone);
      if (reply) tell(bucket, places);
      batch.forEach(({ resolve }, i) => {
        resolve(places[i] ?? null);
      });
    }
    claims.delete(bucket);
  }

  /** So that without Redis all go on from the same count. As many words as the limit allows calls, at most. */
  function tell(bucket: Quota, places: (Place | null)[]): void {
    const { limit, counts } = memory.known(bucket);
    for (const window of new Set(places.flatMap((place) => (place ? [place.first, place.last] : [])))) {
      const used = counts.get(window) ?? 0;
      if (used > limit * TELLING_SHARE) fleet.announce(topic, `${bucket} ${window} ${used}`);
    }
  }

  /**
   * A bucket alone is one that has changed otherwise than by a reservation. Whoever reserves may do so in a
   * Redis that has lost what this process knows.
   */
  function hear(message: string): void {
    const [name, window, used] = message.split(' ');
    const bucket = BUCKETS.find((one) => one === name);
    if (!bucket) return;
    if (window === undefined || toldAfter[bucket] < losses) void exchange(bucket, {});
    else memory.learn(bucket, { usage: { window: Number(window), used: Number(used), inFlight: 0 } });
  }

  fleet.on(topic, hear);
  fleet.onRestored(() => {
    losses++;
    for (const bucket of BUCKETS) void exchange(bucket, {});
  });

  return {
    reserve(reservation) {
      const { bucket, windows } = reservation;
      oldest = windows.first - KEPT_WINDOWS;
      return new Promise((resolve) => {
        const waiting = claims.get(bucket);
        if (waiting) waiting.push({ reservation, resolve });
        else void reserveTogether(bucket, [{ reservation, resolve }]);
      });
    },
    async release(bucket, place) {
      const released = place.first === place.last ? [place.first] : [place.first, place.last];
      if (!(await exchange(bucket, { released }))) memory.release(bucket, place);
    },
    async learn(bucket, lesson) {
      const { limit, open, usage } = lesson;
      const told = await exchange(bucket, {
        ...(limit !== undefined && { limit, isLearnt: true }),
        ...(open !== undefined && { open: Math.max(open, memory.known(bucket).open) }),
        ...(usage && { usages: [usage] }),
      });
      if (!told) memory.learn(bucket, lesson);
      else if (limit !== undefined || open !== undefined) fleet.announce(topic, bucket);
    },
    known: memory.known,
    onChanged: memory.onChanged,
  };
}
